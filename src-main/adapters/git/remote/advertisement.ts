import type { ObjectId } from '../../../needs/git-repository.ts'
import { type PacketReader, ProtocolError, RemoteComplaint } from './packet-lines.ts'

/** What a remote says it has, before anything is asked. */
export type Advertisement = {
  /** In the remote's order; `HEAD` among them, peeled tags (`^{}`) not. */
  readonly refs: ReadonlyMap<string, ObjectId>
  /** What an annotated tag points at in the end. */
  readonly peeled: ReadonlyMap<string, ObjectId>
  readonly capabilities: ReadonlySet<string>
  /** The branch HEAD names, when the remote says; full name. */
  readonly head: string | null
  /** Commits the remote itself has no parents of. */
  readonly shallow: readonly ObjectId[]
  /** Commits the remote has without a ref of its own (receive-pack's `.have`). */
  readonly haves: readonly ObjectId[]
}

const line = /^([0-9a-f]{40}) ([^\0]+)(?:\0(.*))?$/s

/** Reads the list of refs that begins protocol versions 0 and 1. */
export async function readAdvertisement(packets: PacketReader, service: string): Promise<Advertisement> {
  const refs = new Map<string, ObjectId>()
  const peeled = new Map<string, ObjectId>()
  const capabilities = new Set<string>()
  const shallow: ObjectId[] = []
  const haves: ObjectId[] = []
  let first = true
  let sawService = false
  for (;;) {
    const text = await packets.nextLine()
    if (text === 'flush') {
      // Over http a line that names the service and a flush come first.
      if (first && capabilities.size === 0 && refs.size === 0 && sawService) {
        sawService = false
        continue
      }
      break
    }
    if (text === null || text === 'delimiter' || text === 'end') throw new ProtocolError('its list of refs breaks off')
    if (text.startsWith('ERR ')) throw new RemoteComplaint(text.slice(4))
    if (first && text === `# service=${service}`) {
      sawService = true
      continue
    }
    if (first && text.startsWith('version ')) {
      if (text !== 'version 1') throw new ProtocolError(`it insists on ${text}`)
      continue
    }
    if (text.startsWith('shallow ')) {
      shallow.push(text.slice(8))
      continue
    }
    const match = line.exec(text)
    if (!match) throw new ProtocolError('a line in its list of refs is no ref')
    const [, oid, name, words] = match as unknown as [string, ObjectId, string, string | undefined]
    if (first) for (const word of words?.split(' ') ?? []) if (word !== '') capabilities.add(word)
    first = false
    if (name === 'capabilities^{}') continue
    if (name === '.have') haves.push(oid)
    else if (name.endsWith('^{}')) peeled.set(name.slice(0, -3), oid)
    else refs.set(name, oid)
  }
  const symref = [...capabilities].find(word => word.startsWith('symref=HEAD:'))
  return { refs, peeled, capabilities, head: symref?.slice('symref=HEAD:'.length) ?? null, shallow, haves }
}
