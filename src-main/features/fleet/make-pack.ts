import type { Artifacts } from '../../needs/artifacts.ts'

/** As it is, or compressed. */
export type How = 'plain' | 'gzip'
/** Bytes for the line, and how many of the pack they are. */
export type Piece = { readonly bytes: Uint8Array; readonly of: number }

/** What a node is sent to have a release, beside what it has already. */
export type Pack = {
  /** Names its bytes: with what a node has under this name it can be gone on. */
  readonly id: string
  /** The release on the node it builds on; `none` for one that builds on nothing. */
  readonly base: string
  /** Bytes of it, and how many of them, at its end, are the steps by which a node puts the release together. */
  readonly size: number
  readonly steps: number
  pieces(from: number, how: How): AsyncIterable<Piece>
}

/** Bytes that are compressed on their own, once for all nodes, so that it can be begun anywhere. */
const stretch = 1024 * 1024
/** Bytes that are handed to a line at once. */
const mouthful = 256 * 1024

/** A pack of what a node does not have. Nothing is copied; what is compressed is so when a node asks for it. */
export function makePack(
  base: string,
  literals: readonly Uint8Array[],
  steps: Uint8Array,
  { gzip, hash }: Pick<Artifacts, 'gzip' | 'hash'>,
): Pack {
  const parts = [...literals, steps]
  const size = parts.reduce((sum, { length }) => sum + length, 0)
  const zipped = new Map<number, Promise<Uint8Array>>()

  function* between(from: number, to: number): Generator<Uint8Array> {
    let start = 0
    for (const part of parts) {
      const end = start + part.length
      if (end > from && start < to) yield part.subarray(Math.max(0, from - start), Math.min(end, to) - start)
      start = end
    }
  }
  function zip(from: number): Promise<Uint8Array> {
    const known = zipped.get(from)
    if (known) return known
    const zipping = gzip([...between(from, endOf(from))])
    zipped.set(from, zipping)
    return zipping
  }
  const endOf = (from: number): number => Math.min(size, (Math.floor(from / stretch) + 1) * stretch)

  return {
    id: hash(new Uint8Array([...new TextEncoder().encode(`${base}\n`), ...steps])).slice(0, 16),
    base,
    size,
    steps: steps.length,
    async *pieces(from, how) {
      if (how === 'plain')
        for (const part of between(from, size))
          for (let at = 0; at < part.length; at += mouthful) {
            const bytes = part.subarray(at, at + mouthful)
            yield { bytes, of: bytes.length }
          }
      else
        for (let at = from; at < size; at = endOf(at)) {
          const bytes = await zip(at)
          // The next one is compressed while this one is sent.
          if (endOf(at) < size) void zip(endOf(at)).catch(() => {})
          yield { bytes, of: endOf(at) - at }
        }
    },
  }
}
