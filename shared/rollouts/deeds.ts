import type { LiveObject } from '../health/health.ts'
import { isObject, listAt, objectAt, textAt, valueAt } from '../manifests/manifest.ts'
import type { Deed } from './rollout.ts'

/** Controllers that write what they own; whatever they set is not a deed of anybody. */
const controllers = /^(rollouts-controller|argo-rollouts|flagger|kube-controller-manager)$/

/**
 * Who aborted, paused or changed it, from the managers of its fields: the last of each, newest first. A promotion takes
 * fields away, and what is taken away has no manager: it is known from the events and results alone.
 */
export function readDeeds(object: LiveObject): readonly Deed[] {
  const deeds: Deed[] = []
  for (const entry of listAt(object, 'metadata', 'managedFields')) {
    const by = textAt(entry, 'manager') ?? ''
    if (by === '' || controllers.test(by)) continue
    const at = textAt(entry, 'time') ?? null
    const fields = objectAt(entry, 'fieldsV1')
    const sets = (...path: readonly string[]): boolean => valueAt(fields, path) !== undefined
    if (sets('f:status', 'f:abort'))
      deeds.push({ action: valueAt(object, ['status', 'abort']) === true ? 'abort' : 'retry', by, at })
    if (sets('f:status', 'f:promoteFull') || sets('f:spec', 'f:skipAnalysis'))
      deeds.push({ action: 'promote-full', by, at })
    if (sets('f:spec', 'f:paused') || sets('f:spec', 'f:suspend')) deeds.push({ action: 'pause', by, at })
    const spec = objectAt(fields, 'f:spec')
    if (isObject(spec['f:template']) || isObject(spec['f:analysis']) || isObject(spec['f:strategy']))
      deeds.push({ action: 'change', by, at })
  }
  return deeds.sort((a, b) => ((a.at ?? '') < (b.at ?? '') ? 1 : -1))
}
