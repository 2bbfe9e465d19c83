import { expect, test } from 'vitest'
import type { Gate, GateItem } from '../../../shared/gate/gate.ts'
import { hardBlocks, missingReasons, neededReasons, recordedGate } from './missing-reasons.ts'

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
  expect(missingReasons(gate, { b: 'known', c: '  ' })).toEqual(['c'])
})

test('a block that cannot be waived stays', () => {
  expect(hardBlocks(gate).map(block => block.rule)).toEqual(['d'])
})

test('reasons nobody asks for are left out', () => {
  expect(neededReasons(gate, { a: 'x', b: 'known', z: 'old', c: ' ' })).toEqual({ b: 'known' })
})

test('the gate as the commit records it', () => {
  expect(recordedGate(gate)).toBe('waived')
  expect(recordedGate({ verdict: 'warn', items: [] })).toBe('warn')
  expect(recordedGate({ verdict: 'pass', items: [] })).toBe('pass')
})
