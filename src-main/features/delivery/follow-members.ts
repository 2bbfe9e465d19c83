import type { Right } from '../../../shared/clusters/contract.ts'
import { latest, liveSource } from '../../../shared/contract/live-source.ts'
import type { FollowedMember, FollowView } from '../../../shared/delivery/delivery.ts'
import { type GitopsState, gitopsState } from '../../../shared/delivery/gitops-state.ts'
import { AppError, isCancelled } from '../../../shared/errors.ts'
import type { LiveObject } from '../../../shared/health/health.ts'
import { textAt } from '../../../shared/manifests/manifest.ts'
import type { Message } from '../../../shared/messages/index.ts'
import type { Cluster, ObjectKind, WatchEvent } from '../../needs/cluster.ts'
import { lackedRights, namespacesToTry, type Places, readablePlaces } from '../clusters/index.ts'
import { desiredIn, rightsToApply } from '../drift/index.ts'
import { environmentNamed, readerOf } from '../topology/index.ts'
import type { Workspace } from '../workspaces/index.ts'
import { delivers, engineKinds, sourceAddresses } from './find-members.ts'

type Watched = {
  readonly kind: ObjectKind
  /** Undefined: everywhere. */
  readonly namespace: string | undefined
  readonly objects: Map<string, LiveObject>
  stale: Extract<WatchEvent, { kind: 'stale' }> | null
  problem: Message | null
  /** The first answer is in, whatever it was. */
  told: boolean
}

const isSource = ({ group, kind }: ObjectKind): boolean =>
  group === 'source.toolkit.fluxcd.io' && kind === 'GitRepository'

/** Where engines keep their objects unless somebody says otherwise. */
const homes = ['argocd', 'flux-system']

/** What delivers an environment, anew whenever the cluster or the branch says something else. */
export async function* followMembers(
  workspace: Workspace,
  cluster: Cluster,
  environment: string,
  signal: AbortSignal,
): AsyncGenerator<FollowView> {
  const engines = await engineKinds(cluster, signal)
  const withFlux = engines.some(({ group }) => group.endsWith('toolkit.fluxcd.io'))
  const kinds = [...engines, ...(withFlux ? (await cluster.kinds(signal)).filter(isSource) : [])]
  const wanted = await desiredIn(workspace, cluster, { environment }, signal)
  const own = wanted.objects.flatMap(({ namespace }) => (namespace === '' ? [] : namespace))
  const toTry = namespacesToTry(cluster, [...own, ...homes], signal)
  const found = await Promise.all(
    kinds.map(async kind => ({ kind, where: await readablePlaces(cluster, kind, toTry, signal) })),
  )
  const all = found.flatMap(({ kind, where }) =>
    where.places.map(
      (namespace): Watched => ({ kind, namespace, objects: new Map(), stale: null, problem: null, told: false }),
    ),
  )
  const limits = found.filter(({ kind }) => !isSource(kind)).map(({ where }) => where)
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
    if (all.every(({ told }) => told)) yield await view(workspace, cluster, environment, { all, limits }, signal)
}

/** Keeps one kind as it is; what may not be looked at is said, and the others go on. */
async function keep(cluster: Cluster, watched: Watched, changed: () => void, signal: AbortSignal): Promise<void> {
  const keyOf = (object: LiveObject) =>
    `${textAt(object, 'metadata', 'namespace') ?? ''}/${textAt(object, 'metadata', 'name') ?? ''}`
  try {
    const { group, kind } = watched.kind
    const scope = { kind: { group, kind }, ...(watched.namespace !== undefined && { namespace: watched.namespace }) }
    for await (const event of cluster.watch(scope, signal)) {
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
  { all, limits }: { readonly all: readonly Watched[]; readonly limits: readonly Places[] },
  signal: AbortSignal,
): Promise<FollowView> {
  const { repository } = workspace
  const reader = readerOf(workspace)
  const { branch, commit } = await repository.head()
  const environment = environmentNamed(reader, await reader.filesAt(commit), name)
  const remote = await repository.remoteOf(branch)
  const sources = sourceAddresses(all.flatMap(({ kind, objects }) => (isSource(kind) ? [...objects.values()] : [])))
  const states = all
    .filter(({ kind }) => !isSource(kind))
    .flatMap(({ kind, objects }) => [...objects.values()].map(object => ({ kind, object })))
    .filter(({ object }) => delivers(object, environment, remote?.url ?? null, sources))
    .flatMap(({ kind, object }) => {
      const state = gitopsState(object)
      return state ? [{ kind, state }] : []
    })
  const stale = all.map(each => each.stale).find(each => each !== null)
  return {
    environment: environment.id,
    context: cluster.context.name,
    sandbox: cluster.context.sandbox,
    revision: commit,
    members: await Promise.all(
      states.map(async ({ kind, state }) => ({
        ...(await withStanding(workspace, state, commit)),
        ...(await withLacked(cluster, stale ? [] : [changing(kind, state)], signal)),
      })),
    ),
    ...(states.length === 0 &&
      (await withLacked(cluster, stale ? [] : await applying(workspace, cluster, name, signal), signal))),
    stale: stale ? { since: new Date(stale.since).toISOString(), problem: stale.problem } : null,
    problems: [...all.flatMap(({ problem }) => problem ?? []), ...(states.length === 0 ? unseen(limits) : [])],
  }
}

/** Every act on an engine is a change of its object. */
const changing = ({ group, resource }: ObjectKind, { namespace }: GitopsState): Right => ({
  ...{ verb: 'patch', group, resource },
  namespace: namespace === '' ? null : namespace,
})

/** What applying the objects of an environment takes; of kinds that are still to come nobody can be asked. */
async function applying(
  workspace: Workspace,
  cluster: Cluster,
  environment: string,
  signal: AbortSignal,
): Promise<readonly Right[]> {
  const { objects } = await desiredIn(workspace, cluster, { environment }, signal)
  return objects.flatMap(each => rightsToApply(each, true))
}

async function withLacked(cluster: Cluster, wanted: readonly Right[], signal: AbortSignal) {
  const missing = await lackedRights(cluster, wanted, signal)
  return missing.length > 0 ? { missing } : {}
}

/** Nobody was found where this person may look, and there are places where they may not. */
function unseen(limits: readonly Places[]): readonly Message[] {
  const limited = limits.flatMap(({ limited: right, places }) => (right ? [{ right, places }] : []))
  if (limited.length === 0) return []
  const kinds = limited.map(({ right }) => `${right.resource}.${right.group}`).join(', ')
  const namespaces = [...new Set(limited.flatMap(({ places }) => places))].sort().join(', ')
  return [{ key: 'delivery.lookedOnlyIn', params: { kinds, namespaces } }]
}

async function withStanding(workspace: Workspace, state: GitopsState, head: string | null): Promise<FollowedMember> {
  const { repository } = workspace
  const isCommit = state.revision !== null && /^[0-9a-f]{40,64}$/.test(state.revision)
  const applied = isCommit && state.revision !== null ? await repository.resolve(state.revision) : null
  if (applied === null || head === null) return { ...state, standing: 'elsewhere', behind: 0 }
  const { ahead } = await repository.distance(head, applied)
  return { ...state, standing: ahead === 0 ? 'here' : 'behind', behind: ahead }
}
