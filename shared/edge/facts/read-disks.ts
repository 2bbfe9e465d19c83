import type { Disk } from './facts.ts'

/** `df -Pk` (POSIX: six columns, the last to the end of the line), joined to the mounts; one a device. */
export function readDisks(lines: readonly string[], mounts: readonly string[]): Disk[] {
  const ofMount = new Map<string, { type: string; readOnly: boolean }>()
  for (const text of mounts) {
    const [at, type, options] = text.split(' ')
    if (options !== undefined) ofMount.set(at!, { type: type!, readOnly: options.split(',').includes('ro') })
  }
  const found = new Map<string, Disk>()
  for (const text of lines) {
    const match = /^(\S+)\s+(\d+)\s+(\d+)\s+(-?\d+)\s+(?:\d+%|-)\s+(\/.*)$/.exec(text)
    if (!match) continue
    const [size, used, available] = [match[2], match[3], match[4]].map(value => Number(value) * 1024)
    const at = match[5]!
    const mount = ofMount.get(at)
    const known = found.get(match[1]!)
    // The same disk in several places is named by the shortest.
    if (size! > 0 && (!known || at.length < known.at.length))
      found.set(match[1]!, {
        at,
        type: mount?.type ?? null,
        size: size!,
        used: used!,
        available: Math.max(0, available!),
        readOnly: mount?.readOnly ?? false,
      })
  }
  return [...found.values()]
}
