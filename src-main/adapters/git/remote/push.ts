import type { PushResult, TransferProgress } from '../../../needs/git-remote.ts'
import type { ObjectId } from '../../../needs/git-repository.ts'
import { isAncestor } from '../history/is-ancestor.ts'
import { noObject } from '../refs/reflog.ts'
import { refspecsOf } from './fetch.ts'
import { greet, translateRemoteError } from './greet.ts'
import { Forbidden } from './http-service.ts'
import { listNewObjects } from './list-new-objects.ts'
import type { LocalClone } from './local-clone.ts'
import { openService, type ServiceNeeds } from './open-service.ts'
import { flushPacket, forPeople, PacketReader, ProtocolError, packetLine, sideBand } from './packet-lines.ts'
import { mapRef } from './refspec.ts'
import { pushUrl } from './rewrite-url.ts'
import type { GitService } from './service.ts'
import { writePack } from './write-pack.ts'

/** Pushes one commit to one ref: the remote moves it only from where it was last seen (see `GitRemotes.push`). */
export async function pushCommit(
  local: LocalClone,
  remote: string,
  commit: ObjectId,
  ref: string,
  expected: ObjectId | null,
  needs: ServiceNeeds,
  progress: TransferProgress | undefined,
  signal: AbortSignal,
): Promise<PushResult> {
  let service: GitService | null = null
  try {
    progress?.({ phase: 'transport.phaseConnecting', done: 0, total: null })
    const url = pushUrl(remote, local.configuration)
    try {
      service = await openService(url, 'git-receive-pack', local.configuration, local.directory, needs, signal)
    } catch (error) {
      // The remote knows who this is and says no, which is an answer and not a failure.
      if (error instanceof Forbidden) return { kind: 'refused', reason: error.words || error.message }
      throw error
    }
    const { refs, haves, capabilities } = await greet(service, 'git-receive-pack', signal)
    const now = refs.get(ref) ?? null
    // An earlier push whose answer was lost.
    if (now === commit) return await pushed(local, remote, ref, commit)
    if (now !== expected) return { kind: 'moved', at: now }
    if (expected !== null && !(await isAncestor(local, expected, commit, signal))) return { kind: 'moved' }

    const known = [...new Set([...refs.values(), ...haves])].filter(
      oid => local.objects.tryRead(oid)?.type === 'commit',
    )
    const oids = await listNewObjects(local, commit, known, signal)
    const report = ['report-status'].find(name => capabilities.has(name))
    const banded = capabilities.has('side-band-64k')
    const asked = [
      ...(report ? [report] : []),
      ...(banded ? ['side-band-64k'] : []),
      ...(capabilities.has('object-format=sha1') ? ['object-format=sha1'] : []),
      ...([...capabilities].some(word => word.startsWith('agent=')) ? ['agent=pilothouse'] : []),
    ].join(' ')
    async function* body(): AsyncGenerator<Uint8Array> {
      yield Buffer.concat([packetLine(`${expected ?? noObject} ${commit} ${ref}\0${asked}`), flushPacket])
      yield* writePack(
        local.objects,
        oids,
        done => progress?.({ phase: 'transport.phaseSending', done, total: oids.length }),
        signal,
      )
    }
    let answer: PacketReader
    try {
      answer = await service.request(body(), true)
    } catch (error) {
      if (error instanceof Forbidden) return { kind: 'refused', reason: error.words || error.message }
      throw error
    }
    const said: string[] = []
    const status = await readStatus(banded ? new PacketReader(sideBand(answer, text => said.push(text))) : answer, ref)
    await service.ended()
    const words = forPeople([said.join(''), service.complaint()].join('\n'))
    if (status === null) return await pushed(local, remote, ref, commit)
    if (staleWords.test(`${status}\n${words}`)) return { kind: 'moved' }
    // The reason is often too short to tell (`failed to update ref`): whether the branch has moved says it.
    if (vagueWords.test(status) && (await branchAt(url, ref, local, needs, signal)) !== now) return { kind: 'moved' }
    return { kind: 'refused', reason: words.includes(status) ? words : [words, status].filter(Boolean).join('\n') }
  } catch (error) {
    throw translateRemoteError(error, service, signal)
  } finally {
    await service?.[Symbol.asyncDispose]()
  }
}

/** What remotes say when another push was first, or is under way. */
const staleWords =
  /cannot lock ref|Unable to create '.*\.lock'|is at [0-9a-f]{40} but expected|reference already exists|non-fast-forward|fetch first|stale info|incorrect old value/i
const vagueWords = /failed to update|failed to lock|atomic/i

/** Reads `report-status`: null when the branch was moved, else the remote's reason. */
async function readStatus(packets: PacketReader, ref: string): Promise<string | null> {
  let unpacked: string | null = null
  let reason: string | null | undefined
  for (;;) {
    const line = await packets.nextLine()
    if (line === null || line === 'flush') break
    if (line.startsWith('unpack ')) unpacked = line.slice(7)
    else if (line === `ok ${ref}`) reason = null
    else if (line.startsWith(`ng ${ref} `)) reason = line.slice(`ng ${ref} `.length)
  }
  if (unpacked !== null && unpacked !== 'ok') return `${reason ?? 'unpack'}: ${unpacked}`
  if (reason === undefined) throw new ProtocolError('it did not say whether the branch was moved')
  return reason
}

async function branchAt(
  url: string,
  ref: string,
  local: LocalClone,
  needs: ServiceNeeds,
  signal: AbortSignal,
): Promise<ObjectId | null> {
  await using again = await openService(url, 'git-receive-pack', local.configuration, local.directory, needs, signal)
  const { refs } = await greet(again, 'git-receive-pack', signal)
  return refs.get(ref) ?? null
}

/** Notes where the remote's branch is now. A fetch that has seen more in the meantime wins. */
async function pushed(local: LocalClone, remote: string, ref: string, commit: ObjectId): Promise<PushResult> {
  const tracking = refspecsOf(local, remote)
    .map(spec => mapRef(spec, ref))
    .find(name => name?.startsWith('refs/remotes/') || name?.startsWith('refs/remote-notes/'))
  if (tracking) {
    const value = local.refs.read(tracking)
    const from = value?.kind === 'object' ? value.oid : null
    if (from !== commit && value?.kind !== 'symbolic') {
      const ahead = from !== null && (await isAncestor(local, commit, from, new AbortController().signal))
      if (!ahead) await local.refs.update({ ref: tracking, from, to: commit, message: 'update by push' })
    }
  }
  return { kind: 'pushed' }
}
