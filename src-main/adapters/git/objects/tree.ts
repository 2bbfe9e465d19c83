import type { FileMode, ObjectId } from '../../../needs/git-repository.ts'

/**
 * A path or name as stored, one character a byte (latin1). Names in trees and indexes need not be UTF-8, and git sorts
 * them by bytes; JavaScript compares such strings the same way.
 */
export type RawPath = string

export const treeMode = '40000'
/** One line of a tree. Modes as stored: `40000` for a folder. */
export type TreeEntry = { readonly mode: string; readonly name: RawPath; readonly oid: ObjectId }

export function parseTree(data: Buffer): TreeEntry[] {
  const entries: TreeEntry[] = []
  let at = 0
  while (at < data.length) {
    const space = data.indexOf(32, at)
    const end = data.indexOf(0, space)
    if (space === -1 || end === -1 || end + 21 > data.length) throw new RangeError('tree is damaged')
    entries.push({
      mode: data.toString('latin1', at, space),
      name: data.toString('latin1', space + 1, end),
      oid: data.toString('hex', end + 1, end + 21),
    })
    at = end + 21
  }
  return entries
}

/**
 * The lines of two trees without those that both begin and end with: of large folders that differ in a few lines, no
 * more than these and what lies between them is read.
 */
export function differingLines(a: Buffer, b: Buffer): readonly [readonly TreeEntry[], readonly TreeEntry[]] {
  const shorter = Math.min(a.length, b.length)
  let same = 0
  while (same < shorter && a[same] === b[same]) same++
  let suffix = 0
  while (suffix < shorter && a[a.length - 1 - suffix] === b[b.length - 1 - suffix]) suffix++
  let start = 0
  for (let end = lineEnd(a, start); end <= same && start < a.length; end = lineEnd(a, start)) start = end
  const [old, now]: [TreeEntry[], TreeEntry[]] = [[], []]
  let [atA, atB] = [start, start]
  for (;;) {
    const [leftA, leftB] = [a.length - atA, b.length - atB]
    // From here on both hold the same bytes, and so the same lines.
    if (leftA === leftB && leftA <= suffix) return [old, now]
    if (leftA >= leftB) {
      const end = lineEnd(a, atA)
      old.push(...parseTree(a.subarray(atA, end)))
      atA = end
    } else {
      const end = lineEnd(b, atB)
      now.push(...parseTree(b.subarray(atB, end)))
      atB = end
    }
  }
}

/** Where the line that begins here ends; the end of the tree for the last one. */
function lineEnd(data: Buffer, start: number): number {
  if (start >= data.length) return data.length
  const zero = data.indexOf(0, start)
  if (zero === -1 || zero + 21 > data.length) throw new RangeError('tree is damaged')
  return zero + 21
}

/** Bytes of a tree; the entries are sorted as git does, folders as if their name ended in a slash. */
export function encodeTree(entries: readonly TreeEntry[]): Buffer {
  const key = (entry: TreeEntry): string => (entry.mode === treeMode ? `${entry.name}/` : entry.name)
  const sorted = [...entries].sort((a, b) => (key(a) < key(b) ? -1 : 1))
  return Buffer.concat(
    sorted.flatMap(({ mode, name, oid }) => [Buffer.from(`${mode} ${name}\0`, 'latin1'), Buffer.from(oid, 'hex')]),
  )
}

/** Modes of old repositories (`100664`) count as the four of today, as in git's `canon_mode`. */
export function fileMode(mode: string): FileMode {
  if (mode === '160000' || mode === '120000') return mode
  return (Number.parseInt(mode, 8) & 0o100) !== 0 ? '100755' : '100644'
}

/** Text of a stored path. Bytes that are not UTF-8 show as the replacement character. */
export const toText = (path: RawPath): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII is the same in both, and by far the most common.
  /^[\x00-\x7f]*$/.test(path) ? path : Buffer.from(path, 'latin1').toString('utf8')

export const fromText = (path: string): RawPath => Buffer.from(path, 'utf8').toString('latin1')
