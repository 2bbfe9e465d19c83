import { plainText } from '../plain-text.ts'
import { type Nonce, partedScript, readParts } from '../script.ts'

export type EdgeProcess = {
  readonly id: number
  readonly parent: number
  readonly user: string
  /** Percent of one processor since it began; null where `ps` does not say (BusyBox). */
  readonly cpu: number | null
  /** Bytes in memory; null where `ps` does not say. */
  readonly memory: number | null
  /** As `ps` writes it: `[[days-]hours:]minutes:seconds`. */
  readonly running: string
  readonly command: string
}

/** Processes beyond this many are left out. */
export const mostProcesses = 2000

/** `ps` of POSIX (with `rss`, which all but the smallest have), else BusyBox's. */
export const processesScript = (nonce: Nonce): string =>
  partedScript(
    nonce,
    `if ps -A -o pid= >/dev/null; then
part posix
ps -A -o pid= -o ppid= -o user= -o pcpu= -o rss= -o etime= -o args= | cut -c 1-500 | head -n ${mostProcesses}
else
part busybox
ps -o pid,ppid,user,rss,etime,args | cut -c 1-500 | head -n ${mostProcesses}
fi`,
  )

/** Processes of an answer to `processesScript`; the busiest first. */
export function readProcesses(nonce: Nonce, answer: string): readonly EdgeProcess[] {
  const { parts } = readParts(nonce, answer)
  const posix = parts.get('posix')
  const found = (posix ?? parts.get('busybox') ?? '').split('\n').flatMap(text => {
    const words = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(?:([\d.]+)\s+)?(\S+)\s+(\d[\d:-]*)\s+(.*)$/.exec(text)
    if (!words) return []
    const [, id, parent, user, cpu, rss, running, command] = words
    return [
      {
        id: Number(id),
        parent: Number(parent),
        user: plainText(user!, 64),
        cpu: posix === undefined || cpu === undefined ? null : Number(cpu),
        memory: bytesOf(rss!),
        running: running!,
        command: plainText(command!, 512),
      },
    ]
  })
  return found.sort((a, b) => (b.cpu ?? 0) - (a.cpu ?? 0) || (b.memory ?? 0) - (a.memory ?? 0) || a.id - b.id)
}

/** Kilobytes, or BusyBox's `12m`. */
function bytesOf(text: string): number | null {
  const match = /^(\d+(?:\.\d+)?)([kmg]?)$/.exec(text)
  return match ? Number(match[1]) * 1024 ** { '': 1, k: 1, m: 2, g: 3 }[match[2]!]! : null
}
