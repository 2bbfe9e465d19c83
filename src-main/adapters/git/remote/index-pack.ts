import { createHash, hash as hashOnce } from 'node:crypto'
import type { FileHandle } from 'node:fs/promises'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { crc32, createInflate, inflateSync, constants as zlib } from 'node:zlib'
import { applyDelta } from '../objects/apply-delta.ts'
import { PackFileReader } from './pack-file-reader.ts'

/** Why a pack cannot be used. The caller knows who sent it and says so to the person. */
export class PackError extends Error {
  override readonly name = 'PackError'
  /** Id of an object that deltas in the pack build on and that is not in it. */
  readonly missingBase: string | null
  constructor(reason: string, missingBase: string | null = null) {
    super(reason)
    this.missingBase = missingBase
  }
}

export type IndexedPack = {
  /** The pack's own checksum, which also names its files. */
  readonly checksum: string
  readonly objects: number
  /** Contents of the `.idx` file, version 2. */
  readonly index: Buffer
}

type IndexOptions = {
  readonly signal?: AbortSignal
  /** Called now and then: objects received, then deltas resolved. */
  readonly progress?: (phase: 'receiving' | 'resolving', done: number, total: number) => void
}

const typeNames = ['', 'commit', 'tree', 'blob', 'tag']
const offsetDelta = 6
const referenceDelta = 7
/** Objects above this are inflated as a stream: their bytes are never in memory at once, unless they are a delta's base. */
const largeObject = 8 << 20
/** Inflated bytes kept between the two passes; the rest is inflated again from the file, which measured no slower. */
const keptBytes = 8 << 20
/** Milliseconds of work before others get their turn. */
const turn = 12

/**
 * Writes a pack to a file while it arrives and works out its index: one pass over the stream (offsets, checksums, ids
 * of whole objects), then the deltas, each tree of them from its base down, so that memory holds one chain and not the
 * pack. The index is byte for byte what `git index-pack` writes (gitformat-pack, version 2).
 */
export async function indexPack(
  source: AsyncIterable<Uint8Array>,
  file: FileHandle,
  { signal, progress }: IndexOptions = {},
): Promise<IndexedPack> {
  const input = new PackInput(source, file, signal)
  const header = await input.peek(12)
  if (header.length < 12 || header.toString('latin1', 0, 4) !== 'PACK') throw new PackError('it is not a pack')
  const version = header.readUInt32BE(4)
  if (version !== 2 && version !== 3) throw new PackError(`pack version ${version}`)
  const count = header.readUInt32BE(8)
  input.skip(12)

  const entries = new Entries(count)
  let rested = performance.now()
  const rest = async (report: () => void) => {
    if (performance.now() - rested < turn) return
    signal?.throwIfAborted()
    report()
    await nextTurn()
    rested = performance.now()
  }

  for (let k = 0; k < count; k++) {
    await readEntry(input, entries, k)
    if ((k & 15) === 0) await rest(() => progress?.('receiving', k, count))
  }
  progress?.('receiving', count, count)
  const checksum = await input.finish()

  await resolveDeltas(entries, file, input.position - 20, count, rest, progress)
  return { checksum: checksum.toString('hex'), objects: count, index: writeIndex(entries, count, checksum) }
}

/** What is known of each object, in the order of the pack. Flat arrays: a pack may hold millions. */
class Entries {
  readonly count: number
  offsets: Float64Array
  checksums: Uint32Array
  types: Uint8Array
  ids: Buffer
  /** For an offset delta the number of its base; -1 otherwise. */
  bases: Int32Array
  /** Bodies of reference deltas by the id of their base. */
  readonly byReference = new Map<string, number[]>()
  readonly kept = new Map<number, Buffer>()
  keptSize = 0
  deltas = 0

  constructor(count: number) {
    this.count = count
    // The count is the sender's word: believe it as objects arrive.
    const room = Math.min(count, 1 << 18)
    this.offsets = new Float64Array(room)
    this.checksums = new Uint32Array(room)
    this.types = new Uint8Array(room)
    this.ids = Buffer.allocUnsafeSlow(room * 20)
    this.bases = new Int32Array(room).fill(-1)
  }

  makeRoom(k: number): void {
    if (k < this.offsets.length) return
    const room = Math.min(this.count, this.offsets.length * 2)
    const grown = <T extends { set(from: T): void }>(into: T, from: T): T => {
      into.set(from)
      return into
    }
    this.offsets = grown(new Float64Array(room), this.offsets)
    this.checksums = grown(new Uint32Array(room), this.checksums)
    this.types = grown(new Uint8Array(room), this.types)
    const ids = Buffer.allocUnsafeSlow(room * 20)
    this.ids.copy(ids)
    this.ids = ids
    this.bases = grown(new Int32Array(room).fill(-1), this.bases)
  }

  keep(k: number, data: Buffer): void {
    if (this.keptSize + data.length + 128 > keptBytes) return
    this.keptSize += data.length + 128
    this.kept.set(k, data)
  }

  take(k: number): Buffer | undefined {
    const data = this.kept.get(k)
    if (data && this.kept.delete(k)) this.keptSize -= data.length + 128
    return data
  }

  /** The object that begins at an offset, or -1. */
  at(offset: number, below: number): number {
    let low = 0
    let high = below
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.offsets[middle]! < offset) low = middle + 1
      else high = middle
    }
    return low < below && this.offsets[low] === offset ? low : -1
  }
}

type EntryHead = {
  readonly type: number
  readonly size: number
  readonly length: number
  readonly base: number | string | null
}

/** The bytes before an object's compressed body: type, inflated size, and for a delta how far back its base is, or its id. */
function readHead(bytes: Buffer, from: number): EntryHead {
  let at = from
  let byte = bytes[at++]!
  const type = (byte >> 4) & 7
  let size = byte & 15
  let scale = 16
  while (byte & 0x80) {
    byte = bytes[at++]!
    size += (byte & 0x7f) * scale
    scale *= 128
  }
  let base: number | string | null = null
  if (type === offsetDelta) {
    byte = bytes[at++]!
    let back = byte & 0x7f
    while (byte & 0x80) {
      byte = bytes[at++]!
      back = (back + 1) * 128 + (byte & 0x7f)
    }
    base = back
  } else if (type === referenceDelta) {
    base = bytes.toString('hex', at, at + 20)
    at += 20
  } else if (!typeNames[type]) throw new PackError(`an object of type ${type}`)
  // Reading past the end makes NaN of the size.
  if (at > bytes.length || Number.isNaN(size) || Number.isNaN(base)) throw new PackError('it ends too soon')
  return { type, size, length: at - from, base }
}

const longestHead = 40

async function readEntry(input: PackInput, entries: Entries, k: number): Promise<void> {
  if (input.available < longestHead) await input.fill(longestHead)
  if (input.available === 0) throw new PackError('it ends too soon')
  entries.makeRoom(k)
  const offset = input.position
  entries.offsets[k] = offset
  const head = readHead(input.bytes, input.start)
  entries.types[k] = head.type
  if (typeof head.base === 'number') {
    const base = entries.at(offset - head.base, k)
    if (base === -1) throw new PackError('a delta whose base is nowhere')
    entries.bases[k] = base
  } else if (head.base !== null) {
    const waiting = entries.byReference.get(head.base)
    if (waiting) waiting.push(k)
    else entries.byReference.set(head.base, [k])
  }
  const delta = head.base !== null
  if (delta) entries.deltas++

  if (head.size > largeObject) {
    entries.checksums[k] = await readLarge(input, head, delta ? null : entries.ids, k)
    return
  }
  // No compressor makes more of it than this. One that does is asked again with all there is.
  let wanted = head.length + head.size + (head.size >>> 3) + 64
  for (;;) {
    if (input.available < wanted) await input.fill(wanted)
    const given = Math.min(wanted, input.available)
    const { data, consumed } = inflate(input.bytes, input.start + head.length, input.start + given, head.size)
    // All input used up: perhaps the end of the stream, perhaps only of what is here.
    if (head.length + consumed === given && !(input.ended && given === input.available)) {
      wanted = wanted * 2 + 1024
      continue
    }
    if (data.length !== head.size) throw new PackError('an object has the wrong length')
    const end = input.start + head.length + consumed
    entries.checksums[k] = crc32(input.bytes.subarray(input.start, end))
    input.skip(head.length + consumed)
    if (!delta) writeId(entries.ids, k, head.type, data)
    entries.keep(k, data)
    return
  }
}

/** Inflates one zlib stream at the head of a range; `consumed` tells where it ended. */
function inflate(bytes: Buffer, from: number, to: number, size: number): { data: Buffer; consumed: number } {
  try {
    const { buffer, engine } = inflateSync(bytes.subarray(from, to), {
      info: true,
      finishFlush: zlib.Z_SYNC_FLUSH,
      // One byte to spare, so that zlib sees the end without a second buffer; a longer stream than promised is refused.
      chunkSize: Math.max(64, size + 16),
      maxOutputLength: Math.max(64, size + 16),
    }) as unknown as { buffer: Buffer; engine: { bytesWritten: number } }
    return { data: buffer, consumed: engine.bytesWritten }
  } catch (error) {
    throw new PackError(error instanceof Error ? error.message : 'an object does not inflate')
  }
}

function writeId(ids: Buffer, k: number, type: number, data: Buffer): void {
  const head = `${typeNames[type]} ${data.length}\0`
  if (data.length < 65_536) {
    const whole = Buffer.allocUnsafe(head.length + data.length)
    whole.write(head, 0, 'latin1')
    data.copy(whole, head.length)
    hashOnce('sha1', whole, 'buffer').copy(ids, k * 20)
  } else
    createHash('sha1')
      .update(head)
      .update(data)
      .digest()
      .copy(ids, k * 20)
}

/** Passes a large object by. Its id is worked out on the way unless it is a delta. Resolves with its checksum. */
async function readLarge(input: PackInput, head: EntryHead, ids: Buffer | null, k: number): Promise<number> {
  let checksum = crc32(input.bytes.subarray(input.start, input.start + head.length))
  input.skip(head.length)
  const id = ids && createHash('sha1').update(`${typeNames[head.type]} ${head.size}\0`)
  const engine = createInflate({ chunkSize: 1 << 18 })
  let size = 0
  let ended = false
  const finished = new Promise<void>((resolve, reject) => {
    engine.on('data', (data: Buffer) => {
      size += data.length
      id?.update(data)
    })
    engine.once('end', () => {
      ended = true
      resolve()
    })
    engine.once('error', error => reject(new PackError(error.message)))
  })
  // It may fail while nobody waits for it yet.
  finished.catch(() => {})
  let consumed = 0
  while (!ended) {
    if (input.available === 0) await input.fill(1)
    if (input.available === 0) throw new PackError('it ends too soon')
    const chunk = input.bytes.subarray(input.start, input.start + Math.min(input.available, 1 << 18))
    await Promise.race([new Promise<void>(resolve => engine.write(Buffer.from(chunk), () => resolve())), finished])
    // Bytes are counted as they are inflated, so that what follows the object is left in the input.
    const used = engine.bytesWritten - consumed
    consumed = engine.bytesWritten
    checksum = crc32(chunk.subarray(0, used), checksum)
    input.skip(used)
    if (used < chunk.length) await finished
  }
  if (size !== head.size) throw new PackError('an object has the wrong length')
  if (id) id.digest().copy(ids, k * 20)
  return checksum
}

/** Gives every delta its id. Bases come from what was kept, else from the file, which is complete by now. */
async function resolveDeltas(
  entries: Entries,
  file: FileHandle,
  end: number,
  count: number,
  rest: (report: () => void) => Promise<void>,
  progress: IndexOptions['progress'],
): Promise<void> {
  if (entries.deltas === 0) return
  const reader = new PackFileReader(file.fd)
  const { types, bases, byReference } = entries
  const firstChild = new Int32Array(count).fill(-1)
  const nextSibling = new Int32Array(count).fill(-1)
  for (let k = count - 1; k >= 0; k--) {
    const base = bases[k]!
    if (base === -1) continue
    nextSibling[k] = firstChild[base]!
    firstChild[base] = k
  }

  const body = (k: number): Buffer => {
    const kept = entries.take(k)
    if (kept) return kept
    const offset = entries.offsets[k]!
    const stop = k + 1 < count ? entries.offsets[k + 1]! : end
    const bytes = reader.read(offset, stop - offset)
    const head = readHead(bytes, 0)
    return inflate(bytes, head.length, bytes.length, head.size).data
  }

  let resolved = 0
  // Numbers of waiting deltas with the object they build on. A base lives as long as one of its deltas waits.
  const waiting: number[] = []
  const buildOn: Buffer[] = []
  const push = (k: number, data: () => Buffer): void => {
    let made: Buffer | null = null
    for (let child = firstChild[k]!; child !== -1; child = nextSibling[child]!) {
      made ??= data()
      waiting.push(child)
      buildOn.push(made)
    }
    if (byReference.size === 0) return
    const id = entries.ids.toString('hex', k * 20, k * 20 + 20)
    const referring = byReference.get(id)
    if (!referring) return
    byReference.delete(id)
    made ??= data()
    for (const child of referring) {
      waiting.push(child)
      buildOn.push(made)
    }
  }
  for (let root = 0; root < count; root++) {
    const type = types[root]!
    if (type === offsetDelta || type === referenceDelta) continue
    push(root, () => body(root))
    entries.take(root)
    while (waiting.length > 0) {
      const k = waiting.pop()!
      let data: Buffer
      try {
        data = applyDelta(buildOn.pop()!, body(k))
      } catch (error) {
        throw error instanceof PackError ? error : new PackError(error instanceof Error ? error.message : 'a bad delta')
      }
      writeId(entries.ids, k, type, data)
      push(k, () => data)
      if ((++resolved & 15) === 0) await rest(() => progress?.('resolving', resolved, entries.deltas))
    }
  }
  progress?.('resolving', resolved, entries.deltas)
  if (resolved < entries.deltas) {
    const [missing] = byReference.keys()
    throw new PackError('deltas without a base', missing ?? null)
  }
}

/** The `.idx` file: fan-out, sorted ids, checksums, offsets (large ones in a table of their own), two checksums. */
function writeIndex(entries: Entries, count: number, packChecksum: Buffer): Buffer {
  const { ids, offsets, checksums } = entries
  // The first 52 bits decide nearly always, and as numbers they compare much faster than bytes do.
  const keys = new Float64Array(count)
  for (let k = 0; k < count; k++) keys[k] = ids.readUIntBE(k * 20, 6) * 16 + (ids[k * 20 + 6]! >> 4)
  const order = new Uint32Array(count)
  for (let k = 0; k < count; k++) order[k] = k
  order.sort(
    (a, b) =>
      keys[a]! - keys[b]! || ids.compare(ids, b * 20, b * 20 + 20, a * 20, a * 20 + 20) || offsets[a]! - offsets[b]!,
  )

  let large = 0
  for (let k = 0; k < count; k++) if (offsets[k]! >= 0x80000000) large++
  const index = Buffer.alloc(8 + 1024 + count * 28 + large * 8 + 40)
  index.writeUInt32BE(0xff744f63, 0)
  index.writeUInt32BE(2, 4)
  const checksumsAt = 1032 + count * 20
  const offsetsAt = checksumsAt + count * 4
  const largeAt = offsetsAt + count * 4
  let nextLarge = 0
  let first = 0
  for (let place = 0; place < count; place++) {
    const k = order[place]!
    for (const byte = ids[k * 20]!; first < byte; first++) index.writeUInt32BE(place, 8 + first * 4)
    ids.copy(index, 1032 + place * 20, k * 20, k * 20 + 20)
    index.writeUInt32BE(checksums[k]!, checksumsAt + place * 4)
    const offset = offsets[k]!
    if (offset < 0x80000000) index.writeUInt32BE(offset, offsetsAt + place * 4)
    else {
      index.writeUInt32BE((0x80000000 | nextLarge) >>> 0, offsetsAt + place * 4)
      index.writeBigUInt64BE(BigInt(offset), largeAt + nextLarge++ * 8)
    }
  }
  for (; first < 256; first++) index.writeUInt32BE(count, 8 + first * 4)
  packChecksum.copy(index, largeAt + large * 8)
  hashOnce('sha1', index.subarray(0, index.length - 20), 'buffer').copy(index, index.length - 20)
  return index
}

/** The arriving stream: every byte goes to the file and into the checksum, and a window of it is looked at. */
class PackInput {
  /** Where `start` is in the pack. */
  position = 0
  bytes = Buffer.allocUnsafeSlow(1 << 18)
  start = 0
  ended = false
  #end = 0
  #written = 0
  readonly #source: AsyncIterator<Uint8Array>
  readonly #file: FileHandle
  readonly #signal: AbortSignal | undefined
  readonly #checksum = createHash('sha1')
  #writing: Promise<unknown> = Promise.resolve()

  constructor(source: AsyncIterable<Uint8Array>, file: FileHandle, signal: AbortSignal | undefined) {
    this.#source = source[Symbol.asyncIterator]()
    this.#file = file
    this.#signal = signal
  }

  get available(): number {
    return this.#end - this.start
  }

  skip(length: number): void {
    this.start += length
    this.position += length
  }

  async peek(length: number): Promise<Buffer> {
    await this.fill(length)
    return this.bytes.subarray(this.start, this.start + Math.min(length, this.available))
  }

  /** Waits until so many bytes are here, or the stream has ended. */
  async fill(length: number): Promise<void> {
    while (this.available < length && !this.ended) {
      const { done, value } = await this.#source.next()
      this.#signal?.throwIfAborted()
      if (done) {
        this.ended = true
        return
      }
      if (value.length === 0) continue
      // The last write has to be over before the next one begins: a slow disk slows the sender and fills no memory.
      await this.#writing
      this.#writing = this.#file.write(value, 0, value.length, this.#written)
      this.#writing.catch(() => {}) // seen at the next await
      this.#written += value.length
      this.#append(value)
    }
  }

  /** Checks the trailing checksum; nothing may follow it. */
  async finish(): Promise<Buffer> {
    const trailer = Buffer.from(await this.peek(20))
    if (trailer.length < 20) throw new PackError('it ends too soon')
    this.#checksum.update(this.bytes.subarray(this.#hashed, this.start))
    this.#hashed = this.start
    this.skip(20)
    await this.fill(1)
    if (this.available > 0) throw new PackError('there is something behind its end')
    await this.#writing
    if (!this.#checksum.digest().equals(trailer)) throw new PackError('its checksum is wrong')
    return trailer
  }

  #hashed = 0

  #append(value: Uint8Array): void {
    if (this.#end + value.length > this.bytes.length) {
      this.#checksum.update(this.bytes.subarray(this.#hashed, this.start))
      const room = Math.max(this.bytes.length, (this.available + value.length) * 2)
      const into = room > this.bytes.length ? Buffer.allocUnsafeSlow(room) : this.bytes
      this.bytes.copy(into, 0, this.start, this.#end)
      this.#end -= this.start
      this.start = 0
      this.#hashed = 0
      this.bytes = into
    }
    this.bytes.set(value, this.#end)
    this.#end += value.length
  }
}
