import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { deflate, deflateSync } from 'node:zlib'
import type { ObjectId } from '../../../needs/git-repository.ts'
import { breather } from '../files/breathe.ts'
import type { ObjectStore } from '../objects/object-store.ts'

const typeNumbers = { commit: 1, tree: 2, blob: 3, tag: 4 } as const
const deflateLater = promisify(deflate)
/** Above this, compressing holds the event loop for longer than a frame. */
const largeObject = 1 << 20
const chunkSize = 1 << 16

/** A pack of whole objects (gitformat-pack), as it is made: large pushes are never in memory. */
export async function* writePack(
  objects: ObjectStore,
  oids: readonly ObjectId[],
  progress: (done: number) => void,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const breathe = breather(signal)
  const checksum = createHash('sha1')
  const head = Buffer.alloc(12)
  head.write('PACK')
  head.writeUInt32BE(2, 4)
  head.writeUInt32BE(oids.length, 8)
  let parts: Buffer[] = [head]
  let size = head.length
  for (const [at, oid] of oids.entries()) {
    const pause = breathe()
    if (pause) await pause
    const { type, data } = objects.read(oid)
    const body = data.length > largeObject ? await deflateLater(data) : deflateSync(data)
    parts.push(entryHead(typeNumbers[type], data.length), body)
    size += body.length + 10
    if (size < chunkSize) continue
    progress(at + 1)
    const chunk = Buffer.concat(parts)
    checksum.update(chunk)
    yield chunk
    parts = []
    size = 0
  }
  const last = Buffer.concat(parts)
  checksum.update(last)
  progress(oids.length)
  yield Buffer.concat([last, checksum.digest()])
}

/** Type and length: four bits of length in the first byte, seven in each that follows. */
function entryHead(type: number, length: number): Buffer {
  const bytes: number[] = []
  let rest = Math.floor(length / 16)
  let byte = (type << 4) | (length & 15)
  while (rest > 0) {
    bytes.push(byte | 0x80)
    byte = rest % 128
    rest = Math.floor(rest / 128)
  }
  bytes.push(byte)
  return Buffer.from(bytes)
}
