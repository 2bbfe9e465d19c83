import { expect, test } from 'vitest'
import { readHalt } from './read-flagger-checks.ts'
import { readRange, readThreshold, readValue } from './threshold.ts'

test.each([
  ['result[0] >= 0.95', { min: 0.95, max: null }],
  ['result >= 0.95', { min: 0.95, max: null }],
  ['isNaN(result[0]) || result[0] > 0.99', { min: 0.99, max: null }],
  ['len(result) == 0 || result[0] <= 500', { min: null, max: 500 }],
  ['asFloat(result) < 0.05', { min: null, max: 0.05 }],
  ['default(result, 0) < 5', { min: null, max: 5 }],
  ['result[0] > 0.5 && result[0] < 1e3', { min: 0.5, max: 1000 }],
  ['0.95 <= result[0]', { min: 0.95, max: null }],
  ['result.rate >= 3', { min: 3, max: null }],
  ["result == 'ok'", { min: null, max: null }],
  ['result == 1', { min: 1, max: 1 }],
])('successCondition %s', (successCondition, bounds) => {
  expect(readThreshold({ name: 'x', successCondition })).toEqual({ ...bounds, text: successCondition })
})

test('what fails above 5 % has to stay at 5 % at most', () => {
  expect(readThreshold({ failureCondition: 'result[0] > 0.05' })).toMatchObject({ min: null, max: 0.05 })
  expect(readThreshold({ failureCondition: 'result[0] < 0.9' })).toMatchObject({ min: 0.9, max: null })
  expect(readThreshold({ name: 'job' })).toBeNull()
})

test('measured values as providers give them', () => {
  expect(['0.98', '[0.98]', '[0.98,0.97]', '{"rate":0.98}', '5', '[]', '"ok"', '', 'NaN'].map(readValue)).toEqual([
    0.98,
    0.98,
    0.98,
    0.98,
    5,
    null,
    null,
    null,
    null,
  ])
})

test('ranges of Flagger, and the old threshold of its first version', () => {
  expect(readRange({ name: 'x', thresholdRange: { min: 1, max: 5 } })).toMatchObject({ min: 1, max: 5 })
  expect(readRange({ name: 'request-success-rate', threshold: 99 })).toMatchObject({ min: 99, max: null })
  expect(readRange({ name: 'request-duration', threshold: 500 })).toMatchObject({ min: null, max: 500 })
})

test.each([
  ['Halt podinfo.test advancement success rate 69.17% < 99%', ['success rate', 69.17, 99, true]],
  ['Halt podinfo.test advancement request duration 1.2s > 500ms', ['request duration', 1200, 500, false]],
  ['Halt podinfo.test advancement request duration 1m2.5s > 500ms', ['request duration', 62_500, 500, false]],
  ['Halt a.b advancement 404s percentage 7.69 > 5', ['404s percentage', 7.69, 5, false]],
])('%s', (message, [said, value, bound, least]) => {
  expect(readHalt(message as string)).toEqual({ said, value, bound, least })
})

test('what is no measurement is none', () => {
  expect(readHalt('Halt podinfo.test advancement waiting for approval gate')).toBeNull()
  expect(readHalt('Advance podinfo.test canary weight 10')).toBeNull()
})
