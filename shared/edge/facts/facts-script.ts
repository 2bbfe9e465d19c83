import { type Nonce, partedScript } from '../script.ts'

/** Characters of an answer that are read; a node that sends more is cut off. */
export const longestAnswer = 512 * 1024

/**
 * Everything about a node in one script and one answer. Most of it is read by the shell itself from \`/proc\` and
 * \`/sys\`, for a program costs a small board ten times as much as a file.
 *
 * \`privilege\` asks whether \`sudo -n\` works. It is not asked each time: sudo logs a refusal, and may send mail of it.
 */
export const factsScript = (nonce: Nonce, { privilege }: { readonly privilege: boolean }): string =>
  partedScript(
    nonce,
    `
say() { n=0; while [ "$n" -lt "\${2:-100}" ] && IFS= read -r l || [ -n "$l" ]; do printf '%s\\n' "$l"; l=; n=$((n + 1)); done <"$1"; }
sized() { [ -r "$1" ] && IFS= read -r v <"$1"; printf '%s' "$v"; v=; }
each() { for f in "$@"; do [ -r "$f" ] && printf '%s ' "\${f#"$R"}" && sized "$f" && echo; done; }
soon() { if has timeout; then timeout 5 "$@"; else "$@"; fi; }

# Before anything is sent: the first of the answer must come after it.
now=$(date '+%s %N'); part clock; printf '%s\\n' "$now"
part uname; uname -snrm
part version; say "$R/proc/version" 1
part bits; getconf LONG_BIT
part model
for f in "$R/proc/device-tree/model" "$R/sys/devices/virtual/dmi/id/product_name"; do
  if [ -r "$f" ]; then say "$f" 1; break; fi
done
part os
for f in "$R/etc/os-release" "$R/usr/lib/os-release"; do if [ -r "$f" ]; then say "$f" 60; break; fi; done
part uptime; say "$R/proc/uptime" 1
part boot; say "$R/proc/sys/kernel/random/boot_id" 1
part load; say "$R/proc/loadavg" 1
part cpu
sed -n '/^model name/p;/^Model/p;/^Hardware/p;/^CPU implementer/p;/^CPU part/p' "$R/proc/cpuinfo" | sort -u | head -n 40
part cpus; each "$R/sys/devices/system/cpu/online" "$R/sys/devices/system/cpu/isolated" \\
  "$R"/sys/devices/system/cpu/cpufreq/policy*/scaling_governor "$R/sys/kernel/realtime"
part memory; say "$R/proc/meminfo" 24
part mounts
set --
while read -r device at type options rest; do
  case $type in ext2|ext3|ext4|xfs|btrfs|f2fs|vfat|exfat|ntfs3|zfs|ubifs|jffs2|bcachefs|overlay) ;; *) continue ;; esac
  case $type:$at in overlay:/) ;; overlay:*) continue ;; esac
  case $at in *\\\\*) continue ;; esac
  [ "$#" -lt 24 ] || break
  printf '%s %s %s\\n' "$at" "$type" "$options"
  set -- "$@" "$at"
done <"$R/proc/mounts"
part disks; if [ "$#" -gt 0 ]; then soon df -Pk "$@"; else soon df -Pk /; fi
part heat
for zone in "$R"/sys/class/thermal/thermal_zone*; do
  [ -r "$zone/temp" ] && sized "$zone/type" && printf ' ' && sized "$zone/temp" && echo
done
part throttling
if has vcgencmd; then vcgencmd get_throttled; else each "$R/sys/devices/platform/soc/soc:firmware/get_throttled"; fi
for device in "$R"/sys/class/thermal/cooling_device*; do
  [ -r "$device/cur_state" ] || continue
  read -r type <"$device/type"
  case $type in *cpu*) printf 'cooling '; sized "$device/cur_state"; echo ;; esac
done
each "$R/sys/devices/system/cpu/cpu0/thermal_throttle/package_throttle_count"
part init; if [ -d "$R/run/systemd/system" ]; then echo systemd; else say "$R/proc/1/comm" 1; fi
part systemd
if has systemctl && [ -d "$R/run/systemd/system" ]; then
  systemctl is-system-running
  systemctl --version | head -n 1
fi
part failed
if has systemctl && [ -d "$R/run/systemd/system" ]; then
  systemctl list-units --all --state=failed --no-legend --plain --no-pager --full | head -n 100
fi
part containers
for engine in docker podman nerdctl balena-engine; do
  has "$engine" || continue
  printf '> %s\\n' "$engine"
  soon "$engine" ps --format '{{.Names}}|{{.Image}}|{{.Status}}' 2>&1 | head -n 100
done
part network
if has ip; then ip -o addr show | head -n 100; fi
part links; each "$R"/sys/class/net/*/operstate
part route; say "$R/proc/net/route" 20
part time; [ -e "$R/run/systemd/timesync/synchronized" ] && echo yes
part reboot
for f in "$R/run/reboot-required" "$R/var/run/reboot-required"; do
  if [ -e "$f" ]; then echo required; [ -r "$f.pkgs" ] && say "$f.pkgs" 20; break; fi
done
release=$(uname -r)
if [ -d "$R/lib/modules" ] && [ ! -d "$R/lib/modules/$release" ]; then
  for f in "$R"/lib/modules/*; do [ -d "$f" ] && echo "kernel \${f##*/}"; done | head -n 5
fi
part who; id -un; id -u
${privilege ? 'part sudo; if [ "$(id -u)" = 0 ]; then echo root; elif has sudo; then sudo -n true 2>&1 && echo yes; else echo none; fi' : ''}
`,
  )
