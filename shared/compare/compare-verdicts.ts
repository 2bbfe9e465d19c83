import type { Gate, GateItem, GateVerdict } from '../gate/gate.ts'

/** What the gate says of one matter at two points; null where it says nothing of it. */
export type VerdictDifference = {
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

/**
 * How two answers of the gate differ, matter by matter: by rule and services, and where a rule has several things to say
 * of the same services, by what it says.
 */
export function compareVerdicts(before: Gate | null, after: Gate | null): ComparedVerdicts {
  const olds = [...(before?.items ?? [])]
  const items: VerdictDifference[] = []
  const about = ({ rule, services }: GateItem): string => `${rule} ${[...services].sort().join()}`
  const said = (item: GateItem): string => `${about(item)} ${item.verdict} ${JSON.stringify(item.message)}`
  const take = (wanted: string, of: (item: GateItem) => string): GateItem | null => {
    const at = olds.findIndex(item => of(item) === wanted)
    return at < 0 ? null : (olds.splice(at, 1)[0] ?? null)
  }
  const fresh = (after?.items ?? []).filter(item => take(said(item), said) === null)
  const paired = fresh.map(item => ({ item, before: take(about(item), about) }))
  for (const { item, before: found } of paired) {
    const { rule, services } = item
    // A rule that has one thing to say at each point speaks of the same matter, of whichever services.
    const alone = paired.filter(each => !each.before && each.item.rule === rule).length === 1
    const one = !found && alone && olds.filter(each => each.rule === rule).length === 1
    items.push({ rule, services, before: one ? take(rule, each => each.rule) : found, after: item })
  }
  for (const item of olds) items.push({ rule: item.rule, services: item.services, before: item, after: null })
  items.sort((a, b) => (a.rule < b.rule ? -1 : a.rule > b.rule ? 1 : a.services.join() < b.services.join() ? -1 : 1))
  return { before: before?.verdict ?? null, after: after?.verdict ?? null, items }
}
