import type { TransferProgress } from '../../../needs/git-remote.ts'
import type { ObjectId } from '../../../needs/git-repository.ts'
import type { Advertisement } from './advertisement.ts'
import { flushPacket, type PacketReader, ProtocolError, packetLine, sideBand } from './packet-lines.ts'
import type { GitService } from './service.ts'
import { storePack } from './store-pack.ts'

export type PackRequest = {
  readonly wants: readonly ObjectId[]
  /** Commits that are here, best first; taken as far as the remote needs them. */
  readonly haves: Iterator<ObjectId>
  /** Told of what the remote has too, so that its ancestors need not be offered. */
  readonly common: (oid: ObjectId) => void
  /** Commits that are here without their parents. */
  readonly shallow: readonly ObjectId[]
  /** Send annotated tags along with what they point at. */
  readonly tags: boolean
}

/** Commits offered in vain before giving up, once something in common is known (git's number). */
const mostInVain = 256
const firstBatch = 16
const largestBatch = 1024

/** Agrees with the remote on what is missing here, receives it and stores it. Resolves with the number of objects. */
export async function fetchPack(
  service: GitService,
  { capabilities }: Advertisement,
  request: PackRequest,
  packDirectory: string,
  progress: TransferProgress | undefined,
  signal: AbortSignal,
): Promise<number> {
  const detailed = capabilities.has('multi_ack_detailed')
  const noDone = detailed && service.stateless && capabilities.has('no-done')
  const band = ['side-band-64k', 'side-band'].find(name => capabilities.has(name))
  const asked = [
    ...(detailed ? ['multi_ack_detailed'] : []),
    ...(noDone ? ['no-done'] : []),
    ...(band === undefined ? [] : [band]),
    ...(capabilities.has('ofs-delta') ? ['ofs-delta'] : []),
    ...(request.tags && capabilities.has('include-tag') ? ['include-tag'] : []),
    ...(capabilities.has('object-format=sha1') ? ['object-format=sha1'] : []),
    ...([...capabilities].some(word => word.startsWith('agent=')) ? ['agent=pilothouse'] : []),
  ]
  const opening = Buffer.concat([
    ...request.wants.map((oid, at) => packetLine(`want ${oid}${at === 0 ? ` ${asked.join(' ')}` : ''}\n`)),
    ...(capabilities.has('shallow') ? request.shallow.map(oid => packetLine(`shallow ${oid}\n`)) : []),
    flushPacket,
  ])
  const have = (oid: ObjectId) => packetLine(`have ${oid}\n`)
  const done = packetLine('done\n')

  const agreed: ObjectId[] = []
  let packets: PacketReader | null = null
  let ready = false
  let packFollows = false
  let inVain = 0
  let batchSize = firstBatch
  // A server without detailed acknowledgements is so old that it gets a plain request: more to send, never wrong.
  while (detailed && !ready && !packFollows) {
    const batch: ObjectId[] = []
    while (batch.length < batchSize) {
      const next = request.haves.next()
      if (next.done) break
      batch.push(next.value)
    }
    if (batch.length === 0 || (agreed.length > 0 && inVain > mostInVain)) break
    batchSize = Math.min(batchSize * 2, largestBatch)
    const again = service.stateless ? [opening, ...agreed.map(have)] : packets ? [] : [opening]
    packets = await service.request(chunks([...again, ...batch.map(have), flushPacket]), false)
    inVain += batch.length
    for (;;) {
      const line = await packets.nextLine()
      if (line === 'NAK') break
      const [, oid, word] = /^ACK ([0-9a-f]{40})(?: (common|ready|continue))?$/.exec(String(line)) ?? []
      if (oid === undefined) throw new ProtocolError(`unexpected answer to what is here`)
      if (word === undefined) {
        packFollows = true
        break
      }
      if (word === 'ready') ready = true
      if (!agreed.includes(oid)) {
        agreed.push(oid)
        request.common(oid)
        inVain = 0
      }
    }
  }
  if (!packFollows) {
    const again = service.stateless ? [opening, ...agreed.map(have)] : packets ? [] : [opening]
    packets = await service.request(chunks([...again, done]), true)
    for (;;) {
      const line = await packets.nextLine()
      if (line === 'NAK' || /^ACK [0-9a-f]{40}$/.test(String(line))) break
      if (!/^ACK [0-9a-f]{40} \w+$/.test(String(line))) throw new ProtocolError('no pack followed')
    }
  }
  const source = band === undefined ? packets!.rest() : sideBand(packets!, text => tell(text, progress))
  return await storePack(source, packDirectory, progress, signal)
}

async function* chunks(parts: readonly Buffer[]): AsyncGenerator<Uint8Array> {
  yield Buffer.concat(parts)
}

/** The remote's own progress (`Compressing objects:  43% (13/30)`) while it prepares the pack. */
function tell(text: string, progress: TransferProgress | undefined): void {
  const last = [...text.matchAll(/objects: +\d+% \((\d+)\/(\d+)\)/g)].at(-1)
  if (last && progress) progress({ phase: 'transport.phasePreparing', done: Number(last[1]), total: Number(last[2]) })
}
