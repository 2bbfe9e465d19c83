import type { LiveObject } from '../health/health.ts'
import type { Json, JsonObject } from '../manifests/manifest.ts'
import { valueAt } from '../manifests/manifest.ts'
import { type GitopsState, keptSuspension, type Suspension, suspendedAnnotation } from './gitops-state.ts'

export const gitopsActions = ['refresh', 'sync'] as const
export type GitopsAction = (typeof gitopsActions)[number]

/**
 * The merge patch that makes an engine look again (`refresh`) or apply now (`sync`); Flux does both at once. `now` is in
 * ISO 8601.
 */
export function actionPatch({ engine }: Pick<GitopsState, 'engine'>, action: GitopsAction, now: string): JsonObject {
  if (engine === 'flux') return annotated('reconcile.fluxcd.io/requestedAt', now)
  if (action === 'refresh') return annotated('argocd.argoproj.io/refresh', 'normal')
  return { operation: { initiatedBy: { username: 'pilothouse' }, sync: { syncStrategy: { hook: {} } } } }
}

const annotated = (key: string, value: string | null): JsonObject => ({ metadata: { annotations: { [key]: value } } })

/** Makes an engine leave an object as it is, and keeps why beside it. */
export function suspendPatch(object: LiveObject, state: GitopsState, why: Suspension): JsonObject {
  const automated = valueAt(object, ['spec', 'syncPolicy', 'automated'])
  const kept = { ...why, ...(state.engine === 'argo-cd' && automated !== undefined && { automated }) }
  return {
    ...annotated(suspendedAnnotation, JSON.stringify(kept)),
    spec: state.engine === 'flux' ? { suspend: true } : { syncPolicy: { automated: null } },
  }
}

/** Lets it go on, as it did before. */
export function resumePatch(object: LiveObject, state: GitopsState): JsonObject {
  const kept = keptSuspension(object)
  // What was applied by hand before it was suspended is so again. Where nothing says how it was, it is automatic.
  const automated = (kept ? (kept.automated ?? null) : {}) as Json
  return {
    ...annotated(suspendedAnnotation, null),
    spec: state.engine === 'flux' ? { suspend: false } : { syncPolicy: { automated } },
  }
}
