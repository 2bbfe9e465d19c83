import { expect, test } from 'vitest'
import { cutApplies } from './cut-apply.ts'

/** The same cuts each time, unless PILOTHOUSE_CUTS asks for more (`PILOTHOUSE_CUTS=100`). */
test('a line that is cut anywhere leaves the old release or the new one, and the next apply converges', async () => {
  const cuts = Number(process.env['PILOTHOUSE_CUTS'] ?? 4)
  let state = 20261120
  const random = () => {
    state = (state * 1103515245 + 12345) % 2147483648
    return state / 2147483648
  }
  const outcome = await cutApplies(cuts, random)
  expect(outcome.broken).toEqual([])
  expect(outcome.old + outcome.new).toBe(cuts)
}, 1_800_000)
