import type { Gate, GateItem } from './gate.ts'

/** What a person answers to the gate, by rule: why it is fine here, and for a block the last day it may stand. */
export type GateAnswers = {
  readonly reasons?: { readonly [rule: string]: string } | undefined
  /** `2026-12-31`: the last day of the waiver, where the person is. */
  readonly waivedUntil?: { readonly [rule: string]: string } | undefined
}

/** A block that was let through, and the last day of it. */
export type Waiver = { readonly rule: string; readonly until: string }

/** True for a day of the calendar, as `2026-12-31`. */
export function isDay(text: string): boolean {
  const time = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text)
}

/** Days from one calendar day to another; negative when it is over. */
export const daysBetween = (from: string, to: string): number =>
  Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000)

/** The day so many days later. */
export const dayAfter = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)

const answer = (answers: { readonly [rule: string]: string } | undefined, rule: string): string =>
  answers && Object.hasOwn(answers, rule) ? (answers[rule] as string).trim() : ''

export const reasonGiven = (item: GateItem, answers: GateAnswers): boolean => answer(answers.reasons, item.rule) !== ''
/** A waiver ends on a day that has not passed: `today` is where the person is. */
export function endGiven(item: GateItem, answers: GateAnswers, today: string): boolean {
  const day = answer(answers.waivedUntil, item.rule)
  return isDay(day) && day >= today
}

/**
 * What still stands between a draft and a commit: a warning without a reason, a block without a permitted waiver, and a
 * waiver without an end.
 */
export const unansweredItems = (gate: Gate, answers: GateAnswers, today: string): readonly GateItem[] =>
  gate.items.filter(item => {
    if (item.verdict === 'pass') return false
    if (item.verdict === 'warn') return !reasonGiven(item, answers)
    return !(item.waivable && reasonGiven(item, answers) && endGiven(item, answers, today))
  })

/** The waivers that a decision records: one a rule that blocked, in the order of the rules. */
export const waiversOf = (gate: Gate, answers: GateAnswers): readonly Waiver[] =>
  [...new Set(gate.items.filter(({ verdict }) => verdict === 'block').map(({ rule }) => rule))]
    .sort()
    .flatMap(rule => (answer(answers.waivedUntil, rule) ? [{ rule, until: answer(answers.waivedUntil, rule) }] : []))

/** As a commit says it in a trailer `Decision-Waiver`. */
export const formatWaiver = ({ rule, until }: Waiver): string => `${rule} until ${until}`
/** The waiver that a trailer says; null for what is none. */
export function readWaiver(text: string): Waiver | null {
  const found = /^(\S.*?) until (\S+)$/.exec(text)
  return found && isDay(found[2] as string) ? { rule: found[1] as string, until: found[2] as string } : null
}
