import { setLabel } from '../../../shared/delivery/owned-set.ts'
import type { DriftedObject } from '../../../shared/drift/contract.ts'
import { type DriftView, type FieldDrift, isDrift, type ObjectDrift } from '../../../shared/drift/drift.ts'
import { driftOfObject, type JudgedDifference } from '../../../shared/drift/drift-of-object.ts'
import { pathOn } from '../../../shared/drift/live-path.ts'
import type { AppError } from '../../../shared/errors.ts'
import type { LiveObject } from '../../../shared/health/health.ts'
import { fileAt, textAt } from '../../../shared/manifests/manifest.ts'
import type { Message } from '../../../shared/messages/index.ts'
import type { Cluster } from '../../needs/cluster.ts'
import { lackedRights } from '../clusters/index.ts'
import type { Workspace } from '../workspaces/index.ts'
import { type Desired, type DesiredObject, desiredIn } from './desired-objects.ts'
import { findSurroundings } from './find-surroundings.ts'
import { whoWrote } from './line-history.ts'
import { ownedObjects } from './owned-objects.ts'
import { problemOf, readLive } from './read-live.ts'
import { rightsToApply } from './rights-to-apply.ts'

export type Asked = {
  readonly environment: string
  readonly namespace?: string | undefined
  readonly revision?: string | undefined
  readonly objects?: readonly DriftedObject[] | undefined
}

/** One object with all that its drift was judged from. */
export type Checked = {
  readonly desired: DesiredObject
  readonly live: LiveObject | null
  readonly fields: readonly JudgedDifference[]
  readonly others: readonly JudgedDifference[]
  readonly told: 'server' | 'local'
  readonly problem: AppError | null
}

export type CheckedEnvironment = {
  readonly desired: Desired
  readonly checked: readonly Checked[]
}

/** Each object of an environment beside what is live of it, and what that means. */
export async function checkObjects(
  workspace: Workspace,
  cluster: Cluster,
  asked: Asked,
  signal: AbortSignal,
): Promise<CheckedEnvironment> {
  const all = await desiredIn(workspace, cluster, asked, signal)
  const objects = asked.objects
    ? all.objects.filter(each => asked.objects?.some(name => isNamed(each, name)))
    : all.objects
  const [live, around] = await Promise.all([
    readLive(cluster, objects, signal),
    findSurroundings(cluster, all.objects, signal),
  ])
  const checked = await Promise.all(
    objects.map(async (desired): Promise<Checked> => {
      const none = { desired, live: null, fields: [], others: [], told: 'local', problem: null } as const
      const found = live.get(desired)
      if (!found || !desired.kind) return none
      if ('problem' in found) return { ...none, problem: found.problem }
      const object = found.object
      if (!object) return none
      const surroundings = around(desired)
      const local = driftOfObject(desired.object, object, null, surroundings)
      // What is the same here is the same there: only what differs is put to the server.
      if (local.fields.length + local.others.length === 0) return { ...none, live: object }
      const answer = await dryRun(cluster, desired, signal)
      if ('problem' in answer) return { ...none, live: object, ...local, problem: answer.problem }
      if (!answer.applied) return { ...none, live: object, ...local }
      const { fields, others } = driftOfObject(desired.object, object, answer.applied, surroundings)
      return { ...none, live: object, fields, others, told: 'server' }
    }),
  )
  return { desired: { ...all, objects }, checked }
}

const isNamed = ({ manifest, namespace }: DesiredObject, name: DriftedObject): boolean =>
  manifest.group === name.group &&
  manifest.kind === name.kind &&
  manifest.name === name.name &&
  namespace === name.namespace

/** What applying would make of an object, by the server's own word; null where nobody may ask. */
async function dryRun(
  cluster: Cluster,
  { object, kind, namespace, manifest }: DesiredObject,
  signal: AbortSignal,
): Promise<{ readonly applied: LiveObject | null } | { readonly problem: AppError }> {
  if (!kind || manifest.value['sops'] !== undefined) return { applied: null }
  const right = { verb: 'patch', group: kind.group, resource: kind.resource, ...(namespace !== '' && { namespace }) }
  try {
    const [allowed] = await cluster.mayI([right], signal)
    if (!allowed) return { applied: null }
    return { applied: await cluster.apply(object, { fieldManager: 'pilothouse', force: true, dryRun: true }, signal) }
  } catch (error) {
    const problem = problemOf(error)
    return problem.code === 'forbidden' ? { applied: null } : { problem }
  }
}

/** The same as it is told: with files, lines and the commits that wrote them. */
export async function driftView(
  workspace: Workspace,
  cluster: Cluster,
  asked: Asked,
  needs: { readonly set: string; readonly asOf: string },
  signal: AbortSignal,
): Promise<DriftView> {
  const { desired, checked } = await checkObjects(workspace, cluster, asked, signal)
  const told = await withLacked(cluster, checked, signal)
  const extras = asked.objects ? [] : await extraObjects(cluster, desired, checked, needs.set, signal)
  const objects = await withMakers(workspace, desired.revision, [...told, ...extras], signal)
  objects.sort((a, b) => rank(a) - rank(b) || (keyOf(a) < keyOf(b) ? -1 : 1))
  const counts = { same: 0, changed: 0, missing: 0, extra: 0, unknown: 0 }
  for (const { state } of objects) counts[state] += 1
  return {
    environment: desired.environment.id,
    context: cluster.context.name,
    sandbox: cluster.context.sandbox,
    revision: desired.revision,
    asOf: needs.asOf,
    counts,
    objects,
    notes: desired.notes,
  }
}

/** With the rights that putting each back takes and this person has not: asked once for all that drifted. */
async function withLacked(
  cluster: Cluster,
  checked: readonly Checked[],
  signal: AbortSignal,
): Promise<readonly ObjectDrift[]> {
  const all = checked.map(each => ({
    drift: objectDrift(each),
    wanted: rightsToApply(each.desired, each.live !== null),
  }))
  const lacked = await lackedRights(
    cluster,
    all.flatMap(({ drift, wanted }) => (isDrift(drift) ? wanted : [])),
    signal,
  )
  const keys = new Set(lacked.map(right => JSON.stringify(right)))
  return all.map(({ drift, wanted }) => {
    const missing = isDrift(drift) ? wanted.filter(right => keys.has(JSON.stringify(right))) : []
    return missing.length > 0 ? { ...drift, missing } : drift
  })
}

const states: readonly ObjectDrift['state'][] = ['missing', 'changed', 'extra', 'unknown', 'same']
const rank = ({ state }: ObjectDrift): number => states.indexOf(state)
const keyOf = ({ namespace, kind, name }: ObjectDrift): string => `${namespace}/${kind}/${name}`

export function objectDrift({ desired, live, fields, others, told, problem }: Checked): ObjectDrift {
  const { manifest, namespace, kind } = desired
  const place = ({ difference, drift }: JudgedDifference): FieldDrift => {
    const path = pathOn(manifest.value, difference.trail)
    return { ...drift, file: fileAt(manifest, path), line: manifest.lineOf(path) }
  }
  const unserved: Message | null = kind
    ? null
    : { key: 'drift.kindNotServed', params: { kind: manifest.kind, apiVersion: manifest.apiVersion } }
  return {
    group: manifest.group,
    version: manifest.apiVersion.slice(manifest.apiVersion.indexOf('/') + 1),
    kind: manifest.kind,
    namespace,
    name: manifest.name,
    state: live ? (fields.length > 0 ? 'changed' : 'same') : problem ? 'unknown' : 'missing',
    fields: fields.map(place),
    others: others.map(place),
    told,
    problem: problem ? { key: problem.key, params: problem.params } : unserved,
    file: fileAt(manifest),
    line: manifest.lineOf(),
  }
}

/** What Pilothouse brought and Git has no more. Looked for only where something of the set is live. */
async function extraObjects(
  cluster: Cluster,
  desired: Desired,
  checked: readonly Checked[],
  set: string,
  signal: AbortSignal,
): Promise<readonly ObjectDrift[]> {
  if (!checked.some(({ live }) => textAt(live ?? undefined, 'metadata', 'labels', setLabel) === set)) return []
  const wanted = new Set(
    desired.objects.map(
      ({ manifest, namespace }) => `${manifest.group}/${manifest.kind}/${namespace}/${manifest.name}`,
    ),
  )
  const namespaces = [...new Set(desired.objects.map(({ namespace }) => namespace))].filter(each => each !== '')
  return (await ownedObjects(cluster, set, namespaces, signal)).flatMap(({ kind, object }): ObjectDrift[] => {
    const namespace = textAt(object, 'metadata', 'namespace') ?? ''
    const name = textAt(object, 'metadata', 'name') ?? ''
    if (wanted.has(`${kind.group}/${kind.kind}/${namespace}/${name}`)) return []
    return [
      {
        group: kind.group,
        version: kind.version,
        kind: kind.kind,
        namespace,
        name,
        state: 'extra',
        fields: [],
        others: [],
        told: 'local',
        problem: null,
      },
    ]
  })
}

/** With the commit that wrote each line. Each file's history is gone through once, for all its lines. */
async function withMakers(
  workspace: Workspace,
  revision: string,
  objects: readonly ObjectDrift[],
  signal: AbortSignal,
): Promise<ObjectDrift[]> {
  const wanted = new Map<string, Set<number>>()
  const want = ({ file, line }: { readonly file?: string; readonly line?: number }): void => {
    if (file === undefined || line === undefined) return
    const lines = wanted.get(file) ?? new Set()
    lines.add(line)
    wanted.set(file, lines)
  }
  for (const object of objects) {
    if (object.state === 'same') continue
    want(object)
    for (const field of object.fields) want(field)
  }
  const found = new Map<string, Awaited<ReturnType<typeof whoWrote>>>()
  for (const [file, lines] of wanted) found.set(file, await whoWrote(workspace, revision, file, [...lines], signal))
  const withMaker = <T extends { readonly file?: string; readonly line?: number }>(thing: T): T => {
    const change = found.get(thing.file ?? '')?.get(thing.line ?? 0)
    return change ? { ...thing, change } : thing
  }
  return objects.map(object => ({ ...withMaker(object), fields: object.fields.map(withMaker) }))
}
