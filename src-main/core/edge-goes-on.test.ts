import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeRepository } from '../../e2e/world/git-repository.ts'
import { isolatedHome } from '../../e2e/world/isolated-home.ts'
import { testHost } from '../../e2e/world/test-host.ts'
import { createClient } from '../../shared/contract/client.ts'
import { inMemoryChannel } from '../../shared/contract/in-memory-channel.ts'
import { contract } from '../../shared/contract/index.ts'
import { boards } from '../sandbox/edge/board.ts'
import { serveFleet } from '../sandbox/edge/serve-fleet.ts'
import { createCore } from './create-core.ts'

const declared = `apiVersion: pilothouse.dev/v1alpha1
kind: EdgeNode
metadata: { name: lisbon }
spec: { host: lisbon }
---
apiVersion: pilothouse.dev/v1alpha1
kind: EdgeService
metadata: { name: counter }
spec:
  node: lisbon
  artifact: { path: build/counter }
  health: { exec: ["true"], stable: 1ms, timeout: 60s }
`

test.runIf(process.platform !== 'win32')('a node that was away is applied when the app is open again', async () => {
  await using stack = new AsyncDisposableStack()
  const home = stack.use(isolatedHome())
  const fleet = stack.use(await serveFleet(join(home.folder, 'fleet'), { now: Date.now(), boards: boards.slice(0, 1) }))
  const directory = makeRepository(home, 'shop', { '.gitignore': 'build\n', '.pilothouse/edge/all.yaml': declared })
  mkdirSync(join(directory, 'build'))
  writeFileSync(join(directory, 'build/counter'), '#!/bin/sh\nwhile :; do sleep 600; done\n')
  const config = fleet.ssh.configFiles[0]!
  const known = readFileSync(config, 'utf8')
  const open = async () => {
    const core = await createCore({ ...testHost(join(home.folder, 'data')), ssh: fleet.ssh })
    const [coreSide, ours] = inMemoryChannel()
    core.answer(coreSide)
    const api = createClient(contract, ours)
    const { workspace } = await api.workspaces.open({ directory })
    return { api, workspace, [Symbol.asyncDispose]: () => core[Symbol.asyncDispose]() }
  }

  // Nobody listens there.
  writeFileSync(config, `Host lisbon\n  Port 1\n${known}`)
  {
    await using app = await open()
    await app.api.fleet.apply({ workspace: app.workspace })
    for await (const { rollouts, away } of app.api.fleet.underway({ workspace: app.workspace }))
      if (rollouts.length === 0 && away.length > 0) break
  }
  writeFileSync(config, known)

  await using app = await open()
  const { workspace } = app
  // To look at rollouts and plans changes no node.
  for await (const { rollouts } of app.api.fleet.view({ workspace })) {
    expect(rollouts[0]).toMatchObject({ running: false, nodes: { lisbon: { kind: 'unreachable' } } })
    break
  }
  expect((await app.api.fleet.plan({ workspace })).plans).toMatchObject([{ node: 'lisbon', kind: 'install' }])
  const first: string[] = []
  for await (const { rollouts, away } of app.api.fleet.underway({ workspace })) {
    if (first.length === 0) first.push(...away)
    if (rollouts.length === 0 && away.length === 0) break
  }
  expect(first).toEqual(['lisbon'])
  expect((await app.api.fleet.plan({ workspace })).plans).toMatchObject([{ node: 'lisbon', kind: 'same' }])
})
