import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '../../../../shared/errors.ts'
import { resultsRef } from '../../../../shared/results/result.ts'
import type { TransferProgress } from '../../../needs/git-remote.ts'
import type { ObjectId } from '../../../needs/git-repository.ts'
import { readText } from '../files/read-text.ts'
import { isAncestor } from '../history/is-ancestor.ts'
import { paint } from '../history/paint.ts'
import { remoteNotesRef } from '../notes/remote-notes-ref.ts'
import { isRefName } from '../refs/ref-name.ts'
import type { Advertisement } from './advertisement.ts'
import { fetchPack } from './fetch-pack.ts'
import { greet, translateRemoteError } from './greet.ts'
import type { LocalClone } from './local-clone.ts'
import { localTips, offerCommits } from './local-haves.ts'
import { openService, type ServiceNeeds } from './open-service.ts'
import { mapRef, parseRefspec, type Refspec } from './refspec.ts'
import { fetchUrl } from './rewrite-url.ts'
import type { GitService } from './service.ts'

type Wanted = { readonly ref: string; readonly oid: ObjectId; readonly force: boolean }

/** Fetches what the remote's refspecs name, and tags of what came. True when a ref moved. */
export async function fetchRemote(
  local: LocalClone,
  remote: string,
  needs: ServiceNeeds,
  progress: TransferProgress | undefined,
  signal: AbortSignal,
): Promise<boolean> {
  let service: GitService | null = null
  try {
    const url = fetchUrl(remote, local.configuration)
    progress?.({ phase: 'transport.phaseConnecting', done: 0, total: null })
    service = await openService(url, 'git-upload-pack', local.configuration, local.directory, needs, signal)
    const advertisement = await greet(service, 'git-upload-pack', signal)
    const specs = refspecsOf(local, remote)
    const current = local.refs.head().ref
    const wanted: Wanted[] = []
    for (const [name, oid] of advertisement.refs)
      for (const spec of specs) {
        const ref = mapRef(spec, name)
        // The branch of the work tree is moved by `moveBranch` alone, which brings the files along.
        if (ref !== null && isRefName(ref) && ref !== current && !ref.startsWith('refs/heads/'))
          wanted.push({ ref, oid, force: spec.force })
      }
    const followTags = local.configuration.get(`remote.${remote}.tagopt`) !== '--no-tags'

    const tips = localTips(local)
    const reachable = await reachableFrom(
      local,
      tips,
      wanted.map(({ oid }) => oid),
      signal,
    )
    const missing = [...new Set(wanted.map(({ oid }) => oid))].filter(oid => !reachable.has(oid))
    const shallow = (readText(join(local.commonDirectory, 'shallow')) ?? '').split('\n').filter(line => line !== '')
    const receive = async (from: GitService, list: Advertisement, wants: readonly ObjectId[]) => {
      const known = [...new Set([...list.refs.values()])].filter(oid => reachable.has(oid))
      const offered = offerCommits(local, tips, known)
      await fetchPack(
        from,
        list,
        { wants, ...offered, shallow, tags: followTags },
        local.objects.packDirectory,
        progress,
        signal,
      )
      local.objects.reload()
      for (const oid of wants)
        if (!local.objects.has(oid))
          throw new AppError('connection-lost', 'transport.missingTip', { host: from.host, oid })
    }
    if (missing.length > 0) {
      await receive(service, advertisement, missing)
      keepShallow(local, advertisement, shallow)
    } else await goodbye(service)
    await service[Symbol.asyncDispose]()

    if (followTags) {
      const tags = [...advertisement.refs].filter(
        ([name, oid]) =>
          name.startsWith('refs/tags/') &&
          isRefName(name) &&
          local.refs.read(name) === null &&
          local.objects.has(advertisement.peeled.get(name) ?? oid),
      )
      const missingTags = [...new Set(tags.map(([, oid]) => oid))].filter(oid => !local.objects.has(oid))
      if (missingTags.length > 0) {
        // The remote did not send them along: ask for them.
        service = await openService(url, 'git-upload-pack', local.configuration, local.directory, needs, signal)
        await receive(service, await greet(service, 'git-upload-pack', signal), missingTags)
        await service[Symbol.asyncDispose]()
      }
      wanted.push(...tags.map(([ref, oid]) => ({ ref, oid, force: false })))
    }
    signal.throwIfAborted()
    return await moveRefs(local, remote, wanted, signal)
  } catch (error) {
    await service?.[Symbol.asyncDispose]()
    throw translateRemoteError(error, service, signal)
  }
}

/** `remote.<name>.fetch`, git's default where it is not set; and the results of decisions, which are notes. */
export function refspecsOf(local: LocalClone, remote: string): readonly Refspec[] {
  const configured = local.configuration.all(`remote.${remote}.fetch`)
  const branches = configured.length > 0 ? configured : [`+refs/heads/*:refs/remotes/${remote}/*`]
  const lines = [...branches, `+${resultsRef}:${remoteNotesRef(remote)}`]
  return lines.map(parseRefspec).filter(spec => spec !== null)
}

/**
 * Which of these objects are here with all their history: those that refs lead to. That an object is here is not
 * enough, for it may be what an interrupted transfer or a half-done clean-up left.
 */
async function reachableFrom(
  local: LocalClone,
  tips: readonly ObjectId[],
  oids: readonly ObjectId[],
  signal: AbortSignal,
): Promise<ReadonlySet<ObjectId>> {
  const direct = new Set<ObjectId>([
    ...tips,
    ...local.refs.list('refs/').flatMap(ref => [ref.oid, ref.peeled ?? ref.oid]),
  ])
  const rest = [...new Set(oids)].filter(oid => !direct.has(oid) && local.objects.has(oid) && isCommit(local, oid))
  if (rest.length > 0) {
    try {
      const painted = await paint(local.graph, rest, tips, signal)
      for (const oid of rest) if ((painted.get(oid)?.colours ?? 0) & 2) direct.add(oid)
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'not-found') throw error
      // Their history breaks off: they are fetched.
    }
  }
  return direct
}

const isCommit = (local: LocalClone, oid: ObjectId): boolean => local.objects.tryRead(oid)?.type === 'commit'

/** Nothing is wanted: said politely, so that a server does not log a broken connection. */
async function goodbye(service: GitService): Promise<void> {
  if (service.stateless) return
  await service.request(flush(), true)
}

async function* flush(): AsyncGenerator<Uint8Array> {
  yield Buffer.from('0000')
}

/** Commits the remote itself has without parents, and that are here now: the clone is shallow there, too. */
function keepShallow(local: LocalClone, { shallow }: Advertisement, before: readonly string[]): void {
  const fresh = shallow.filter(
    oid =>
      !before.includes(oid) &&
      local.objects.has(oid) &&
      local.graph.links(oid).parents.some(parent => !local.objects.has(parent)),
  )
  if (fresh.length === 0) return
  writeFileSync(join(local.commonDirectory, 'shallow'), [...before, ...fresh].map(oid => `${oid}\n`).join(''))
  local.graph.refresh()
}

async function moveRefs(
  local: LocalClone,
  remote: string,
  wanted: readonly Wanted[],
  signal: AbortSignal,
): Promise<boolean> {
  let moved = false
  let failure: unknown
  for (const { ref, oid, force } of wanted) {
    try {
      const value = local.refs.read(ref)
      if (value?.kind === 'symbolic') continue
      const from = value?.oid ?? null
      if (from === oid) continue
      const forward = from === null || (await isAncestor(local, from, oid, signal))
      if (!forward && (!force || ref.startsWith('refs/tags/'))) continue
      const how =
        from === null
          ? ref.startsWith('refs/tags/')
            ? 'storing tag'
            : 'storing head'
          : forward
            ? 'fast-forward'
            : 'forced-update'
      // Another fetch that was faster has seen at least as much.
      const outcome = await local.refs.update({ ref, from, to: oid, message: `fetch ${remote}: ${how}` })
      if (outcome.kind === 'updated') moved = true
    } catch (error) {
      // One branch that cannot be stored (its name clashes with one that is gone) must not stop the others.
      failure ??= error
    }
  }
  if (failure !== undefined) throw failure
  return moved
}
