/**
 * Programs of a *sandbox* board, as shell scripts: they say what its folder holds. Those of `mini-systemd.ts` are asked
 * for everything else.
 */
export const boardPrograms: Readonly<Record<string, string>> = {
  uname: `#!/bin/sh
read -r name kernel <"$PILOTHOUSE_ROOT/etc/sandbox/kernel"
out=
case \${1:--s} in -a) set -- -snrm ;; esac
for word; do
  word=\${word#-}
  while [ -n "$word" ]; do
    rest=\${word#?}
    case \${word%"$rest"} in
      s) part=Linux ;; n) part=$name ;; r) part=$kernel ;; m) part=aarch64 ;; v) part='#1 SMP' ;; *) part= ;;
    esac
    out="$out\${out:+ }$part"
    word=$rest
  done
done
echo "\${out:-Linux}"
`,
  getconf: `#!/bin/sh
echo 64
`,
  date: `#!/bin/sh
offset=$(cat "$PILOTHOUSE_ROOT/etc/sandbox/clock-offset")
case $* in
  '+%s %N') set -- $(/bin/date '+%s %N'); echo "$(($1 + offset)) $2" ;;
  *) exec /bin/date "$@" ;;
esac
`,
  id: `#!/bin/sh
case $1 in -u) echo 1000 ;; -un) echo pilot ;; *) echo 'uid=1000(pilot) gid=1000(pilot) groups=1000(pilot),4(adm),27(sudo)' ;; esac
`,
  whoami: `#!/bin/sh
echo pilot
`,
  hostname: `#!/bin/sh
read -r name kernel <"$PILOTHOUSE_ROOT/etc/sandbox/kernel"; echo "$name"
`,
  df: `#!/bin/sh
cat "$PILOTHOUSE_ROOT/etc/sandbox/df"
`,
  ip: `#!/bin/sh
cat "$PILOTHOUSE_ROOT/etc/sandbox/ip"
`,
  ps: `#!/bin/sh
cat "$PILOTHOUSE_ROOT/etc/sandbox/ps"
`,
  uptime: `#!/bin/sh
read -r up idle <"$PILOTHOUSE_ROOT/proc/uptime"; read -r a b c rest <"$PILOTHOUSE_ROOT/proc/loadavg"
echo " up $((\${up%.*} / 86400)) days, 1 user, load average: $a, $b, $c"
`,
  free: `#!/bin/sh
cat "$PILOTHOUSE_ROOT/proc/meminfo"
`,
  vcgencmd: `#!/bin/sh
cat "$PILOTHOUSE_ROOT/etc/sandbox/throttled"
`,
  // Its registry, and what it has pulled, are a line an image: what it is called, and for which architectures.
  docker: `#!/bin/sh
E=$PILOTHOUSE_ROOT/etc/sandbox
verb=$1 about=$2 form=$4
for image; do :; done
made() { awk -v name="$image" '$1 == name { print $2; exit }' "$E/$1" 2>/dev/null | grep .; }
case $verb/$about in
  image/inspect)
    made=$(made images) || exit 1
    printf '%s\\n' "$form" | sed "s/{{.Os}}/linux/; s/{{.Architecture}}/$made/" ;;
  manifest/inspect)
    made=$(made registry) || { echo "no such manifest: $image" >&2; exit 1; }
    printf '%s\\n' "$made" | tr , '\\n' | sed 's/.*/{"Descriptor":{"platform":{"architecture":"&","os":"linux"}}}/' | paste -sd, - | sed 's/.*/[&]/' ;;
  pull/*)
    made=$(made registry) || { echo "manifest for $image not found" >&2; exit 1; }
    case ,$made, in *,arm64,*) made=arm64 ;; *) made=\${made%%,*} ;; esac
    echo "$image $made" >>"$E/images" ;;
  run/*) echo "a container (sandbox)"; while :; do sleep 600; done ;;
  rm/*) exit 0 ;;
  *) cat "$E/containers" ;;
esac
`,
  systemctl: `#!/bin/sh
units=$PILOTHOUSE_ROOT/etc/sandbox/units
case $1 in
  is-system-running)
    if grep -q ' failed ' "$units"; then echo degraded; exit 1; else echo running; fi ;;
  --version) echo 'systemd 252 (252.31-sandbox)' ;;
  list-units | --failed)
    case $* in *failed*) grep ' failed ' "$units" ;; *) cat "$units" ;; esac
    for file in "$PILOTHOUSE_ROOT"/etc/systemd/system/*.service; do
      [ -f "$file" ] || continue
      name=\${file##*/}
      state=$("$PILOTHOUSE_ROOT/sandbox-bin/systemctl" is-active "$name")
      case $*:$state in *failed*:failed | *list-units*--all*--type*:*)
        printf '%s loaded %s %s %s\\n' "$name" "$state" "$([ "$state" = active ] && echo running || echo dead)" "$(sed -n 's/^Description=//p' "$file")" ;;
      esac
    done ;;
  *) exec "$PILOTHOUSE_ROOT/sandbox-bin/systemctl" "$@" ;;
esac
`,
  // The journal is one file of what `journalctl -o json` prints; a cursor ends in the number of its line.
  journalctl: `#!/bin/sh
journal=$PILOTHOUSE_ROOT/var/log/journal.jsonl
lines=200 follow= after= unit= worst=7 json=
case $* in *--output=json*) json=yes ;; esac
if [ -z "$json" ] && [ "$1" = -u ]; then exec "$PILOTHOUSE_ROOT/sandbox-bin/journalctl" "$@"; fi
for word; do
  case $word in
    --follow | -f) follow=yes ;;
    --lines=all) lines=1000000 ;;
    --lines=*) lines=\${word#*=} ;;
    --after-cursor=*) after=\${word##*i=} ;;
    --unit=*) unit=\${word#*=} ;;
    --priority=*) worst=\${word#*=} ;;
  esac
done
chosen() {
  case $unit in '') grep "\\"PRIORITY\\":\\"[0-$worst]\\"" ;; *) grep -F "\\"_SYSTEMD_UNIT\\":\\"$unit\\"" | grep "\\"PRIORITY\\":\\"[0-$worst]\\"" ;; esac
}
shown() { if [ "$json" ]; then cat; else sed 's/.*"MESSAGE":"\\([^"]*\\)".*/\\1/'; fi; }
# Of a line that is still being written nothing is shown: wc counts line ends.
total=$(wc -l <"$journal"); total=$((total))
from=$((\${after:-0} + 1))
[ "$total" -ge "$from" ] && sed -n "$from,\${total}p" "$journal" | chosen | tail -n "$lines" | shown
while [ "$follow" ]; do
  sleep 0.2
  now=$(wc -l <"$journal"); now=$((now))
  [ "$now" -gt "$total" ] && sed -n "$((total + 1)),\${now}p" "$journal" | chosen | shown
  total=$now
done
exit 0
`,
}

/** Programs of the machine under the sandbox that no board has. */
export const notOnBoards: ReadonlySet<string> = new Set(['docker', 'podman', 'nerdctl', 'balena-engine', 'vcgencmd'])
