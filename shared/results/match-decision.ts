import type { Rollout } from '../rollouts/rollout.ts'
import type { ResultEvent } from './result.ts'

/** A decision about the service a rollout is of, with the images the service has in Git after it. */
export type Candidate = { readonly commit: string; readonly title: string; readonly images: readonly string[] }

const sameImages = (running: readonly string[], declared: readonly string[]): boolean =>
  declared.length > 0 && declared.every(image => running.includes(image))

/**
 * The decision that is being rolled out: the newest one (`candidates` are newest first) that leaves the service with
 * the images of the new revision. Sidecars that were injected are more than Git declares, so more may run.
 */
export function matchDecision(rollout: Rollout, candidates: readonly Candidate[]): Candidate | null {
  const { canary, stable } = rollout
  const images = canary.images.length > 0 ? canary.images : stable.images
  return candidates.find(candidate => sameImages(images, candidate.images)) ?? null
}

/** What a rollout says of its decision now. */
export function outcomeOf(
  rollout: Rollout,
  where: { readonly environment: string | null; readonly context: string; readonly sandbox: boolean },
  now: string,
): ResultEvent {
  const { standing, object, canary, stable, breach, since, status } = rollout
  const rolledBack = standing === 'failed' && status.weight === 0
  return {
    at: standing === 'failed' && breach?.at && breach.at > (since ?? '') ? breach.at : (since ?? now),
    kind:
      standing === 'done' ? 'converged' : standing === 'failed' ? (rolledBack ? 'rolled-back' : 'failed') : 'delivered',
    environment: where.environment,
    context: where.context,
    object: { kind: object.kind, namespace: object.namespace, name: object.name },
    revision: canary.id ?? stable.id,
    reason: standing === 'failed' ? String(rollout.why.params?.['said'] ?? '') || null : null,
    breach,
    action: null,
    by: null,
    ...(where.sandbox && { sandbox: true }),
  }
}
