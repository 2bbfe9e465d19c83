import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { git } from '../../e2e/world/small-repository.ts'
import { testHost } from '../../e2e/world/test-host.ts'
import { createClient } from '../../shared/contract/client.ts'
import { inMemoryChannel } from '../../shared/contract/in-memory-channel.ts'
import { type Api, contract } from '../../shared/contract/index.ts'
import { createCore } from './create-core.ts'

const root = mkdtempSync(join(tmpdir(), 'pilothouse-dependencies-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const workload = (name: string, image: string) => `apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}}
spec:
  template:
    metadata: {labels: {app: ${name}}}
    spec: {containers: [{name: main, image: "acme/${name}:1"}, {name: proxy, image: "${image}"}]}
`
const mod = (grpc: string, net: string) => `module acme/shop
go 1.24
require google.golang.org/grpc ${grpc}
require golang.org/x/net ${net} // indirect
`
const graph = (grpc: string, net: string) =>
  `acme/shop google.golang.org/grpc@${grpc}\nacme/shop golang.org/x/net@${net}\ngoogle.golang.org/grpc@${grpc} golang.org/x/net@${net}\n`
const program = (folder: string, grpc: string, net: string) => ({
  [`${folder}/go.mod`]: mod(grpc, net),
  [`${folder}/go.graph`]: graph(grpc, net),
  [`${folder}/main.go`]: 'package main\n',
})

function commit(directory: string, message: string, files: { readonly [path: string]: string }): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true })
    writeFileSync(join(directory, path), text)
  }
  git(directory, 'add', '-A')
  git(directory, 'commit', '-q', '-m', message)
}

/** Two services; cart moves on, then nothing happens, then its proxy moves on. */
function shop(): string {
  const directory = join(root, 'shop')
  mkdirSync(directory)
  git(directory, 'init', '-q', '-b', 'main')
  git(directory, 'config', 'user.name', 'Ada')
  git(directory, 'config', 'user.email', 'ada@example.org')
  commit(directory, 'first', {
    'deploy/cart.yaml': workload('cart', 'envoy:1.30'),
    'deploy/pay.yaml': workload('pay', 'envoy:1.30'),
    ...program('src/cart', 'v1.60.0', 'v0.20.0'),
    ...program('src/pay', 'v1.60.0', 'v0.20.0'),
    'broken/package-lock.json': '{\n',
  })
  commit(directory, 'DECISION: cart takes the new client', program('src/cart', 'v1.70.0', 'v0.35.0'))
  commit(directory, 'words', { 'README.md': 'Shop\n' })
  commit(directory, 'a new proxy', { 'deploy/cart.yaml': workload('cart', 'envoy:1.31') })
  return directory
}

async function withApp<T>(directory: string, work: (api: Api, workspace: string) => Promise<T>): Promise<T> {
  await using core = await createCore(testHost(join(root, 'data')))
  const [coreSide, ours] = inMemoryChannel()
  core.answer(coreSide)
  const api = createClient(contract, ours)
  const { workspace } = await api.workspaces.open({ directory })
  return await work(api, workspace)
}

test('what services are made of, compared, explained, dated, and brought together', async () => {
  await withApp(shop(), async (api, workspace) => {
    const overview = await api.dependencies.overview({ workspace, environment: 'deploy' })
    expect(overview.problems.map(({ params }) => params?.['file'])).toEqual(['broken/package-lock.json'])
    expect(overview.services.map(({ service, folder, behind }) => [service, folder, behind.all])).toEqual([
      ['cart', 'src/cart', 0],
      ['pay', 'src/pay', 3],
    ])
    const apart = overview.libraries.filter(({ spread }) => spread > 1)
    expect(apart.map(({ library }) => library).sort()).toEqual([
      'pkg:golang/golang.org/x/net',
      'pkg:golang/google.golang.org/grpc',
      'pkg:oci/envoy',
    ])

    const diff = await api.dependencies.diff({ workspace, from: 'HEAD~3', to: 'HEAD', environment: 'deploy' })
    const [images, modules] = diff.sets
    expect(images?.diff.changed.map(({ name, from, to }) => [name, from, to])).toEqual([['envoy', '1.30', '1.31']])
    expect([modules?.services, modules?.hasGraph]).toEqual([['cart'], true])
    expect(
      modules?.explanation.groups.map(({ cause, dragged }) => [cause.name, dragged.map(({ path }) => path)]),
    ).toEqual([['google.golang.org/grpc', [['google.golang.org/grpc@v1.70.0', 'golang.org/x/net@v0.35.0']]]])
    const same = await api.dependencies.diff({ workspace, from: 'HEAD~2', to: 'HEAD~1', environment: 'deploy' })
    expect(same.sets).toEqual([])

    const net = 'pkg:golang/golang.org/x/net'
    const standings = await api.dependencies.standings({ workspace, environment: 'deploy', library: net })
    expect(standings.map(({ service, version, since }) => `${service} ${version} ${since?.title}`).sort()).toEqual([
      'cart v0.35.0 DECISION: cart takes the new client',
      'pay v0.20.0 first',
    ])
    const proxy = await api.dependencies.standings({ workspace, environment: 'deploy', library: 'pkg:oci/envoy' })
    expect(proxy.map(({ service, since }) => `${service} ${since?.title}`).sort()).toEqual([
      'cart a new proxy',
      'pay first',
    ])

    const modulePlan = await api.dependencies.align({
      workspace,
      environment: 'deploy',
      library: net,
      version: 'v0.35.0',
    })
    expect(modulePlan.commands).toEqual([
      { folder: 'src/pay', services: ['pay'], command: 'go get golang.org/x/net@v0.35.0 && go mod tidy' },
    ])
    const imagePlan = await api.dependencies.align({
      workspace,
      environment: 'deploy',
      library: 'pkg:oci/envoy',
      version: '1.31',
    })
    const preview = await api.draft.preview({ workspace, edits: [...imagePlan.edits] })
    expect(preview.files.map(({ path, after }) => [path, after])).toEqual([
      ['deploy/pay.yaml', workload('pay', 'envoy:1.31')],
    ])

    const decision = await api.decisions.show({ workspace, decision: 'HEAD~2' })
    expect(decision.summary.dependencies).toEqual([
      { name: 'golang.org/x/net', from: 'v0.20.0', to: 'v0.35.0' },
      { name: 'google.golang.org/grpc', from: 'v1.60.0', to: 'v1.70.0' },
    ])
  })
})
