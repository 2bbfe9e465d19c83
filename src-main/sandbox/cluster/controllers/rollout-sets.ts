import type { LiveObject } from '../../../../shared/health/health.ts'
import { type JsonObject, objectAt, textAt } from '../../../../shared/manifests/manifest.ts'
import { setAt } from '../fields/json.ts'
import type { World } from '../simulation.ts'
import { replicasOf } from './deployments.ts'
import { ownerReference, templateHash } from './owning.ts'

export const manager = 'rollouts-controller'
export const hashLabel = 'rollouts-pod-template-hash'
export const revisionKey = 'rollout.argoproj.io/revision'

export const hashOf = (set: LiveObject): string => textAt(set, 'metadata', 'labels', hashLabel) ?? ''
export const revisionOf = (object: LiveObject): number =>
  Number(textAt(object, 'metadata', 'annotations', revisionKey) ?? 0)

/** The ReplicaSet of a Rollout's present template, made where there is none; its revision is the newest. */
export function currentSet(world: World, rollout: LiveObject): LiveObject {
  const template = objectAt(rollout, 'spec', 'template')
  const hash = templateHash(template)
  const sets = world.owned('apps/ReplicaSet', rollout)
  const found = sets.find(set => hashOf(set) === hash)
  const newest = Math.max(0, ...sets.map(revisionOf))
  const revision = found && revisionOf(found) === newest ? newest : newest + 1
  let set = found
  if (!set) {
    const labels = { ...objectAt(template, 'metadata', 'labels'), [hashLabel]: hash }
    const selector = objectAt(rollout, 'spec', 'selector')
    set = world.create(
      'apps/ReplicaSet',
      {
        metadata: {
          name: `${textAt(rollout, 'metadata', 'name')}-${hash}`,
          namespace: textAt(rollout, 'metadata', 'namespace')!,
          labels,
          annotations: { [revisionKey]: String(revision) },
          ownerReferences: [ownerReference(rollout)],
        },
        spec: {
          replicas: 0,
          selector: { ...selector, matchLabels: { ...objectAt(selector, 'matchLabels'), [hashLabel]: hash } },
          template: { ...template, metadata: { ...objectAt(template, 'metadata'), labels } },
        },
      },
      manager,
    )
    const message = `Created ReplicaSet ${textAt(set, 'metadata', 'name')} (revision ${revision})`
    world.event(rollout, 'Normal', 'NewReplicaSetCreated', message, manager)
  } else if (revisionOf(set) !== revision)
    set = world.replace(
      'apps/ReplicaSet',
      setAt(set, ['metadata', 'annotations', revisionKey], String(revision)),
      manager,
    )
  if (revisionOf(rollout) !== revision)
    world.replace(
      'argoproj.io/Rollout',
      setAt(rollout, ['metadata', 'annotations', revisionKey], String(revision)),
      manager,
    )
  return set
}

export function scale(world: World, rollout: LiveObject, set: LiveObject, replicas: number): void {
  const before = replicasOf(set)
  if (before === replicas) return
  world.replace('apps/ReplicaSet', setAt(set, ['spec', 'replicas'], replicas), manager)
  const way = replicas > before ? 'up' : 'down'
  const name = textAt(set, 'metadata', 'name')
  const message = `Scaled ${way} ReplicaSet ${name} (revision ${revisionOf(set)}) from ${before} to ${replicas}`
  world.event(rollout, 'Normal', 'ScalingReplicaSet', message, manager)
}

/** An AnalysisRun from the templates that a Rollout names. Null where one of them does not exist. */
export function startAnalysis(
  world: World,
  rollout: LiveObject,
  asked: JsonObject,
  name: string,
  labels: JsonObject,
  values: { readonly stable: string; readonly canary: string },
): LiveObject | null {
  const namespace = textAt(rollout, 'metadata', 'namespace')!
  const templates = (asked['templates'] as readonly JsonObject[] | undefined) ?? []
  const found = templates.map(each =>
    world.get('argoproj.io/AnalysisTemplate', namespace, textAt(each, 'templateName') ?? ''),
  )
  if (found.length === 0 || found.some(each => !each)) return null
  const given = ((asked['args'] as readonly JsonObject[] | undefined) ?? []).map(arg => ({
    name: textAt(arg, 'name') ?? '',
    value: argumentOf(arg, rollout, values),
  }))
  const declared = found.flatMap(each => (objectAt(each, 'spec')['args'] as readonly JsonObject[] | undefined) ?? [])
  const args = [
    ...given,
    ...declared
      .filter(arg => !given.some(each => each.name === textAt(arg, 'name')) && textAt(arg, 'value') !== undefined)
      .map(arg => ({ name: textAt(arg, 'name') ?? '', value: textAt(arg, 'value') ?? '' })),
  ]
  // A further attempt at the same step gets a number.
  let free = name
  for (let count = 1; world.get('argoproj.io/AnalysisRun', namespace, free); count++) free = `${name}.${count}`
  return world.create(
    'argoproj.io/AnalysisRun',
    {
      metadata: { name: free, namespace, labels, ownerReferences: [ownerReference(rollout)] },
      spec: {
        metrics: found.flatMap(each => (objectAt(each, 'spec')['metrics'] as readonly JsonObject[] | undefined) ?? []),
        args,
      },
    },
    manager,
  )
}

function argumentOf(
  arg: JsonObject,
  rollout: LiveObject,
  { stable, canary }: { stable: string; canary: string },
): string {
  const by = textAt(arg, 'valueFrom', 'podTemplateHashValue')
  if (by === 'Stable') return stable
  if (by === 'Latest') return canary
  const path = textAt(arg, 'valueFrom', 'fieldRef', 'fieldPath')
  if (path !== undefined) return textAt(rollout, ...path.split('.')) ?? ''
  return textAt(arg, 'value') ?? ''
}
