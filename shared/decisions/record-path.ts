import type { Person } from './decision.ts'

/** The calendar day of a moment where its author was: `2026-11-20`. */
export const dayOf = (person: Pick<Person, 'time' | 'offset'>): string =>
  new Date((person.time + person.offset * 60) * 1000).toISOString().slice(0, 10)

/**
 * Folder of a decision's record, with a trailing slash: `decisions/2026-11-20-raise-checkout-to-4-replicas-k2f9/`.
 * The last four characters are the end of the decision's ULID, so that two people's records of one day and title differ.
 */
export function recordPath(title: string, decisionId: string, day: string): string {
  const slug = title
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60)
    .replace(/-+$/, '')
  return `decisions/${day}-${slug || 'decision'}-${decisionId.slice(-4).toLowerCase()}/`
}
