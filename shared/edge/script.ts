import { quoteForShell } from './quote-for-shell.ts'

/**
 * Scripts for a node. They go to `sh` on its standard input, so the person's login shell reads nothing but `sh`, and
 * they need a POSIX shell alone: programs beyond it are asked for with `has` first, or their absence is an empty answer.
 *
 * `$R` is the root of the file system: empty on a real node, a folder on a sandbox node, whose programs are in it too.
 */
const prelude = `LC_ALL=C; export LC_ALL
R="\${PILOTHOUSE_ROOT-}"
PATH="$PATH:$R/usr/local/bin:$R/usr/bin:$R/bin:$R/usr/sbin:$R/sbin"; export PATH
has() { command -v "$1" >/dev/null 2>&1; }
`

/** Of 128 random bits, in hexadecimal: whoever does not know it cannot write a marker. */
export type Nonce = string

/**
 * A script whose answer comes in parts, each after a line that only this script can write: what a part holds cannot
 * pass for another part. The body writes \`part NAME\` before each. It is read to its end before any of it runs, and its
 * programs read nothing.
 */
export const partedScript = (nonce: Nonce, body: string): string =>
  `{ ${prelude}part() { printf '\\n@${nonce} %s\\n' "$1"; }
${body}
part end
} </dev/null 2>/dev/null
`

/** A script with one answer, whose errors are told on standard error. */
export const plainScript = (body: string): string => `{ ${prelude}${body}\n} </dev/null\n`

/**
 * The parts of an answer by name; of two parts of one name the first. What comes before the first marker (a banner, the
 * noise of a profile) is not looked at. \`complete\`: the script came to its end.
 */
export function readParts(
  nonce: Nonce,
  answer: string,
): { readonly parts: ReadonlyMap<string, string>; readonly complete: boolean } {
  const parts = new Map<string, string>()
  const [, ...pieces] = answer.split(`\n@${nonce} `)
  let complete = false
  for (const piece of pieces) {
    const lineEnd = piece.indexOf('\n')
    const name = lineEnd < 0 ? piece : piece.slice(0, lineEnd)
    if (name === 'end') complete = true
    else if (!parts.has(name)) parts.set(name, lineEnd < 0 ? '' : piece.slice(lineEnd + 1).replaceAll('\0', ''))
  }
  return { parts, complete }
}

/**
 * Runs its arguments until they end or our end of the line does: standard input stays open as long as somebody listens,
 * and its end ends the command. Without that, what waits for news would wait there for ever.
 */
const leash = `exec 3<&0
"$@" </dev/null 3<&- &
child=$!
{ cat <&3 >/dev/null; kill "$child"; } >/dev/null 2>&1 &
leash=$!
exec 3<&-
wait "$child"; status=$?
kill "$leash" 2>/dev/null
exit "$status"`

/**
 * A script that runs one command for as long as its standard input stays open, by `sudo -n` where that is permitted and
 * the person is not root: the leash is then held inside of it, as nobody may end what sudo runs.
 */
export const leashedScript = (command: readonly string[]): string => `${prelude}set -- ${quoteForShell(command)}
leash=${quoteForShell([leash])}
if [ "$(id -u)" != 0 ] && has sudo && sudo -n true </dev/null >/dev/null 2>&1; then exec sudo -n sh -c "$leash" sh "$@"; fi
exec sh -c "$leash" sh "$@"
`
