import { expect, test } from 'vitest'
import { soak } from '../../bench/clusters/soak.ts'

test('many Pods that change while their watch is dropped again and again: none is lost, none is a ghost', async () => {
  const end = await soak({ pods: 1000, rate: 200, seconds: 4, drop: 0.5 })
  expect(end).toMatchObject({ lost: 0, ghosts: 0, outdated: 0, watches: 1 })
  expect(end.changes).toBeGreaterThan(100)
  expect(end.drops).toBeGreaterThan(1)
})
