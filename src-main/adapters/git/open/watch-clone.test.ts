import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterAll, expect, test } from 'vitest'
import { TestGround } from '../testing/test-repository.ts'

const ground = new TestGround()
afterAll(() => ground.remove())

test('commits, branches, switches and configuration are told, once for a burst; other files are not', async () => {
  const directory = ground.repository('watched')
  mkdirSync(join(directory, 'quiet'))
  await using repository = await ground.open(directory)
  let calls = 0
  const close = repository.watch(() => calls++)
  const after = async (act: () => unknown): Promise<number> => {
    const before = calls
    await act()
    for (let k = 0; k < 40 && calls === before; k++) await setTimeout(50)
    await setTimeout(250)
    return calls - before
  }
  await setTimeout(200)
  const quiet = calls
  writeFileSync(join(directory, 'quiet/file'), 'x')
  await setTimeout(300)
  expect(calls).toBe(quiet)
  expect(await after(() => ground.git(directory, 'commit', '-q', '--allow-empty', '-m', 'by git'))).toBeGreaterThan(0)
  expect(await after(() => ground.git(directory, 'branch', 'deep/er/branch'))).toBeGreaterThan(0)
  expect(await after(() => ground.git(directory, 'checkout', '-q', 'deep/er/branch'))).toBeGreaterThan(0)
  expect(await after(() => ground.git(directory, 'config', 'user.name', 'Other'))).toBeGreaterThan(0)
  expect(await after(() => ground.git(directory, 'update-ref', 'refs/remotes/origin/main', 'HEAD'))).toBeGreaterThan(0)
  const burst = await after(() => {
    for (let k = 0; k < 10; k++) ground.git(directory, 'update-ref', `refs/heads/b${k}`, 'HEAD')
  })
  expect(burst).toBeGreaterThan(0)
  expect(burst).toBeLessThan(10)
  close()
  const closed = calls
  ground.git(directory, 'branch', 'after')
  await setTimeout(300)
  expect(calls).toBe(closed)
})
