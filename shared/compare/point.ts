/** A point as a person names it: a moment, and perhaps one environment of it. */
export type PointText = {
  /** `now`, `draft`, or what Git or a decision is called by. */
  readonly revision: string
  /** Null: the one that is compared anyway. */
  readonly environment: string | null
}

/** Where the branch is. */
export const now = 'now'
/** Where the branch is, with the draft on it. */
export const draft = 'draft'

/**
 * Reads `REV`, `REV:ENVIRONMENT` or `:ENVIRONMENT` (of now). Git allows no colon in the name of a branch or tag, so the
 * first one ends the revision.
 */
export function readPoint(text: string): PointText {
  const colon = text.indexOf(':')
  if (colon < 0) return { revision: text.trim() || now, environment: null }
  return { revision: text.slice(0, colon).trim() || now, environment: text.slice(colon + 1).trim() || null }
}

export const pointText = ({ revision, environment }: PointText): string =>
  environment === null ? revision : `${revision}:${environment}`
