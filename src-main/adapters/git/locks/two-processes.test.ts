import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { TestGround } from '../testing/test-repository.ts'

const worker = fileURLToPath(new URL('../testing/publish-many.ts', import.meta.url))
const node24 = fileURLToPath(new URL('../../../../node_modules/.bin/node', import.meta.url))
const node = existsSync(node24) ? node24 : process.execPath
const ground = new TestGround()
afterAll(() => ground.remove())

const run = async (program: string, args: readonly string[], directory: string): Promise<string> => {
  const child = spawn(program, args, { cwd: directory, env: ground.variables, stdio: ['ignore', 'pipe', 'inherit'] })
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString()
  })
  const code = await new Promise(resolve => child.once('close', resolve))
  expect(code, output).toBe(0)
  return output
}

test('two of us and one git commit at once on one clone: nothing is lost', { timeout: 120_000 }, async () => {
  const directory = ground.repository('shared-by-three')
  const each = 12
  const byGit = `for k in $(seq ${each}); do echo $k > git-$k && until git add git-$k 2>/dev/null && git commit -qm "git $k" -- git-$k 2>/dev/null; do sleep 0.02; done; done`
  await Promise.all([
    run(node, [worker, directory, 'one', String(each)], directory),
    run(node, [worker, directory, 'two', String(each)], directory),
    run('sh', ['-c', byGit], directory),
  ])
  const subjects = ground.git(directory, 'log', '--format=%s').trim().split('\n')
  expect(subjects).toHaveLength(1 + 3 * each)
  expect(new Set(subjects).size).toBe(1 + 3 * each)
  ground.git(directory, 'fsck', '--strict')
  expect(ground.git(directory, 'status', '--porcelain')).toBe('')
  expect(ground.git(directory, 'ls-files').trim().split('\n')).toHaveLength(3 + 3 * each)
  expect(existsSync(join(directory, '.git/index.lock'))).toBe(false)
  expect(existsSync(join(directory, '.git/pilothouse'))).toBe(false)
})
