import { execFile } from 'node:child_process'
import { constants } from 'node:fs'
import { chmod, mkdir, open, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

/**
 * As much of systemd as a *sandbox* node needs, below a folder: units are read from `etc/systemd/system`, their
 * programs really run, are started again as `Restart=` says, and what they print is their journal. Not held: users,
 * limits and scheduling, which would need root. Programs find it first on their path.
 */
const systemctl = `#!/bin/sh
# Sandbox: a small stand-in for systemctl.
R=$PILOTHOUSE_ROOT S=$R/run/systemd U=$R/etc/systemd/system
[ -d "$S" ] || mkdir -p "$S"
quiet= property= verb= unit=
for word; do
  case $word in
    --quiet) quiet=yes ;;
    --property=*) property=\${word#--property=} ;;
    -*) ;;
    *) if [ -z "$verb" ]; then verb=$word; else unit="$unit $word"; fi ;;
  esac
done
value() { if [ -f "$S/$1.$2" ] && read -r known <"$S/$1.$2"; then echo "$known"; else echo "$3"; fi 2>/dev/null; }
# One that has ended and that nobody has asked about yet (a zombie) does not run.
runs() { [ -n "$1" ] && [ -r "/proc/$1/stat" ] && case $(cat "/proc/$1/stat" 2>/dev/null) in *') Z '* | '') false ;; esac; }
alive() { [ -f "$S/$1.pid" ] && runs "$(cat "$S/$1.pid")"; }
active() {
  case $1 in *.timer) alive "$1"; return ;; esac
  alive "$1" || { [ "$(value "$1" state)" = active ] && echo failed >"$S/$1.state"; return 1; }
  [ "$(value "$1" state)" = active ]
}
halt() {
  if [ -f "$S/$1.pid" ]; then
    pid=$(cat "$S/$1.pid")
    rm -f "$S/$1.pid"
    main=$(value "$1" main '')
    kill -TERM "-$pid" 2>/dev/null
    while runs "$pid" || runs "$main"; do sleep 0.02; kill -KILL "-$pid" 2>/dev/null; done
  fi
  rm -f "$S/$1.main"
  case $1 in *.service) echo inactive >"$S/$1.state" ;; esac
}
launch() {
  [ -e "$U/$1" ] || { echo "Unit $1 not found." >&2; return 5; }
  rm -f "$S/$1.state" "$S/$1.main" "$S/$1.status"
  echo 0 >"$S/$1.restarts"
  # Waits until the other end of this pipe is closed: then its state is written.
  : "$(setsid "$R/sandbox-bin/mini-supervisor" "$1" 3>&1 </dev/null >/dev/null 2>&1 &)"
  case $(value "$1" status 0) in 200 | 203) return 1 ;; esac
}
case $verb in
  show)
    unit=\${unit# }
    if [ -n "$unit" ]; then active "$unit" && running=running || running=dead; fi
    for one in $(echo "$property" | tr , ' '); do
      case $one in
        Version) echo 'Version=252 (sandbox)' ;;
        ActiveState) echo "ActiveState=$(value "$unit" state inactive)" ;;
        SubState) echo "SubState=$running" ;;
        MainPID) echo "MainPID=$(value "$unit" main 0)" ;;
        NRestarts) echo "NRestarts=$(value "$unit" restarts 0)" ;;
        Result) echo "Result=$(value "$unit" result success)" ;;
        ExecMainStatus) echo "ExecMainStatus=$(value "$unit" status 0)" ;;
        CPUAffinity) echo "CPUAffinity=$(sed -n 's/^CPUAffinity=//p' "$U/$unit" 2>/dev/null)" ;;
        *) echo "$one=" ;;
      esac
    done ;;
  is-active)
    for one in $unit; do
      if active "$one"; then [ "$quiet" ] || echo active; else [ "$quiet" ] || value "$one" state inactive; exit 3; fi
    done ;;
  stop) for one in $unit; do halt "$one"; done ;;
  start) for one in $unit; do active "$one" || launch "$one" || exit 1; done ;;
  restart) for one in $unit; do halt "$one"; launch "$one" || { echo "Job for $one failed." >&2; exit 1; }; done ;;
  reset-failed | daemon-reload | enable | disable) ;;
  *) echo "systemctl $verb is not part of the sandbox" >&2; exit 1 ;;
esac
`

/** Runs the program of a unit, again and again where the unit says so; its process group is the unit. */
const supervisor = `#!/bin/sh
R=$PILOTHOUSE_ROOT S=$R/run/systemd unit=$1
file=$R/etc/systemd/system/$unit
of() {
  found=
  while IFS= read -r line; do case $line in "$1"=*) found=\${line#*=} ;; esac; done <"$file"
  echo "$found"
}
# systemd.syntax(7) by the shell's own quotes
plain() { sed -e 's/\`/\\\\\`/g' -e 's/\\$\\$/\\\\$/g' -e 's/%%/%/g'; }
echo $$ >"$S/$unit.pid"
cd "$(of WorkingDirectory)" 2>/dev/null || { echo exit-code >"$S/$unit.result"; echo 200 >"$S/$unit.status"; echo failed >"$S/$unit.state"; exit 1; }
# A program that is not there fails the start, as Type=exec does.
eval "set -- $(of ExecStart | plain)"
eval "$(sed -n 's/^Environment=/export /p' "$file" | sed 's/\\$/$$/g' | plain)"
if [ ! -x "$1" ] && ! command -v "$1" >/dev/null 2>&1; then
  echo "$unit: Failed to locate executable $1" >>"$S/$unit.log"
  echo exit-code >"$S/$unit.result"; echo 203 >"$S/$unit.status"; rm -f "$S/$unit.pid"; echo failed >"$S/$unit.state"
  exit 1
fi
restart=$(of Restart) count=0 leash=
while :; do
  "$@" >>"$S/$unit.log" 2>&1 3>&- &
  child=$!
  echo "$child" >"$S/$unit.main"
  echo active >"$S/$unit.state"
  # It is said to whoever has started it.
  exec 3>&-
  [ "$leash" ] || { "$R/sandbox-bin/leash" $$ & leash=$!; }
  wait "$child"
  status=$?
  echo "$status" >"$S/$unit.status"
  if [ "$status" = 0 ]; then echo success >"$S/$unit.result"; else echo exit-code >"$S/$unit.result"; fi
  case $restart/$status in
    always/* | on-failure/[1-9]*) ;;
    */0) echo inactive >"$S/$unit.state"; break ;;
    *) echo failed >"$S/$unit.state"; break ;;
  esac
  count=$((count + 1))
  # As systemd's start limit: five starts in ten seconds.
  if [ "$count" -ge 5 ]; then echo failed >"$S/$unit.state"; break; fi
  echo activating >"$S/$unit.state"
  echo "$count" >"$S/$unit.restarts"
  sleep 0.1
done
kill "$leash"
rm -f "$S/$unit.pid"
`

/** Ends a process group as soon as nobody holds the node's \`owner\` open: an app that was killed leaves nothing running. */
const leash = `#!/bin/sh
owner=$PILOTHOUSE_ROOT/run/owner
[ -p "$owner" ] || exit 0
# Opened both ways first: to open it for reading alone would wait for an owner who may be gone already.
exec 8<>"$owner" 9<"$owner" 8<&- </dev/null >/dev/null 2>&1
read -r _ <&9
kill -KILL "-$1"
`

const systemdRun = `#!/bin/sh
S=$PILOTHOUSE_ROOT/run/systemd
mkdir -p "$S"
while [ $# -gt 0 ]; do
  case $1 in
    --on-active=*) delay=\${1#*=} ;;
    --unit=*) unit=\${1#*=} ;;
    --setenv=*) export "\${1#*=}" ;;
    -*) ;;
    *) break ;;
  esac
  shift
done
export S unit delay
if [ -f "$S/$unit.timer.pid" ]; then
  [ ! -r "/proc/$(cat "$S/$unit.timer.pid")/stat" ] || { echo "Unit $unit.timer was already loaded." >&2; exit 1; }
  rm -f "$S/$unit.timer.pid"
fi
: "$(setsid sh -c 'echo $$ >"$S/$unit.timer.pid"; exec 3>&-; "$PILOTHOUSE_ROOT/sandbox-bin/leash" $$ & sleep "$delay"; kill $!; rm -f "$S/$unit.timer.pid"; exec "$@"' sh "$@" 3>&1 </dev/null >/dev/null 2>&1 &)"
`

const journalctl = `#!/bin/sh
count=1000
while [ $# -gt 0 ]; do
  case $1 in
    -u) unit=$2; shift ;;
    -n) count=$2; shift ;;
  esac
  shift
done
tail -n "$count" "$PILOTHOUSE_ROOT/run/systemd/$unit.log" 2>/dev/null
exit 0
`

const sudo = `#!/bin/sh
while :; do case $1 in -*) shift ;; *) break ;; esac; done
exec "$@"
`

/** A board says that it has more processors than the machine below it may have: which of them is used is not held. */
const scheduled = `#!/bin/sh
shift 2
exec "$@"
`

const uname = `#!/bin/sh
if [ "$1" = -m ]; then echo aarch64; else exec /usr/bin/uname "$@"; fi
`

/** Puts the stand-ins into `root` and gives the environment under which the node's shell runs. */
export async function installMiniSystemd(
  root: string,
): Promise<{ readonly PILOTHOUSE_ROOT: string; readonly PATH: string }> {
  const bin = join(root, 'sandbox-bin')
  await mkdir(bin, { recursive: true })
  await mkdir(join(root, 'etc/systemd/system'), { recursive: true })
  await mkdir(join(root, 'opt'), { recursive: true })
  const tools = {
    systemctl,
    'mini-supervisor': supervisor,
    leash,
    'systemd-run': systemdRun,
    journalctl,
    sudo,
    uname,
    taskset: scheduled,
    chrt: scheduled,
  }
  for (const [name, text] of Object.entries(tools)) {
    await writeFile(join(bin, name), text)
    await chmod(join(bin, name), 0o755)
  }
  return { PILOTHOUSE_ROOT: root, PATH: `${bin}:/usr/bin:/bin:/usr/sbin:/sbin` }
}

/** What runs as a unit below `root` ends with whoever holds this: with its disposal, or with the process, however it ends. */
export async function ownNode(root: string): Promise<AsyncDisposable> {
  const owner = join(root, 'run/owner')
  await mkdir(join(root, 'run'), { recursive: true })
  await rm(owner, { force: true })
  await promisify(execFile)('mkfifo', [owner])
  // Both ways, so that it waits for nobody; programs that are started do not inherit it.
  const held = await open(owner, constants.O_RDWR | constants.O_NONBLOCK)
  return { [Symbol.asyncDispose]: () => held.close() }
}
