import type { Gate, GateItem, GateVerdict } from '../gate/gate.ts'

/** What the gate says of one matter at two points; null where it says nothing of it. */
export type VerdictDifference = {
  /** Names it among all differences of its part. */
  readonly key: string
  readonly rule: string
  readonly services: readonly string[]
  readonly before: GateItem | null
  readonly after: GateItem | null
}
export type ComparedVerdicts = {
  readonly before: GateVerdict | null
  readonly after: GateVerdict | null
  readonly items: readonly VerdictDifference[]
}

/** What an item says, whole: the same text is the same word of the gate. */
export const saidBy = (item: GateItem): string => `${about(item)} ${item.verdict} ${JSON.stringify(item.message)}`

const about = ({ rule, services }: GateItem): string => `${rule} ${[...services].sort().join()}`

/**
 * How two answers of the gate differ, matter by matter: by rule and services, and where a rule has several things to say
 * of the same services, by what it says.
 */
export function compareVerdicts(before: Gate | null, after: Gate | null): ComparedVerdicts {
  const olds = [...(before?.items ?? [])]
  const items: VerdictDifference[] = []
  const add = (was: GateItem | null, is: GateItem | null): void => {
    const { rule, services } = (is ?? was)!
    const key = `verdict ${was ? saidBy(was) : ''} → ${is ? saidBy(is) : ''}`
    items.push({ key, rule, services, before: was, after: is })
  }
  const take = (wanted: string, of: (item: GateItem) => string): GateItem | null => {
    const at = olds.findIndex(item => of(item) === wanted)
    return at < 0 ? null : (olds.splice(at, 1)[0] ?? null)
  }
  const fresh = (after?.items ?? []).filter(item => take(saidBy(item), saidBy) === null)
  const paired = fresh.map(item => ({ item, before: take(about(item), about) }))
  for (const { item, before: found } of paired) {
    const { rule } = item
    // A rule that has one thing to say at each point speaks of the same matter, of whichever services.
    const alone = paired.filter(each => !each.before && each.item.rule === rule).length === 1
    const one = !found && alone && olds.filter(each => each.rule === rule).length === 1
    add(one ? take(rule, each => each.rule) : found, item)
  }
  for (const item of olds) add(item, null)
  items.sort((a, b) => (a.rule < b.rule ? -1 : a.rule > b.rule ? 1 : a.services.join() < b.services.join() ? -1 : 1))
  return { before: before?.verdict ?? null, after: after?.verdict ?? null, items }
}
