import { expect, test } from 'vitest'
import { describeResult } from './describe-result.ts'
import { formatResult, type ResultEvent, readResults, standingOf } from './result.ts'

const event = (at: string, kind: ResultEvent['kind'], over: Partial<ResultEvent> = {}): ResultEvent => ({
  at,
  kind,
  environment: 'prod',
  context: 'prod-eu',
  object: { kind: 'Rollout', namespace: 'shop', name: 'cart' },
  revision: '6d5f',
  reason: null,
  breach: null,
  action: null,
  by: null,
  ...over,
})
const rolledBack = event('2026-11-20T10:04:00Z', 'rolled-back', {
  reason: 'aborted',
  breach: {
    metric: 'success-rate',
    value: 0.913,
    unit: '',
    threshold: { min: 0.95, max: null, text: 'result[0] >= 0.95' },
    at: '2026-11-20T10:03:50Z',
  },
})

test('events survive the note, beside what people write there, each once and in the order of time', () => {
  const first = event('2026-11-20T10:00:00Z', 'delivered')
  const note = ['looks fine to me', formatResult(rolledBack), formatResult(first), formatResult(first), '{"at":1}', '{']
  expect(readResults(note.join('\n'))).toEqual([first, rolledBack])
})

test('who saw an outcome before its measurement says less than who saw both', () => {
  const early = { ...rolledBack, breach: null }
  expect(readResults([formatResult(early), formatResult(rolledBack)].join('\n'))).toEqual([rolledBack])
})

test('a decision stands where the worst of its objects stands, and each object where it was seen last', () => {
  const delivered = event('2026-11-20T10:00:00Z', 'delivered')
  expect(standingOf([])).toBeNull()
  expect(standingOf([delivered])).toMatchObject({ standing: 'delivered', seconds: null })
  expect(standingOf([delivered, rolledBack])).toMatchObject({ standing: 'rolled-back', seconds: 240 })
  const again = event('2026-11-20T11:00:00Z', 'converged')
  expect(standingOf([delivered, rolledBack, again])).toMatchObject({ standing: 'converged' })
  const other = event('2026-11-20T11:00:00Z', 'failed', {
    object: { kind: 'Deployment', namespace: 'shop', name: 'pay' },
  })
  expect(standingOf([delivered, again, other])).toMatchObject({ standing: 'failed' })
  const aborted = event('2026-11-20T12:00:00Z', 'action', { action: 'abort', by: 'Ada' })
  expect(standingOf([delivered, again, aborted])).toMatchObject({ standing: 'converged' })
})

test('a result is told in one line, with the metric, its value and what was asked of it', () => {
  expect(describeResult(rolledBack, 'en')).toBe(
    'Rollout cart was rolled back: success-rate was 0.913 where at least 0.95 was asked',
  )
  expect(describeResult(rolledBack, 'zh')).toContain('0.913')
  const slow = {
    metric: 'request-duration',
    value: 612,
    unit: 'ms',
    threshold: { min: null, max: 500, text: '' },
    at: null,
  }
  expect(describeResult({ ...rolledBack, kind: 'failed', breach: slow, sandbox: true }, 'en')).toBe(
    'Rollout cart failed (sandbox): request-duration was 612 ms where at most 500 ms was asked',
  )
  expect(describeResult(event('', 'action', { action: 'abort', by: 'Ada', reason: 'too slow' }), 'en')).toBe(
    'Rollout cart: abort by Ada: too slow',
  )
})
