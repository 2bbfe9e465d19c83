import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync, utimesSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { fileDocuments } from '../app-data/file-documents.ts'
import { systemArtifacts } from './system-artifacts.ts'

test('fetched artifacts are kept within a bound: the oldest goes, what this process asked for stays', async () => {
  using world = new DisposableStack()
  const folder = mkdtempSync(join(tmpdir(), 'pilothouse-artifacts-'))
  world.defer(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }))
  const bodyOf = (path: string): Buffer => Buffer.alloc(400, path)
  const server = createServer((request, response) => response.end(bodyOf(request.url!)))
  world.defer(() => void server.close())
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  const sha256 = (name: string) =>
    createHash('sha256')
      .update(bodyOf(`/${name}`))
      .digest('hex')
  const open = () => {
    const artifacts = systemArtifacts(fileDocuments(folder), 1000)
    return (name: string) =>
      artifacts.fetch(`http://127.0.0.1:${port}/${name}`, sha256(name), new AbortController().signal)
  }
  const kept = () => new Set(readdirSync(join(folder, 'artifacts')))
  const files = (...names: string[]) => new Set(names.map(name => `${sha256(name)}.bin`))
  const used = (name: string, seconds: number) =>
    utimesSync(join(folder, 'artifacts', `${sha256(name)}.bin`), seconds, seconds)

  const before = open()
  for (const [seconds, name] of ['a', 'b'].entries()) {
    await before(name)
    used(name, seconds)
  }
  const now = open()
  await now('c')
  expect(kept()).toEqual(files('b', 'c'))
  // A rollout under way asks for all of these again: none goes, though they are too many.
  await now('b')
  used('b', 1)
  await now('d')
  expect(kept()).toEqual(files('b', 'c', 'd'))
  expect(Buffer.from(await now('b'))).toEqual(bodyOf('/b'))
})
