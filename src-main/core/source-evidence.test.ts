import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { git } from '../../e2e/world/small-repository.ts'
import { testHost } from '../../e2e/world/test-host.ts'
import { createClient } from '../../shared/contract/client.ts'
import { inMemoryChannel } from '../../shared/contract/in-memory-channel.ts'
import { type Api, contract } from '../../shared/contract/index.ts'
import type { TopologyView } from '../../shared/topology/contract.ts'
import type { Topology } from '../../shared/topology/topology.ts'
import { createCore } from './create-core.ts'

const root = mkdtempSync(join(tmpdir(), 'pilothouse-source-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const service = (name: string) => `apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}}
spec:
  template:
    metadata: {labels: {app: ${name}}}
    spec: {containers: [{name: main, image: "acme/${name}:1"}]}
---
apiVersion: v1
kind: Service
metadata: {name: ${name}}
spec: {selector: {app: ${name}}, ports: [{port: 80}]}
`
function repository(name: string, files: { readonly [path: string]: string }): string {
  const directory = join(root, name)
  mkdirSync(directory, { recursive: true })
  git(directory, 'init', '-q', '-b', 'main')
  git(directory, 'config', 'user.name', 'Ada')
  git(directory, 'config', 'user.email', 'ada@example.org')
  commit(directory, files)
  return directory
}
function commit(directory: string, files: { readonly [path: string]: string }): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true })
    writeFileSync(join(directory, path), text)
  }
  git(directory, 'add', '-A')
  git(directory, 'commit', '-q', '-m', 'more')
}

async function withApp<T>(directory: string, work: (api: Api, workspace: string) => Promise<T>): Promise<T> {
  await using core = await createCore(testHost(join(root, 'data')))
  const [coreSide, ours] = inMemoryChannel()
  core.answer(coreSide)
  const api = createClient(contract, ours)
  const { workspace } = await api.workspaces.open({ directory })
  return await work(api, workspace)
}

async function shown(api: Api, workspace: string, revision?: string): Promise<TopologyView> {
  const environment = 'deploy'
  for await (const view of api.topology.graph({ workspace, environment, ...(revision && { revision }) })) return view
  throw new Error('the graph ended')
}
const calls = (topology: Topology | null) => topology?.edges.map(({ from, to, state }) => `${from} > ${to} ${state}`)

const deploy = Object.fromEntries(['web', 'cart', 'orders'].map(name => [`deploy/${name}.yaml`, service(name)]))
const go = (body: string) => `package main\nimport "net/http"\nfunc main() {\n${body}\n}\n`

test('each revision has the source it had, and the draft that of its base', async () => {
  const directory = repository('own', {
    ...deploy,
    'services/web/go.mod': 'module acme/web\n',
    'services/web/main.go': go('\thttp.Get("http://cart/items")\n\thttp.HandleFunc("/", home)'),
  })
  commit(directory, { 'services/web/main.go': go('\thttp.Get("http://orders/list")') })
  await withApp(directory, async (api, workspace) => {
    const now = await shown(api, workspace)
    expect(calls(now.base)).toEqual(['web > orders inferred'])
    expect(now.base.edges[0]?.evidence).toEqual([
      { kind: 'source', file: 'services/web/main.go', line: 4, detail: 'http.Get("http://orders/list")' },
    ])
    const then = await shown(api, workspace, 'HEAD~1')
    expect(calls(then.base)).toEqual(['web > cart inferred'])
    expect(then.base.nodes.find(node => node.id === 'web')).toMatchObject({
      source: { folder: 'services/web' },
      endpoints: [{ path: '/', file: 'services/web/main.go', line: 5 }],
    })
    const resource = { file: 'deploy/web.yaml', kind: 'Deployment', name: 'web' }
    await api.draft.edit({ workspace, edits: [{ kind: 'set-replicas', resource, replicas: 2 }] })
    expect(calls((await shown(api, workspace)).draft)).toEqual(['web > orders inferred'])
  })
})

test('a verdict is a draft like any other: seen at once, committed to pilothouse.yaml', async () => {
  const directory = repository('verdict', {
    ...deploy,
    'services/web/Dockerfile': 'FROM x\n',
    'services/web/a.js': 'fetch("http://cart/")\n',
  })
  await withApp(directory, async (api, workspace) => {
    await api.draft.edit({
      workspace,
      edits: [
        { kind: 'reject-edge', from: 'web', to: 'cart', why: 'switched off' },
        { kind: 'declare-edge', from: 'web', to: 'orders', protocol: 'grpc' },
      ],
    })
    const view = await shown(api, workspace)
    expect(calls(view.base)).toEqual(['web > cart inferred'])
    expect(calls(view.draft)).toEqual(['web > cart rejected', 'web > orders declared'])
    expect(view.diff.edges.map(({ to, change }) => `${to} ${change}`)).toEqual(['cart changed', 'orders added'])
    for await (const draft of api.draft.view({ workspace })) {
      expect(draft.files).toEqual([{ path: 'pilothouse.yaml', change: 'added', additions: 11, deletions: 0 }])
      const outcome = await api.draft.publish({
        workspace,
        changeSetId: draft.changeSetId,
        title: 'what is known of web',
        why: 'Seen in the traces.',
        kind: 'record',
        target: { kind: 'current-branch' },
        push: false,
      })
      expect(outcome.kind).toBe('published')
      break
    }
    expect(calls((await shown(api, workspace)).base)).toEqual(['web > cart rejected', 'web > orders declared'])
  })
  expect(readFileSync(join(directory, 'pilothouse.yaml'), 'utf8')).toContain('state: rejected\n  why: switched off\n')
})

test('source beside the workspace is read from its folder', async () => {
  const directory = repository('apart', deploy)
  const source = join(root, 'sources')
  mkdirSync(join(source, 'web/node_modules/x'), { recursive: true })
  writeFileSync(join(source, 'web/package.json'), '{}')
  writeFileSync(join(source, 'web/a.js'), 'fetch("http://orders/")\n')
  writeFileSync(join(source, 'web/node_modules/x/a.js'), 'fetch("http://cart/")\n')
  await withApp(directory, async (api, workspace) => {
    const given = { workspace, environment: 'deploy', format: 'json' as const }
    const topology = async (more: { source?: string }) =>
      JSON.parse((await api.topology.export({ ...given, ...more })).text) as Topology
    expect(calls(await topology({}))).toEqual([])
    expect(calls(await topology({ source }))).toEqual(['web > orders inferred'])
    await expect(topology({ source: join(root, 'nowhere') })).rejects.toMatchObject({ code: 'not-found' })
  })
})
