import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { createModuleGraphReader } from './read-module-graph.ts'

const root = mkdtempSync(join(tmpdir(), 'pilothouse-go-test-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

/** A stand-in for the go command: a script with this body, first on the path. */
function withGo(name: string, body: string): NodeJS.ProcessEnv {
  const bin = join(root, name)
  mkdirSync(bin)
  writeFileSync(join(bin, 'go'), `#!/bin/sh\n${body}\n`)
  chmodSync(join(bin, 'go'), 0o755)
  return { ...process.env, PATH: `${bin}${delimiter}${process.env['PATH']}` }
}
const never = new AbortController().signal
const module = { mod: 'module m\n', sum: 'x v1.0.0 h1:y=\n' }

test('the graph is asked of a copy, with the network forbidden', async () => {
  const seen = join(root, 'seen')
  const env = withGo(
    'fine',
    `{ echo "$@ $GOPROXY $GOFLAGS $GOTOOLCHAIN $GOWORK"; cat go.mod go.sum; } > ${seen}; echo 'm x@v1.0.0'`,
  )
  expect(await createModuleGraphReader(env)(module, never)).toBe('m x@v1.0.0\n')
  expect(readFileSync(seen, 'utf8')).toBe('mod graph off -mod=mod local off\nmodule m\nx v1.0.0 h1:y=\n')
})

test('a module that is not here has no graph, and a machine without Go neither', async () => {
  expect(await createModuleGraphReader(withGo('fails', 'echo missing >&2; exit 1'))(module, never)).toBeNull()
  const read = createModuleGraphReader({ PATH: join(root, 'nothing') })
  expect([await read(module, never), await read(module, never)]).toEqual([null, null])
})

test('who leaves ends it', async () => {
  const leaving = new AbortController()
  const reading = createModuleGraphReader(withGo('slow', 'exec sleep 600'))(module, leaving.signal)
  leaving.abort()
  await expect(reading).rejects.toMatchObject({ name: 'AbortError' })
})
