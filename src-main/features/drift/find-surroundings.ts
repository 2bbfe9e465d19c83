import type { Surroundings } from '../../../shared/drift/drift-of-object.ts'
import { type JsonObject, objectAt, textAt } from '../../../shared/manifests/manifest.ts'
import type { Cluster } from '../../needs/cluster.ts'
import type { DesiredObject } from './desired-objects.ts'
import { problemOf } from './read-live.ts'

/** Kinds that decide about others: where they name their target, and what they do with it. */
const deciders = [
  { group: 'autoscaling', kind: 'HorizontalPodAutoscaler', at: 'scaleTargetRef', does: 'autoscaled' },
  { group: 'keda.sh', kind: 'ScaledObject', at: 'scaleTargetRef', does: 'autoscaled' },
  { group: 'flagger.app', kind: 'Canary', at: 'targetRef', does: 'canaried' },
  { group: 'argoproj.io', kind: 'Rollout', at: 'workloadRef', does: 'canaried' },
] as const

/** What scales or progresses the workloads of an environment, as Git says it and as it is in the cluster. */
export async function findSurroundings(
  cluster: Cluster,
  desired: readonly DesiredObject[],
  signal: AbortSignal,
): Promise<(each: DesiredObject) => Surroundings> {
  const found = { autoscaled: new Set<string>(), canaried: new Set<string>() }
  const take = ({ at, does }: (typeof deciders)[number], object: JsonObject, namespace: string): void => {
    const target = objectAt(object, 'spec', at)
    // KEDA and Argo leave the kind out where it is a Deployment.
    const name = textAt(target, 'name')
    if (name !== undefined) found[does].add(`${textAt(target, 'kind') ?? 'Deployment'}/${namespace}/${name}`)
  }
  for (const { manifest, namespace } of desired)
    for (const decider of deciders)
      if (manifest.group === decider.group && manifest.kind === decider.kind) take(decider, manifest.value, namespace)
  const served = await cluster.kinds(signal)
  const namespaces = [...new Set(desired.map(({ namespace }) => namespace))].filter(namespace => namespace !== '')
  await Promise.all(
    deciders
      .filter(({ group, kind }) => served.some(each => each.group === group && each.kind === kind))
      .flatMap(decider =>
        namespaces.map(async namespace => {
          const { group, kind } = decider
          try {
            for (const object of await cluster.list({ kind: { group, kind }, namespace }, signal))
              take(decider, object, namespace)
          } catch (error) {
            // Without the right to see them, what Git says of them has to do.
            problemOf(error)
          }
        }),
      ),
  )
  return ({ manifest, namespace }) => {
    const key = `${manifest.kind}/${namespace}/${manifest.name}`
    return { autoscaled: found.autoscaled.has(key), canaried: found.canaried.has(key) }
  }
}
