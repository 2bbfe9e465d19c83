import type { Hash } from './release.ts'

/** A stretch of a file, found again by what it holds. */
export type Chunk = { readonly hash: string; readonly offset: number; readonly length: number }

/** Smaller chunks find more that is the same and cost more to name: 8 kB on average are named by 0.3 % of their bytes. */
const least = 2 * 1024
const mask = (1 << 13) - 1
const most = 64 * 1024

/** 256 numbers without pattern, the same in every version: the boundaries of releases already out there hang on them. */
const gear = (() => {
  const table = new Uint32Array(256)
  let state = 0x9e3779b9
  for (let index = 0; index < 256; index++) {
    // xorshift32 (Marsaglia 2003)
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    table[index] = state >>> 0
  }
  return table
})()

/**
 * Cuts bytes where their content says so (gear hash; Xia et al., FastCDC, 2016), so that an insertion moves the chunks
 * after it and does not change them. A chunk is named by the first 16 hexadecimal digits of its SHA-256: enough to find
 * it, and the whole file is checked afterwards.
 */
export function cutChunks(bytes: Uint8Array, hash: Hash): readonly Chunk[] {
  const chunks: Chunk[] = []
  let start = 0
  while (start < bytes.length) {
    const end = chunkEnd(bytes, start)
    chunks.push({ hash: hash(bytes.subarray(start, end)).slice(0, 16), offset: start, length: end - start })
    start = end
  }
  return chunks
}

function chunkEnd(bytes: Uint8Array, start: number): number {
  const last = Math.min(bytes.length, start + most)
  let rolling = 0
  for (let at = start + least; at < last; at++) {
    rolling = ((rolling << 1) + gear[bytes[at]!]!) | 0
    // The upper bits have seen the last 32 bytes, the lower ones only a few.
    if (((rolling >>> 19) & mask) === 0) return at + 1
  }
  return last
}

/** The chunks of one file of a release, as its `.pilothouse/blocks` lists them. */
export type FileChunks = { readonly path: string; readonly chunks: readonly Chunk[] }

/** `> path`, then one line a chunk: name and length. */
export const blocksText = (files: readonly FileChunks[]): string =>
  files
    .map(({ path, chunks }) => `> ${path}\n${chunks.map(({ hash, length }) => `${hash} ${length}\n`).join('')}`)
    .join('')

/** Reads what {@link blocksText} wrote; what is not so is passed over: it only saves sending. */
export function readBlocks(text: string): readonly FileChunks[] {
  const files: { path: string; chunks: Chunk[] }[] = []
  let offset = 0
  for (const line of text.split('\n')) {
    if (line.startsWith('> ')) {
      files.push({ path: line.slice(2), chunks: [] })
      offset = 0
      continue
    }
    const [, name, size] = /^([0-9a-f]{16}) (\d{1,9})$/.exec(line) ?? []
    if (name === undefined || size === undefined) continue
    files.at(-1)?.chunks.push({ hash: name, offset, length: Number(size) })
    offset += Number(size)
  }
  return files
}
