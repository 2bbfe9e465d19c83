import type { Artifacts } from '../../needs/artifacts.ts'

/** As it is, or compressed. */
export type How = 'plain' | 'gzip' | 'zstd'
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

/** Bytes that are compressed on their own, so that it can be begun at any of them, and none twice. */
const most = 1024 * 1024
/** Bytes that are handed to a line at once. */
const mouthful = 256 * 1024

/** Compresses the same bytes of the same memory once, whoever asks: packs for different nodes share most of theirs. */
export function compressOnce(compress: Artifacts['compress']): Artifacts['compress'] {
  const known = new WeakMap<ArrayBufferLike, Map<string, Promise<Uint8Array>>>()
  const numbers = new WeakMap<ArrayBufferLike, number>()
  let count = 0
  const numberOf = (memory: ArrayBufferLike): number => {
    const number = numbers.get(memory) ?? count++
    numbers.set(memory, number)
    return number
  }
  return (how, parts) => {
    const [first] = parts
    if (!first) return compress(how, parts)
    const here = known.get(first.buffer) ?? new Map<string, Promise<Uint8Array>>()
    known.set(first.buffer, here)
    const places = parts.map(({ buffer, byteOffset, length }) => `${numberOf(buffer)}:${byteOffset}+${length}`)
    const key = `${how} ${places.join(' ')}`
    const compressing = here.get(key) ?? compress(how, parts)
    here.set(key, compressing)
    return compressing
  }
}

/** A pack of what a node does not have. Nothing is copied; what is compressed is so when a node asks for it. */
export function makePack(
  base: string,
  literals: readonly Uint8Array[],
  steps: Uint8Array,
  { compress, hash }: Pick<Artifacts, 'compress' | 'hash'>,
): Pack {
  const stretches = stretchesOf([...literals, steps])
  const size = stretches.reduce((sum, stretch) => sum + sizeOf(stretch), 0)

  /** What is left of it from a byte on, in stretches. */
  function* rest(from: number): Generator<readonly Uint8Array[]> {
    let start = 0
    for (const stretch of stretches) {
      const end = start + sizeOf(stretch)
      if (start >= from) yield stretch
      else if (end > from) yield [Buffer.concat(stretch).subarray(from - start)]
      start = end
    }
  }
  return {
    id: hash(new Uint8Array([...new TextEncoder().encode(`${base}\n`), ...steps])).slice(0, 16),
    base,
    size,
    steps: steps.length,
    async *pieces(from, how) {
      const left = [...rest(from)]
      if (how === 'plain') {
        for (const part of left.flat())
          for (let at = 0; at < part.length; at += mouthful) {
            const bytes = part.subarray(at, at + mouthful)
            yield { bytes, of: bytes.length }
          }
        return
      }
      for (const [index, stretch] of left.entries()) {
        const bytes = await compress(how, stretch)
        // The next one is compressed while this one is sent.
        const next = left[index + 1]
        if (next) compress(how, next).catch(() => {})
        yield { bytes, of: sizeOf(stretch) }
      }
    },
  }
}

const sizeOf = (parts: readonly Uint8Array[]): number => parts.reduce((sum, { length }) => sum + length, 0)

/** A large part in stretches of its own, cut alike in every pack it is in; small ones together. */
function stretchesOf(parts: readonly Uint8Array[]): readonly (readonly Uint8Array[])[] {
  const stretches: Uint8Array[][] = []
  let together: Uint8Array[] | null = null
  for (const part of parts) {
    if (part.length >= most) {
      for (let at = 0; at < part.length; at += most) stretches.push([part.subarray(at, at + most)])
      together = null
    } else if (together && sizeOf(together) + part.length <= most) together.push(part)
    else if (part.length > 0) {
      together = [part]
      stretches.push(together)
    }
  }
  return stretches
}
