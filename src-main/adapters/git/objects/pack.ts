import { inflateSync, constants as zlib } from 'node:zlib'
import { applyDelta } from './apply-delta.ts'
import type { DeltaBaseCache } from './delta-base-cache.ts'
import { FileBytes } from './file-bytes.ts'
import type { ObjectType, StoredObject } from './stored-object.ts'

const types: readonly (ObjectType | null)[] = [null, 'commit', 'tree', 'blob', 'tag']
const fanStart = 8
const idStart = fanStart + 1024

type Entry = {
  /** 1–4 as in `types`, 6 offset delta, 7 reference delta. */
  readonly type: number
  /** Length when inflated. */
  readonly size: number
  /** Where the compressed bytes begin. */
  readonly body: number
  /** Offset of the base (6), or its id (7). */
  readonly base: number | string | null
}

/** One pack and its index, version 2 (gitformat-pack). Opened when first asked; throws node's error when a file is gone. */
export class Pack {
  /** Without `.idx` or `.pack`. */
  readonly path: string
  readonly #number: number
  readonly #budget: (length: number) => boolean
  readonly #cache: DeltaBaseCache
  #index: FileBytes | null = null
  #pack: FileBytes | null = null
  #fan: Uint32Array | null = null
  #offsets: Float64Array | null = null

  /** `number`: names the pack in the cache it shares with others. */
  constructor(path: string, number: number, cache: DeltaBaseCache, budget: (length: number) => boolean) {
    this.path = path
    this.#number = number
    this.#cache = cache
    this.#budget = budget
  }

  /** Bytes of the files that are held whole. */
  get wholeBytes(): number {
    return (this.#index?.whole?.length ?? 0) + (this.#pack?.whole?.length ?? 0)
  }

  get count(): number {
    return this.#fans()[255]!
  }

  /** Where an object begins, or -1. */
  find(id: Buffer): number {
    const fans = this.#fans()
    const first = id[0]!
    let low = first === 0 ? 0 : fans[first - 1]!
    let high = fans[first]!
    const index = this.#index!
    const start = id.readUInt32BE(0)
    while (low < high) {
      const middle = (low + high) >>> 1
      const at = idStart + middle * 20
      let order: number
      if (index.whole) {
        // Four bytes tell nearly always, without the call that comparing buffers is.
        order = start - index.whole.readUInt32BE(at)
        if (order === 0) order = id.compare(index.whole, at, at + 20)
      } else order = id.compare(index.slice(at, 20))
      if (order === 0) return this.#offsetAt(middle)
      if (order < 0) high = middle
      else low = middle + 1
    }
    return -1
  }

  /** Adds ids that begin with these hexadecimal digits (at least two), at most `limit` in all. */
  findPrefix(prefix: string, into: Set<string>, limit: number): void {
    const fans = this.#fans()
    const first = Number.parseInt(prefix.slice(0, 2), 16)
    const start = first === 0 ? 0 : fans[first - 1]!
    const end = fans[first]!
    let low = start
    let high = end
    const floor = Buffer.from(prefix.padEnd(40, '0'), 'hex')
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#idAt(middle).compare(floor) < 0) low = middle + 1
      else high = middle
    }
    for (; low < end && into.size < limit; low++) {
      const id = this.#idAt(low).toString('hex')
      if (!id.startsWith(prefix)) return
      into.add(id)
    }
  }

  /** Ids of all objects, in index order. */
  *ids(): Iterable<string> {
    const count = this.count
    for (let at = 0; at < count; at++) yield this.#idAt(at).toString('hex')
  }

  /**
   * The object at an offset. `readBase` finds the base of a reference delta wherever it is.
   * Throws RangeError (or zlib's error) for a damaged pack.
   */
  read(offset: number, readBase: (oid: string) => StoredObject): StoredObject {
    const cached = this.#cache.get(this.#number, offset)
    if (cached) return cached
    const deltas: { offset: number; entry: Entry }[] = []
    let at = offset
    let object: StoredObject | null = null
    while (!object) {
      const known = this.#cache.get(this.#number, at)
      if (known) {
        object = known
        break
      }
      const entry = this.#entry(at)
      if (entry.base === null) {
        object = { type: types[entry.type]!, data: this.#inflate(entry) }
        // A walk over history reads each commit once: kept, they would only push out what is read again.
        if (deltas.length > 0 || object.type !== 'commit') this.#cache.put(this.#number, at, object)
      } else {
        deltas.push({ offset: at, entry })
        if (typeof entry.base === 'string') {
          const here = this.find(Buffer.from(entry.base, 'hex'))
          if (here === -1) object = readBase(entry.base)
          else at = here
        } else at = entry.base
        if (deltas.length > 10_000) throw new RangeError('deltas run in a circle')
      }
    }
    for (let k = deltas.length - 1; k >= 0; k--) {
      const delta = deltas[k]!
      object = { type: object.type, data: applyDelta(object.data, this.#inflate(delta.entry)) }
      this.#cache.put(this.#number, delta.offset, object)
    }
    return object
  }

  close(): void {
    this.#index?.close()
    this.#pack?.close()
    this.#index = null
    this.#pack = null
    this.#fan = null
  }

  #fans(): Uint32Array {
    if (this.#fan) return this.#fan
    const index = new FileBytes(`${this.path}.idx`, this.#budget)
    const head = index.slice(0, idStart)
    if (head.length < idStart || head.readUInt32BE(0) !== 0xff744f63 || head.readUInt32BE(4) !== 2) {
      index.close()
      throw new RangeError('pack index is not version 2')
    }
    const fan = new Uint32Array(256)
    for (let k = 0; k < 256; k++) fan[k] = head.readUInt32BE(fanStart + k * 4)
    this.#index = index
    this.#fan = fan
    return fan
  }

  #file(): FileBytes {
    this.#pack ??= new FileBytes(`${this.path}.pack`, this.#budget)
    return this.#pack
  }

  #idAt(position: number): Buffer {
    return this.#index!.slice(idStart + position * 20, 20)
  }

  #offsetAt(position: number): number {
    const index = this.#index!
    const count = this.#fan![255]!
    const offset = index.slice(idStart + count * 24 + position * 4, 4).readUInt32BE(0)
    if (offset < 0x80000000) return offset
    return Number(index.slice(idStart + count * 28 + (offset - 0x80000000) * 8, 8).readBigUInt64BE(0))
  }

  #entry(offset: number): Entry {
    // Type and length take up to 10 bytes, an offset as many, an id 20.
    const head = this.#file().slice(offset, 40)
    let at = 0
    let byte = head[at++]!
    const type = (byte >> 4) & 7
    let size = byte & 15
    let scale = 16
    while (byte & 0x80) {
      byte = head[at++]!
      size += (byte & 0x7f) * scale
      scale *= 128
    }
    let base: number | string | null = null
    if (type === 6) {
      byte = head[at++]!
      let back = byte & 0x7f
      while (byte & 0x80) {
        byte = head[at++]!
        back = (back + 1) * 128 + (byte & 0x7f)
      }
      base = offset - back
      if (!(base < offset && base >= 12)) throw new RangeError('delta base is outside the pack')
    } else if (type === 7) {
      base = head.toString('hex', at, at + 20)
      at += 20
    } else if (!types[type]) throw new RangeError(`unknown object type ${type}`)
    return { type, size, body: offset + at, base }
  }

  #inflate(entry: Entry): Buffer {
    const file = this.#file()
    // zlib never needs more than this for incompressible bytes. In a file read by windows a large and well compressed
    // object would read far too much that way, so there the next object's offset is looked up.
    const bound = entry.size + (entry.size >>> 3) + 1024
    const wanted = file.whole || bound < 65_536 ? bound : this.#room(entry.body)
    const input = file.slice(entry.body, wanted)
    const data = inflateSync(input, {
      maxOutputLength: Math.max(1, entry.size),
      // One byte to spare, so that zlib sees the end of the stream without a second buffer.
      chunkSize: Math.max(64, entry.size + 16),
      finishFlush: zlib.Z_SYNC_FLUSH,
    })
    if (data.length !== entry.size) throw new RangeError('object has the wrong length')
    return data
  }

  /** Bytes from here to the next object (or the trailing checksum). */
  #room(body: number): number {
    if (!this.#offsets) {
      const count = this.count
      const all = new Float64Array(count + 1)
      for (let k = 0; k < count; k++) all[k] = this.#offsetAt(k)
      all[count] = this.#file().length - 20
      this.#offsets = all.sort()
    }
    const all = this.#offsets
    let low = 0
    let high = all.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (all[middle]! <= body) low = middle + 1
      else high = middle
    }
    return (all[low] ?? this.#file().length) - body
  }
}
