import { type Locale, type MessageKey, type MessageParams, translate } from '../messages/index.ts'
import type { Breach, Outcome, ResultEvent, Threshold } from './result.ts'

type Say = (key: MessageKey, params?: MessageParams) => string

export const outcomeWords: { readonly [K in Outcome]: MessageKey } = {
  delivered: 'result.delivered',
  converged: 'result.converged',
  failed: 'result.failed',
  'rolled-back': 'result.rolledBack',
}

const happened: { readonly [K in ResultEvent['kind']]: MessageKey } = {
  delivered: 'result.saidDelivered',
  converged: 'result.saidConverged',
  failed: 'result.saidFailed',
  'rolled-back': 'result.saidRolledBack',
  action: 'result.saidAction',
}

/** Three digits behind the first, and no more: `0.9131`, `91.3 %`, `412 ms`. */
export const formatMeasured = (value: number, unit: string): string =>
  `${Number(value.toPrecision(4))}${unit === '' ? '' : ` ${unit}`}`

/** `at least 0.95`; as its owner wrote it where it is no plain bound. */
export function formatThreshold({ min, max, text }: Threshold, unit: string, say: Say): string {
  if (min !== null && max !== null)
    return say('result.between', { min: formatMeasured(min, unit), max: formatMeasured(max, unit) })
  if (min !== null) return say('result.atLeast', { value: formatMeasured(min, unit) })
  if (max !== null) return say('result.atMost', { value: formatMeasured(max, unit) })
  return text
}

/** `success-rate was 0.91 where at least 0.95 was asked`. */
export function describeBreach({ metric, value, unit, threshold }: Breach, say: Say): string {
  const measured = value === null ? null : formatMeasured(value, unit)
  const asked = threshold && formatThreshold(threshold, unit, say)
  if (measured !== null && asked !== null) return say('result.breach', { metric, value: measured, threshold: asked })
  if (measured !== null) return say('result.breachNoThreshold', { metric, value: measured })
  return asked === null
    ? say('result.breachNothing', { metric })
    : say('result.breachNoValue', { metric, threshold: asked })
}

/** An event in one line: what happened, and why as far as known. */
export function describeResult(event: ResultEvent, locale: Locale): string {
  const say: Say = (key, params) => translate(locale, { key, ...(params && { params }) })
  const { object, kind, action, by, breach, reason, sandbox } = event
  const name = object ? `${object.kind} ${object.name}` : say('result.theDecision')
  const what =
    kind === 'action'
      ? say(by === null ? 'result.saidAction' : 'result.saidActionBy', {
          object: name,
          action: action ?? '',
          by: by ?? '',
        })
      : say(happened[kind], { object: name })
  const why = breach ? describeBreach(breach, say) : reason
  const marked = sandbox ? `${what} (${say('result.sandbox')})` : what
  return why === null || why === '' ? marked : `${marked}: ${why}`
}
