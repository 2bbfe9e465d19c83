import { expect, test } from 'vitest'
import type { Gate, GateItem } from '../../../shared/gate/gate.ts'
import { hardBlocks, missingEnds, missingReasons, neededAnswers, recordedGate } from './missing-reasons.ts'

const item = (rule: string, verdict: GateItem['verdict'], waivable = false): GateItem => ({
  rule,
  verdict,
  message: { key: 'error.unexpected' },
  services: [],
  waivable,
})
const gate: Gate = {
  verdict: 'block',
  items: [item('a', 'pass'), item('b', 'warn'), item('c', 'block', true), item('d', 'block'), item('b', 'warn')],
}

test('warnings and waivable blocks need a reason, each rule once', () => {
  expect(missingReasons(gate, {})).toEqual(['b', 'c'])
  expect(missingReasons(gate, { reasons: { b: 'known', c: '  ' } })).toEqual(['c'])
})

test('a block that cannot be waived stays', () => {
  expect(hardBlocks(gate).map(block => block.rule)).toEqual(['d'])
})

test('a waiver needs its last day, which has not passed', () => {
  const ends = (day: string) => missingEnds(gate, { waivedUntil: { c: day } }, '2026-11-20')
  expect(missingEnds(gate, {}, '2026-11-20')).toEqual(['c'])
  expect(ends('2026-11-19')).toEqual(['c'])
  expect(ends('2026-02-30')).toEqual(['c'])
  expect(ends('2026-11-20')).toEqual([])
})

test('answers nobody asks for are left out', () => {
  const reasons = { a: 'x', b: 'known', z: 'old', c: ' ' }
  expect(neededAnswers(gate, { reasons, waivedUntil: { b: '2026-12-01', c: '2026-12-01' } })).toEqual({
    reasons: { b: 'known' },
    waivedUntil: { c: '2026-12-01' },
  })
})

test('the gate as the commit records it', () => {
  expect(recordedGate(gate)).toBe('waived')
  expect(recordedGate({ verdict: 'warn', items: [] })).toBe('warn')
  expect(recordedGate({ verdict: 'pass', items: [] })).toBe('pass')
})
