import { describe, expect, test } from 'vitest'
import { type CutGround, cutApplies, machineCutGround, sandboxCutGround } from './cut-apply.ts'
import { machineFolder } from './grounds.ts'

// An emulated machine takes half a minute a cut: only where its recipe was named.
const machine = process.env['PILOTHOUSE_EDGE'] === undefined ? null : machineFolder
if (machine === null)
  console.log('NOT RUN: cut lines of a real ARM64 machine (PILOTHOUSE_EDGE names the folder of its recipe)')

const wanted = process.env['PILOTHOUSE_CUTS']

/** The same cuts each time, unless PILOTHOUSE_CUTS asks for more (`PILOTHOUSE_CUTS=100`), and PILOTHOUSE_SEED for others. */
describe('a line that is cut anywhere leaves the old release or the new one, and the next apply converges', () => {
  const play = async (open: () => Promise<CutGround>, cuts: number) => {
    let state = Number(process.env['PILOTHOUSE_SEED']) || 20261120
    const random = () => {
      state = (state * 1103515245 + 12345) % 2147483648
      return state / 2147483648
    }
    const tell = (line: string) => {
      if (wanted !== undefined) console.log(line)
    }
    const { broken, ended, during, missed } = await cutApplies(open, cuts, random, tell)
    tell(`${cuts} cuts inside an apply, ${missed} came too late: ${JSON.stringify({ during, ended, broken })}`)
    expect(broken).toEqual([])
    expect(Object.values(ended).reduce((sum, { old, new: fresh }) => sum + old + fresh, 0)).toBe(cuts)
    expect(Object.values(during).reduce((sum, each) => sum + each, 0)).toBe(cuts)
  }

  test('on a sandbox node', () => play(sandboxCutGround, Number(wanted ?? 4)), 1_800_000)

  // By its line, by a machine that hangs, and by its cable.
  if (machine !== null)
    test('on Debian with systemd on ARM64', () => play(() => machineCutGround(machine), Number(wanted ?? 3)), 7_200_000)
})
