import { AppError } from '../../../shared/errors.ts'
import type { LiveObject } from '../../../shared/health/health.ts'
import { textAt } from '../../../shared/manifests/manifest.ts'
import type { Cluster, ObjectKind } from '../../needs/cluster.ts'
import type { DesiredObject } from './desired-objects.ts'

/** An object as it is live; null where it is not there; or why that cannot be told. */
export type Live = { readonly object: LiveObject | null } | { readonly problem: AppError }

/** From so many objects of one kind and namespace on, they are listed rather than asked for one by one. */
const worthListing = 4

/** What is live of these objects. What may not be looked at is told of those objects alone; a cluster that is away rejects. */
export async function readLive(
  cluster: Cluster,
  desired: readonly DesiredObject[],
  signal: AbortSignal,
): Promise<ReadonlyMap<DesiredObject, Live>> {
  const groups = new Map<string, { kind: ObjectKind; namespace: string; objects: DesiredObject[] }>()
  const found = new Map<DesiredObject, Live>()
  for (const each of desired) {
    const { kind, namespace } = each
    if (!kind) {
      found.set(each, { object: null })
      continue
    }
    const key = `${kind.group}/${kind.version}/${kind.kind}/${namespace}`
    const group = groups.get(key) ?? { kind, namespace, objects: [] }
    group.objects.push(each)
    groups.set(key, group)
  }
  await Promise.all(
    [...groups.values()].map(async ({ kind, namespace, objects }) => {
      const scope = { kind: nameOf(kind), ...(namespace !== '' && { namespace }) }
      const listed =
        objects.length < worthListing
          ? null
          : await cluster.list(scope, signal).catch((error: unknown) => {
              // Whoever may not list may still look at what they can name.
              problemOf(error)
              return null
            })
      const byName = listed && new Map(listed.map(object => [textAt(object, 'metadata', 'name') ?? '', object]))
      await Promise.all(
        objects.map(async each => {
          const { name } = each.manifest
          if (byName) found.set(each, { object: byName.get(name) ?? null })
          else found.set(each, await readOne(cluster, { ...nameOf(kind), namespace, name }, signal))
        }),
      )
    }),
  )
  return found
}

async function readOne(cluster: Cluster, name: Parameters<Cluster['get']>[0], signal: AbortSignal): Promise<Live> {
  try {
    return { object: await cluster.get(name, signal) }
  } catch (error) {
    const problem = problemOf(error)
    return problem.key === 'cluster.notFound' ? { object: null } : { problem }
  }
}

/** A failure that is about some objects and not about the whole cluster; rejects any other. */
export function problemOf(error: unknown): AppError {
  const ofObjects = ['forbidden', 'not-found', 'invalid-input', 'conflict', 'refused-by-rule']
  if (error instanceof AppError && ofObjects.includes(error.code)) return error
  throw error
}

export const nameOf = ({ group, kind, version }: ObjectKind): { group: string; kind: string; version: string } => ({
  group,
  kind,
  version,
})
