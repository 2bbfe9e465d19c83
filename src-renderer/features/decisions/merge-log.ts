import type { DecisionPage } from '../../../shared/decisions/contract.ts'
import type { DecisionSummary } from '../../../shared/decisions/decision.ts'

/** What is known of a log: from the newest on without a gap; `next` continues it, null at its end. */
export type KnownLog = { readonly items: readonly DecisionSummary[]; readonly next: string | null }

/**
 * Puts a fresh first page before what was read earlier. New commits push older ones off the page, so the join is looked
 * for: where the page meets what is known, the rest of that stays. Where they do not meet (history was rewritten, or
 * more than a page arrived) only the page counts, because what lies between is not known.
 */
export function refreshLog(known: KnownLog, first: DecisionPage): KnownLog {
  const last = first.items.at(-1)
  const at = last ? known.items.findIndex(item => item.id === last.id) : -1
  if (at < 0 || first.next === null) return { items: first.items, next: first.next }
  const rest = known.items.slice(at + 1)
  return rest.length === 0
    ? { items: first.items, next: first.next }
    : { items: [...first.items, ...rest], next: known.next }
}

/** Adds the page that `before` asked for; an answer that no longer continues what is known is dropped. */
export const continueLog = (known: KnownLog, before: string, page: DecisionPage): KnownLog =>
  known.next === before ? { items: [...known.items, ...page.items], next: page.next } : known
