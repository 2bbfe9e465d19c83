import { latest, liveSource } from '../../../shared/contract/live-source.ts'
import type { FollowedMember, FollowView } from '../../../shared/delivery/delivery.ts'
import { type GitopsState, gitopsState } from '../../../shared/delivery/gitops-state.ts'
import { AppError, isCancelled } from '../../../shared/errors.ts'
import type { LiveObject } from '../../../shared/health/health.ts'
import { textAt } from '../../../shared/manifests/manifest.ts'
import type { Message } from '../../../shared/messages/index.ts'
import type { Cluster, KindName, WatchEvent } from '../../needs/cluster.ts'
import { environmentNamed, readerOf } from '../topology/index.ts'
import type { Workspace } from '../workspaces/index.ts'
import { delivers, engineKinds, sourceAddresses } from './find-members.ts'

type Watched = {
  readonly kind: KindName
  readonly objects: Map<string, LiveObject>
  stale: Extract<WatchEvent, { kind: 'stale' }> | null
  problem: Message | null
  /** The first answer is in, whatever it was. */
  told: boolean
}

const flux = { group: 'source.toolkit.fluxcd.io', kind: 'GitRepository' }

/** What delivers an environment, anew whenever the cluster or the branch says something else. */
export async function* followMembers(
  workspace: Workspace,
  cluster: Cluster,
  environment: string,
  signal: AbortSignal,
): AsyncGenerator<FollowView> {
  const kinds: KindName[] = (await engineKinds(cluster, signal)).map(({ group, kind }) => ({ group, kind }))
  if (kinds.some(({ group }) => group.endsWith('toolkit.fluxcd.io'))) kinds.push(flux)
  const all = kinds.map((kind): Watched => ({ kind, objects: new Map(), stale: null, problem: null, told: false }))
  const changes = liveSource<'changed'>(
    signal,
    (emit, fail) => {
      const ending = new AbortController()
      const changed = (): void => emit('changed')
      if (all.length === 0) changed()
      for (const each of all)
        keep(cluster, each, changed, AbortSignal.any([signal, ending.signal])).catch((error: unknown) => {
          if (!isCancelled(error)) fail(error)
        })
      const close = workspace.onChange(changed)
      return () => {
        ending.abort()
        close()
      }
    },
    latest,
  )
  for await (const _ of changes)
    if (all.every(({ told }) => told)) yield await view(workspace, cluster, environment, all)
}

/** Keeps one kind as it is; what may not be looked at is said, and the others go on. */
async function keep(cluster: Cluster, watched: Watched, changed: () => void, signal: AbortSignal): Promise<void> {
  const keyOf = (object: LiveObject) =>
    `${textAt(object, 'metadata', 'namespace') ?? ''}/${textAt(object, 'metadata', 'name') ?? ''}`
  try {
    for await (const event of cluster.watch({ kind: watched.kind }, signal)) {
      if (event.kind === 'snapshot') {
        watched.objects.clear()
        for (const object of event.objects) watched.objects.set(keyOf(object), object)
      } else if (event.kind === 'changes') {
        for (const object of event.gone) watched.objects.delete(keyOf(object))
        for (const object of event.changed) watched.objects.set(keyOf(object), object)
      }
      watched.stale = event.kind === 'stale' ? event : null
      watched.told = true
      changed()
    }
  } catch (error) {
    if (isCancelled(error) || !(error instanceof AppError)) throw error
    watched.problem = { key: error.key, params: error.params }
    watched.told = true
    changed()
  }
}

async function view(
  workspace: Workspace,
  cluster: Cluster,
  name: string,
  all: readonly Watched[],
): Promise<FollowView> {
  const { repository } = workspace
  const reader = readerOf(workspace)
  const { branch, commit } = await repository.head()
  const environment = environmentNamed(reader, await reader.filesAt(commit), name)
  const remote = await repository.remoteOf(branch)
  const sources = sourceAddresses([...(all.find(({ kind }) => kind === flux)?.objects.values() ?? [])])
  const states = all
    .filter(({ kind }) => kind !== flux)
    .flatMap(({ objects }) => [...objects.values()])
    .filter(object => delivers(object, environment, remote?.url ?? null, sources))
    .flatMap(object => gitopsState(object) ?? [])
  const stale = all.map(each => each.stale).find(each => each !== null)
  return {
    environment: environment.id,
    context: cluster.context.name,
    sandbox: cluster.context.sandbox,
    revision: commit,
    members: await Promise.all(states.map(state => withStanding(workspace, state, commit))),
    stale: stale ? { since: new Date(stale.since).toISOString(), problem: stale.problem } : null,
    problems: all.flatMap(({ problem }) => problem ?? []),
  }
}

async function withStanding(workspace: Workspace, state: GitopsState, head: string | null): Promise<FollowedMember> {
  const { repository } = workspace
  const isCommit = state.revision !== null && /^[0-9a-f]{40,64}$/.test(state.revision)
  const applied = isCommit && state.revision !== null ? await repository.resolve(state.revision) : null
  if (applied === null || head === null) return { ...state, standing: 'elsewhere', behind: 0 }
  const { ahead } = await repository.distance(head, applied)
  return { ...state, standing: ahead === 0 ? 'here' : 'behind', behind: ahead }
}
