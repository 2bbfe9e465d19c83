import { quoteForShell } from '../edge/quote-for-shell.ts'

/** What a node is asked to do; the arguments of each stand beside it in {@link script}. */
export type NodeVerb =
  | 'look'
  | 'stage'
  | 'receive'
  | 'image'
  | 'pull'
  | 'activate'
  | 'confirm'
  | 'revert'
  | 'discard'
  | 'measure'
  | 'remove'

/**
 * The command line that does one step on a node. The whole program travels with it, so a node needs nothing of ours;
 * `sudo -n` is put before it where the one who signs in is not root.
 */
export function nodeCommand(verb: NodeVerb, parameters: readonly string[], asRoot: boolean, nonce: string): string {
  const shell = quoteForShell(['sh', '-c', script, 'pilothouse', nonce, verb, ...parameters])
  return asRoot ? shell : `sudo -n ${shell}`
}

/**
 * The lines a step said: those after a line that only it can write, so that the noise of a profile is none of them.
 * Null where that line never came.
 */
export function linesOfStep(answer: string, nonce: string): readonly string[] | null {
  const lines = answer.split('\n')
  const from = lines.indexOf(`@${nonce}`)
  return from < 0 ? null : lines.slice(from + 1).filter(line => line !== '')
}

/**
 * Puts the release back that ran before, unless the new one was confirmed. It lies on the node, so that it needs no
 * link: a timer runs it, and so does the next start of the node. Whoever renames `pending` first decides: this or the
 * confirmation, never both.
 */
const revertScript = `#!/bin/sh
# revert REASON [boot]
set -u
PATH=$PATH:/usr/sbin:/sbin
home=$(cd "$(dirname "$0")" && pwd) || exit 1
service=\${home##*/}
unit=pilothouse-$service.service
cd "$home" || exit 1
[ -f reverting ] || mv pending reverting 2>/dev/null || exit 0
read -r digest before deadline <reverting
if [ "$before" = none ]; then
  [ "\${2-}" = boot ] || systemctl stop "$unit" >/dev/null 2>&1
  rm -f "$UNITS/multi-user.target.wants/$unit" "$UNITS/$unit" current
  systemctl daemon-reload
else
  ln -sfn "releases/$before" .current.revert && mv -T -f .current.revert current
  systemctl daemon-reload
  if [ "\${2-}" != boot ]; then
    systemctl reset-failed "$unit" >/dev/null 2>&1
    systemctl restart "$unit"
  fi
fi
printf '%s %s %s\\n' "$digest" "$1" "$(date +%s)" >.last-revert.new && mv -f .last-revert.new last-revert
rm -f reverting
[ "\${2-}" = boot ] || systemctl stop "pilothouse-$service-revert.timer" >/dev/null 2>&1
exit 0
`

/**
 * `PILOTHOUSE_ROOT` is the root of the file system: empty on a real node, a folder on a sandbox node. On a small board each
 * program that is started costs more than what it does: the shell does itself what it can.
 */
const script = `set -u
umask 022
LC_ALL=C
R=\${PILOTHOUSE_ROOT-}
PATH=$PATH:$R/usr/sbin:$R/sbin:$R/usr/local/bin
export LC_ALL PATH
trap '' HUP PIPE
base=\${PILOTHOUSE_ROOT-}/opt/pilothouse
UNITS=\${PILOTHOUSE_ROOT-}/etc/systemd/system
export UNITS
verb=$2
say() { printf '%s\\n' "$*"; }
say "
@$1"
shift 2
fail() { say "error $*"; exit 1; }
sort_out() {
  case $1 in
    *'No space left'*|*'Disk quota'*|*'File too large'*|*'size limit'*) fail disk-full "$2" ;;
    *'Read-only file system'*) fail read-only "$2" ;;
    *'Permission denied'*|*'Operation not permitted'*) fail denied "$2" ;;
    *) fail step "$2" $1 ;;
  esac
}
try() {
  what=$1
  shift
  problem=$("$@" 2>&1 >/dev/null) || sort_out "$problem" "$what"
}
use() {
  service=$1
  home=$base/$service
  unit=pilothouse-$service.service
  watch=pilothouse-$service-revert
}
current() { current=$(readlink "$home/current" 2>/dev/null); current=\${current##*/}; }
size() { size=0; [ ! -f "$1" ] || size=$(($(wc -c <"$1"))); }
free() {
  { read -r _; read -r _ _ _ free _; } <<FREE
$(df -Pk "$1")
FREE
}
clear_away() {
  for left; do
    if [ -e "$left" ] || [ -L "$left" ]; then rm -rf "$@"; return; fi
  done
}
show() {
  # What systemd says of the unit, asked at once: on a small board each question costs a tenth of a second.
  active= sub= pid= restarts= result= status= affinity=
  while IFS='=' read -r key value; do
    case $key in
      ActiveState) active=$value ;;
      SubState) sub=$value ;;
      MainPID) pid=$value ;;
      NRestarts) restarts=$value ;;
      Result) result=$value ;;
      ExecMainStatus) status=$value ;;
      CPUAffinity) affinity=$value ;;
    esac
  done <<SHOWN
$(systemctl show "$unit" --property=ActiveState,SubState,MainPID,NRestarts,Result,ExecMainStatus,CPUAffinity 2>/dev/null)
SHOWN
}
choose_sum() {
  # openssl has the processor's own instructions for it; where it is as it should be.
  sum=sha256sum
  case $(openssl dgst -sha256 -r </dev/null 2>/dev/null) in e3b0c44298fc1c14*) sum='openssl dgst -sha256 -r' ;; esac
}
named() { sed -e 's/^[^ ]* [^ ]* //' -e 's/./\\\\&/g' .pilothouse/manifest; }
sums() {
  # SHA-256 and name of the files named on standard input, for xargs; each line once more through sed.
  xargs $sum 2>/dev/null | sed -e '/^\\\\/{s/^.//;s/\\\\\\\\/\\\\/g;}' -e 's/ [ *]/  /' -e "$1"
}
tell() {
  # tell WORD FILE: each line of a small file of the current release
  [ -f "$home/current/$2" ] || return 0
  while IFS= read -r line; do say "$1 $line"; done <"$home/current/$2"
}
has() { command -v "$1" >/dev/null 2>&1; }
settle() {
  # What an attempt left that was never confirmed: its timer is let run out, or, where there is none, done here.
  if [ -f "$home/reverting" ] || [ -f "$home/pending" ]; then
    if systemctl is-active --quiet "$watch.timer" || systemctl is-active --quiet "$watch.service"; then
      read -r digest before deadline <"$home/pending" 2>/dev/null || deadline=0
      fail pending "$((deadline - $(date +%s)))"
    fi
    sh "$home/revert" interrupted || fail step revert
  fi
}
switch_to() {
  clear_away "$home"/.current.*
  try "$home/current" ln -s "releases/$1" "$home/.current.$$"
  try "$home/current" mv -T -f "$home/.current.$$" "$home/current"
}
put() {
  # put FILE TEXT: whole or not at all, and only where it is another
  [ -f "$1" ] && [ "$(cat "$1")" = "$2" ] && return
  say "$2" >"$1.new.$$" || { rm -f "$1.new.$$"; fail disk-full "$1"; }
  try "$1" mv -f "$1.new.$$" "$1"
}
# What else is to be written there, by whomever, is not waited for.
to_disk() { sync -f "$home" "$UNITS" 2>/dev/null || sync; }
probe() {
  case $1 in
    none) return 0 ;;
    exec) shift; "$@" >/dev/null 2>&1 ;;
    tcp)
      if has bash; then timeout 5 bash -c 'exec 3<>"/dev/tcp/127.0.0.1/$1"' sh "$2" 2>/dev/null
      elif has nc; then nc -z -w 5 127.0.0.1 "$2" >/dev/null 2>&1
      else fail no-probe 'bash or nc'; fi ;;
    http)
      if has curl; then curl -fsS -o /dev/null -m 5 "http://127.0.0.1:$2$3" 2>/dev/null
      elif has wget; then wget -q -O /dev/null -T 5 "http://127.0.0.1:$2$3" 2>/dev/null
      elif has bash; then timeout 5 bash -c 'exec 3<>"/dev/tcp/127.0.0.1/$1" || exit 1
printf "GET %s HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n" "$2" >&3; read -r _ code _ <&3; case $code in [23]??) exit 0;; esac; exit 1' sh "$2" "$3" 2>/dev/null
      else fail no-probe 'curl, wget or bash'; fi ;;
  esac
}
journal() { journalctl -u "$unit" -n "$1" --no-pager -o cat 2>/dev/null | tail -n "$1" | sed 's/^/journal /'; }
if [ "$verb" != look ]; then
  use "$1"
  shift
fi
case $verb in
look)
  say "machine $(uname -m)"
  say "uid $(id -u)"
  say "base $base"
  version=$(systemctl show --property=Version 2>/dev/null)
  say "systemd \${version#Version=}"
  for tool in gzip sha256sum systemd-run readlink tail head mv zstd cyclictest podman docker; do has "$tool" && say "tool $tool"; done
  near=$base
  while [ ! -d "\${near:=/}" ]; do near=\${near%/*}; done
  free "$near"
  say "free $free"
  for found in "$base"/*/releases; do
    [ -d "$found" ] || continue
    found=\${found%/releases}
    say "found \${found##*/}"
  done
  sum=
  for name; do
    use "$name"
    say "service $name"
    current
    say "current $current"
    [ -f "$home/pending" ] && say "pending $(cat "$home/pending")"
    [ -f "$home/reverting" ] && say "pending $(cat "$home/reverting")"
    [ -f "$home/last-revert" ] && say "reverted $(cat "$home/last-revert")"
    show
    say "state $active $sub"
    say "affinity $affinity"
    [ "$(readlink "$UNITS/$unit" 2>/dev/null)" = "$home/current/$unit" ] && say linked
    [ -d "$home/incoming" ] && say "incoming $(ls "$home/incoming" | tr '\\n' ' ')"
    for kept in "$home"/releases/*; do [ -d "$kept" ] && say "release \${kept##*/}"; done
    [ -d "$home/current" ] || continue
    tell about .pilothouse/about
    sed 's/^/manifest /' "$home/current/.pilothouse/manifest" 2>/dev/null
    [ -n "$sum" ] || choose_sum
    (cd "$home/current" && named 2>/dev/null | sums 's/^/actual /')
    tell unit "$unit"
  done ;;
stage)
  # stage SERVICE DIGEST NEEDED-KB
  for tool in gzip sha256sum systemd-run readlink; do has "$tool" || fail no-tool "$tool"; done
  try "$home" mkdir -p "$home/releases" "$home/incoming"
  settle
  for other in "$home"/incoming/*; do [ "$other" = "$home/incoming/$1" ] || clear_away "$other"; done
  clear_away "$home"/.current.* "$home"/*.new.*
  if [ -d "$home/releases/$1" ]; then clear_away "$home/incoming/$1"; say have; exit 0; fi
  free "$home"
  [ "$free" -gt "$2" ] || fail disk-full "$home" "$2" "$free"
  # A line that was cut may still be at work here: it goes on where nobody looks, and what it got is copied.
  old=$home/incoming/left.$$
  [ ! -d "$home/incoming/$1" ] || mv "$home/incoming/$1" "$old" 2>/dev/null
  try "$home/incoming/$1" mkdir -p "$home/incoming/$1"
  cd "$home/incoming/$1" || fail step stage
  for pack in "$old"/pack.*; do
    [ -f "$pack" ] && { cp "$pack" . 2>/dev/null || rm -f "\${pack##*/}"; }
  done
  clear_away "$old"
  for pack in pack.*; do
    [ -f "$pack" ] || continue
    size "$pack"
    say "part \${pack#pack.} $size"
  done
  if [ -f "$home/current/.pilothouse/blocks" ]; then
    current
    say "blocks $current"
    gzip -c "$home/current/.pilothouse/blocks" | od -An -v -tx1 | tr -d ' \\n'
    say ''
  fi ;;
receive)
  # receive SERVICE DIGEST PACK OFFSET SIZE STEPS BASE UNPACK HOW BYTES: the pack from OFFSET on follows on standard input. Once
  # it is whole, its last STEPS bytes say how the release is put together. Paths are relative: see stage.
  digest=$1 pack=pack.$2
  cd "$home/incoming/$digest" 2>/dev/null || fail moved
  at() { [ -d "\${1%/*}" ] || mkdir -p "\${1%/*}"; }
  mode() { [ "$1" = 644 ] || chmod "$1" "$2"; }
  drop() { rm -rf ./*; rmdir "$home/incoming/$digest" 2>/dev/null; }
  size "$pack"
  [ "$size" = "$3" ] || { drop; fail moved; }
  for other in pack.*; do [ "$other" = "$pack" ] || clear_away "$other"; done
  problem=$( { case $8 in plain) cat ;; gzip) gzip -dc ;; zstd) zstd -dcq ;; esac >>"$pack"; } 2>&1 ) || case $problem in
    *'unexpected end'* | *'premature end'*) ;;
    *) drop; sort_out "$problem" "$home/incoming/$digest" ;;
  esac
  size "$pack"
  if [ "$size" != "$4" ]; then say "part $size"; exit 0; fi
  clear_away tree
  try "$home/incoming/$digest" mkdir -p tree/.pilothouse
  problem=$( {
    tail -c "$5" "$pack" >steps
    while read -r step first rest; do
      case $step in
        f) target=tree/$rest; at "$target" && : >"$target" && mode "$first" "$target" || exit 1 ;;
        t) while [ "$first" -gt 0 ] && IFS= read -r line; do say "$line" || exit 1; first=$((first - 1)); done >>"$target" ;;
        l) tail -c "+$((first + 1))" "$pack" 2>/dev/null | head -c "$rest" >>"$target" || exit 1 ;;
        c) tail -c "+$((first + 1))" "$home/releases/$6/\${rest#* }" 2>/dev/null | head -c "\${rest%% *}" >>"$target" || exit 1 ;;
        m) target=tree/\${rest#* }; dd if=/dev/null of="$pack" bs=1 seek="$first" 2>/dev/null && at "$target" && mode "\${rest%% *}" "$pack" && mv -f "$pack" "$target" || exit 1 ;;
      esac
    done <steps
  } 2>&1 ) || { drop; sort_out "$problem" "$home/incoming/$digest"; }
  # To start openssl takes as long as to read some megabytes.
  sum=sha256sum
  [ "$9" -lt 4000000 ] || choose_sum
  { sed 's/^\\([0-9a-f]*\\) [0-7]* /\\1  /' tree/.pilothouse/manifest; say "$digest  .pilothouse/manifest"; } >wanted
  (cd tree && { named; say .pilothouse/manifest; } | sums '') >actual
  if ! cmp -s wanted actual; then
    wrong=$(grep -vxFf actual wanted | cut -c67-)
    drop
    fail digest "$wrong"
  fi
  if [ "$7" = yes ]; then
    problem=$(tar -xf tree/.pilothouse/artifact.tar -C tree 2>&1) || { drop; sort_out "$problem" "$home/incoming/$digest"; }
  fi
  # On the disk before it has its name: whoever finds that may rely on it, whenever the power fails.
  to_disk
  [ -d "$home/releases/$digest" ] || try "$home/releases" mv -T tree "$home/releases/$digest"
  drop
  say done ;;
image)
  # image SERVICE IMAGE: all that is told of what it is made for, without pulling it
  tool=$(command -v podman || command -v docker) || fail no-tool 'podman or docker'
  told() { answer=$("$@" 2>/dev/null </dev/null | tr -d '\\n' | head -c 1000000) && [ -n "$answer" ] && say "told $answer"; }
  if told "$tool" image inspect --format '{"os":"{{.Os}}","architecture":"{{.Architecture}}"}' "$1"; then exit 0; fi
  case $tool in
    */docker) told "$tool" manifest inspect --verbose "$1" ;;
    *) told "$tool" manifest inspect "$1" ;;
  esac
  has skopeo && told skopeo inspect --no-tags "docker://$1"
  exit 0 ;;
pull)
  # pull SERVICE IMAGE
  tool=$(command -v podman || command -v docker) || fail no-tool 'podman or docker'
  "$tool" image inspect "$1" >/dev/null 2>&1 || problem=$("$tool" pull "$1" 2>&1) || fail pull $(say "$problem" | tail -n 1)
  say "architecture $("$tool" image inspect --format '{{.Architecture}}' "$1")" ;;
activate)
  # activate SERVICE DIGEST WINDOW TIMEOUT STABLE PROBE…
  digest=$1 window=$2 timeout=$3 stable=$4
  shift 4
  settle
  [ -d "$home/releases/$digest" ] || fail moved
  current
  before=$current
  [ -n "$before" ] && [ -d "$home/releases/$before" ] || before=none
  put "$home/revert" @@REVERT@@
  wants=$UNITS/multi-user.target.wants
  [ -d "$wants" ] || try "$UNITS" mkdir -p "$wants"
  put "$UNITS/pilothouse-$service-guard.service" "# Made by Pilothouse: a release that was not confirmed before the node went down is put back before it starts again.
[Unit]
Description=Puts back an unconfirmed release of $service
DefaultDependencies=no
RequiresMountsFor=$home
After=local-fs.target
Before=$unit
ConditionPathExists=|$home/pending
ConditionPathExists=|$home/reverting
[Service]
Type=oneshot
Environment=UNITS=$UNITS
ExecStart=/bin/sh $home/revert reboot boot"
  [ -e "$wants/pilothouse-$service-guard.service" ] || ln -sfn "../pilothouse-$service-guard.service" "$wants/pilothouse-$service-guard.service"
  # Armed before anything is switched; without a pending release the timer finds nothing to do.
  arm() { systemd-run --quiet --collect --on-active="$window" --timer-property=AccuracySec=100ms --unit="$watch" --setenv=UNITS="$UNITS" /bin/sh "$home/revert" unconfirmed 2>&1; }
  problem=$(arm) || {
    # One of before, that found nothing to do or will not.
    systemctl stop "$watch.timer" >/dev/null 2>&1
    systemctl reset-failed "$watch.service" >/dev/null 2>&1
    problem=$(arm) || fail not-armed "$problem"
  }
  put "$home/pending" "$digest $before $(($(date +%s) + window))"
  switch_to "$digest"
  if [ "$(readlink "$UNITS/$unit" 2>/dev/null)" != "$home/current/$unit" ]; then
    clear_away "$UNITS/.$unit.new"
    try "$UNITS/$unit" ln -s "$home/current/$unit" "$UNITS/.$unit.new"
    try "$UNITS/$unit" mv -T -f "$UNITS/.$unit.new" "$UNITS/$unit"
  fi
  [ -e "$wants/$unit" ] || ln -sfn "../$unit" "$wants/$unit"
  to_disk
  systemctl daemon-reload
  why=
  restart() { systemctl restart "$unit" 2>/dev/null || { show; why="start $result $status"; }; }
  restart
  # Started too often before: that is not the fault of this release.
  case $why in 'start start-limit-hit '*) why=; systemctl reset-failed "$unit"; restart ;; esac
  begun=$(date +%s)
  now=$begun since=0 same=
  while [ -z "$why" ]; do
    show
    if [ "$active" = failed ]; then why="exit $result $status"; break; fi
    if [ "$active" = active ] && probe "$@"; then
      if [ "$pid $restarts" = "$same" ]; then
        [ $((now - since)) -ge "$stable" ] && break
      else
        same="$pid $restarts" since=$now
        [ "$stable" -gt 0 ] || break
      fi
    else
      same=
    fi
    if [ $((now - begun)) -ge "$timeout" ]; then
      if [ "$active" = active ]; then why="unhealthy $1"; else why="exit $result $status"; fi
      break
    fi
    sleep 0.25 2>/dev/null || sleep 1
    now=$(date +%s)
  done
  if [ -n "$why" ]; then
    journal 20
    sh "$home/revert" "$(say "$why" | tr ' ' -)"
    say "reverted $before $why"
    exit 0
  fi
  say "healthy $before" ;;
confirm)
  # confirm SERVICE DIGEST KEEP: the release stays
  read -r digest before deadline 2>/dev/null <"$home/pending" || fail too-late
  [ "$digest" = "$1" ] || fail too-late
  mv "$home/pending" "$home/.confirmed.$$" 2>/dev/null || fail too-late
  rm -rf "$home/.confirmed.$$" "$home/last-revert" "$home/incoming"
  systemctl stop "$watch.timer" >/dev/null 2>&1
  kept=0
  for release in $(ls -t "$home/releases"); do
    kept=$((kept + 1))
    [ "$kept" -le "$2" ] || [ "$release" = "$1" ] || [ "$release" = "$before" ] || rm -rf "$home/releases/$release"
  done
  say confirmed ;;
revert)
  # revert SERVICE REASON: now, without waiting for the timer
  if [ -f "$home/pending" ] || [ -f "$home/reverting" ]; then sh "$home/revert" "$1"; fi
  current
  say "current $current" ;;
discard)
  # discard SERVICE DIGEST: what lies there of it is not relied on; what runs of it goes on under another name
  rm -rf "$home/incoming/$1"
  if [ -d "$home/releases/$1" ]; then
    settle
    rm -rf "$home/releases/$1.drift"
    current
    if [ "$current" = "$1" ]; then
      try "$home/releases" cp -a "$home/releases/$1" "$home/releases/$1.drift"
      switch_to "$1.drift"
    fi
    rm -rf "$home/releases/$1"
  fi
  say discarded ;;
measure)
  # measure - SECONDS PRIORITY CPUS LOAD
  on= at=
  [ -n "$3" ] && { has taskset || fail no-tool taskset; on="taskset -c $3"; }
  [ "$2" -gt 0 ] && { has chrt || fail no-tool chrt; at="chrt -f $2"; }
  problem=$($at $on true 2>&1) || fail step measure $problem
  busy= left=$4
  while [ "$left" -gt 0 ]; do
    $on sh -c 'end=$(($(date +%s) + $1)); while [ "$(date +%s)" -lt "$end" ]; do i=0; while [ $i -lt 20000 ]; do i=$((i + 1)); done; done' sh "$1" &
    busy="$busy $!" left=$((left - 1))
  done
  if has cyclictest; then
    say 'method cyclictest'
    priority=; [ "$2" -gt 0 ] && priority="-p $2"
    affinity=; [ -n "$3" ] && affinity="-a $3"
    cyclictest -q -m $priority $affinity -t 1 -i 1000 -D "$1" -h 10000 2>/dev/null
  elif [ -r /proc/self/schedstat ]; then
    say 'method run-queue'
    # Woken by a timer a thousand times a second; a program that waits by itself is woken without another beside it.
    if has perl; then
      $at $on perl -e '
        open my $of, "<", "/proc/self/schedstat" or exit 1;
        my $delay = sub { seek $of, 0, 0; (split " ", <$of>)[1] };
        my ($end, $before) = (time + $ARGV[0], &$delay);
        for (1 .. 60000) {
          last if time >= $end;
          select undef, undef, undef, 0.001;
          my $after = &$delay;
          print "sample ", $after - $before, "\\n";
          $before = $after;
        }' "$1"
    else
      $at $on sh -c '
        end=$(($(date +%s) + $1)) count=0
        while [ "$(date +%s)" -lt "$end" ] && [ $count -lt 20000 ]; do
          read -r _ before _ </proc/$$/schedstat
          sleep 0.001
          read -r _ after _ </proc/$$/schedstat
          echo "sample $((after - before))"
          count=$((count + 1))
        done' sh "$1"
    fi
  else fail no-measure; fi
  [ -z "$busy" ] || kill $busy 2>/dev/null ;;
remove)
  settle
  systemctl stop "$unit" "$watch.timer" >/dev/null 2>&1
  rm -f "$UNITS/multi-user.target.wants/$unit" "$UNITS/$unit" "$UNITS/multi-user.target.wants/pilothouse-$service-guard.service" "$UNITS/pilothouse-$service-guard.service"
  systemctl daemon-reload
  rm -rf "$home"
  say removed ;;
esac
`.replace('@@REVERT@@', () => quoteForShell([revertScript.trimEnd()]))
