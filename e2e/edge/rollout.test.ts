import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { Rollout } from '../../shared/fleet/rollout.ts'
import { faultOf, nodes, runApp } from './simulated-fleet.ts'

const never = new AbortController().signal
const count = (rollout: Rollout, ...kinds: string[]) =>
  Object.values(rollout.nodes).filter(({ kind }) => kinds.includes(kind)).length
const indexOf = (name: string) => Number(name.slice(5))
async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'pilothouse-rollout-'))
  try {
    await work(folder)
  } finally {
    await rm(folder, { recursive: true })
  }
}

test('200 simulated nodes of which some are dead, slow or failing: every one ends as it must', () =>
  inFolder(async folder => {
    const rollout = await runApp(folder, 1000, never)
    expect(rollout.end?.kind).toBe('done')
    for (const { name } of nodes) {
      const fault = faultOf(indexOf(name))
      const wanted = fault === 'dead' ? 'unreachable' : fault === 'failing' ? 'reverted' : 'applied'
      expect([name, rollout.nodes[name]?.kind]).toEqual([name, wanted])
    }
    // 10 % dead, 5 % slow, 3 % failing.
    expect([count(rollout, 'unreachable'), count(rollout, 'reverted')]).toEqual([20, 6])
    // Each ring began when the one before it was over.
    const [first, second, third] = rollout.rings.map(ring =>
      ring.nodes.flatMap(name => {
        const state = rollout.nodes[name]
        return state && 'at' in state ? [state.at] : []
      }),
    )
    expect(rollout.rings.map(ring => ring.nodes.length)).toEqual([10, 50, 140])
    expect(Math.max(...first!)).toBeLessThanOrEqual(Math.min(...second!))
    expect(Math.max(...second!)).toBeLessThanOrEqual(Math.min(...third!))
  }))

test('the stop rule begins no other node once it is reached, and what had begun ends', () =>
  inFolder(async folder => {
    const rollout = await runApp(folder, 2, never)
    expect(rollout.end).toMatchObject({ kind: 'stopped', reason: { params: { limit: 2 } } })
    const failed = count(rollout, 'reverted')
    expect(failed).toBeGreaterThanOrEqual(2)
    expect(count(rollout, 'applying')).toBe(0)
    expect(count(rollout, 'waiting')).toBeGreaterThan(100)
    // Rings in order: nothing of the last one was begun before the second was over.
    const waiting = (ring: number) => rollout.rings[ring]!.nodes.some(name => rollout.nodes[name]?.kind === 'waiting')
    if (waiting(1)) expect(rollout.rings[2]!.nodes.every(name => rollout.nodes[name]?.kind === 'waiting')).toBe(true)
  }))

test('an app that is killed again and again goes on where it was, and comes to the same end', () =>
  inFolder(async folder => {
    const journal = join(folder, 'nodes.log')
    const lines = () => (existsSync(journal) ? readFileSync(journal, 'utf8').split('\n').length - 1 : 0)
    let kills = 0
    for (const until of [1, 40, 110]) {
      const child = spawn(process.execPath, [join(import.meta.dirname, 'simulated-fleet.ts'), folder, '1000'])
      const exited = new Promise(resolve => child.once('exit', resolve))
      while (lines() < until && child.exitCode === null) await sleep(5)
      if (child.exitCode === null) kills += 1
      child.kill('SIGKILL')
      await exited
    }
    expect(kills).toBe(3)
    const before = lines()
    expect(before).toBeLessThan(174)
    const rollout = await runApp(folder, 1000, never)
    expect(rollout.end?.kind).toBe('done')
    expect([count(rollout, 'unreachable'), count(rollout, 'reverted'), count(rollout, 'applied', 'unchanged')]).toEqual(
      [20, 6, 174],
    )
    // Nobody was changed twice.
    const applied = readFileSync(journal, 'utf8').trim().split('\n')
    expect(new Set(applied).size).toBe(applied.length)
    expect(applied).toHaveLength(174)
  }))
