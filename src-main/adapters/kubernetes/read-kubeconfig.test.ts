import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { translate } from '../../../shared/messages/index.ts'
import { createClusters } from './create-clusters.ts'
import { inClusterContext } from './in-cluster.ts'
import { ownKubeconfigFiles } from './kubeconfig-files.ts'
import { readKubeconfig } from './read-kubeconfig.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pilothouse-kubeconfig-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function write(name: string, text: string): string {
  const file = join(folder, name)
  mkdirSync(join(file, '..'), { recursive: true })
  writeFileSync(file, text)
  return file
}

const first = `
apiVersion: v1
kind: Config
current-context: eu
clusters:
- name: eu
  cluster: { server: "https://user:pass@eu.example.com:6443/k8s/clusters/c-1/", certificate-authority: pki/ca.crt, tls-server-name: api, proxy-url: "socks5://localhost:1080" }
- name: demo
  cluster: { server: "https://127.0.0.1:1", extensions: [{ name: pilothouse.dev/sandbox, extension: {} }] }
users:
- name: ada
  user: { client-certificate: ada.crt, client-key: /abs/ada.key, as: ops, as-groups: [a, b], as-user-extra: { scope/x: [y] } }
- name: plugin
  user:
    exec: { apiVersion: client.authentication.k8s.io/v1, command: ./bin/sign-in, args: [--cluster, eu], env: [{ name: REGION, value: eu }], installHint: brew install it, provideClusterInfo: true }
contexts:
- { name: eu, context: { cluster: eu, user: ada, namespace: shop } }
- { name: eu-plugin, context: { cluster: eu, user: plugin } }
- { name: demo, context: { cluster: demo, user: "" } }
`
const second = `
current-context: us
clusters: [{ name: us, cluster: { server: "https://us.example.com" } }, { name: eu, cluster: { server: "https://other.example.com" } }]
users: [{ name: ada, user: { token: other } }]
contexts:
- { name: us, context: { cluster: us, user: ada } }
- { name: eu, context: { cluster: us, user: ada } }
- { name: lost, context: { cluster: nowhere, user: ada } }
- { name: nobody, context: { cluster: us, user: unknown } }
`

test('files are joined as kubectl joins them: the first that names something wins, paths are from their own file', async () => {
  const files = [write('a/config', first), join(folder, 'not-there'), write('b/config', second)]
  const { contexts, problems } = await readKubeconfig(files, { inCluster: false })
  expect(contexts.map(({ context }) => [context.name, context.server, context.current, context.sandbox])).toEqual([
    ['eu', 'https://eu.example.com:6443', true, false],
    ['eu-plugin', 'https://eu.example.com:6443', false, false],
    ['demo', 'https://127.0.0.1:1', false, true],
    ['us', 'https://us.example.com', false, false],
  ])
  const [eu, plugin] = contexts
  expect(eu!.context).toMatchObject({ namespace: 'shop', user: 'ada', file: files[0] })
  expect(eu!.cluster).toMatchObject({
    caFile: join(folder, 'a/pki/ca.crt'),
    serverName: 'api',
    proxyUrl: 'socks5://localhost:1080',
  })
  expect(eu!.user).toEqual({
    certFile: join(folder, 'a/ada.crt'),
    keyFile: '/abs/ada.key',
    impersonate: { 'Impersonate-User': 'ops', 'Impersonate-Group': ['a', 'b'], 'Impersonate-Extra-scope%2Fx': ['y'] },
  })
  expect(plugin!.user.exec).toMatchObject({
    command: join(folder, 'a/bin/sign-in'),
    args: ['--cluster', 'eu'],
    env: { REGION: 'eu' },
    wantsCluster: true,
  })
  expect(problems.map(({ problem }) => problem.key)).toEqual(['cluster.noSuchCluster', 'cluster.noSuchUser'])
})

test('a broken file is a problem with its line, tells nothing of what it holds, and leaves the others', async () => {
  const broken = write('broken', 'users:\n- name: a\n  user: { token: s3cr3t-t0ken\nclusters: [}\n')
  const list = write('list', '- not a kubeconfig\n')
  const { contexts, problems } = await readKubeconfig([broken, list, write('good', second)], { inCluster: false })
  expect(contexts.map(({ context }) => context.name)).toContain('us')
  expect(problems.slice(0, 2)).toMatchObject([
    { file: broken, problem: { key: 'cluster.fileBroken', params: { file: broken } } },
    { file: list, problem: { key: 'cluster.fileBroken', params: { line: 1 } } },
  ])
  expect(Number(problems[0]!.problem.params!['line'])).toBeGreaterThan(2)
  for (const locale of ['en', 'zh'] as const)
    expect(problems.map(({ problem }) => translate(locale, problem)).join()).not.toContain('s3cr3t')
})

test('KUBECONFIG is a list of paths; without it there is one place', () => {
  expect(ownKubeconfigFiles({ KUBECONFIG: ['/a', '', '/b'].join(delimiter) })).toEqual(['/a', '/b'])
  expect(ownKubeconfigFiles({})[0]).toMatch(/\.kube.config$/)
})

test('in a Pod its service account is a context', async () => {
  const environment = { KUBERNETES_SERVICE_HOST: 'fd00::1', KUBERNETES_SERVICE_PORT: '6443' }
  expect(await inClusterContext(true, environment, folder)).toBeNull()
  write('token', 'abc\n')
  write('namespace', 'shop\n')
  const found = await inClusterContext(true, environment, folder)
  expect(found?.context).toMatchObject({ name: 'in-cluster', server: 'https://[fd00::1]:6443', namespace: 'shop' })
  expect(found?.user).toEqual({ tokenFile: `${folder}/token`, impersonate: {} })
  expect(await inClusterContext(true, {}, folder)).toBeNull()
})

test('a hundred contexts are read and opened without asking any of them', async () => {
  const names = Array.from({ length: 100 }, (_, index) => `c-${index}`)
  const file = write(
    'many',
    JSON.stringify({
      // Nobody answers there.
      clusters: names.map(name => ({ name, cluster: { server: 'https://203.0.113.1:6443' } })),
      users: [{ name: 'u', user: { exec: { command: 'not-installed-sign-in' } } }],
      contexts: names.map(name => ({ name, context: { cluster: name, user: 'u' } })),
    }),
  )
  await using clusters = createClusters([file])
  expect((await clusters.contexts()).contexts.map(({ name }) => name)).toEqual(names)
  const opened = await Promise.all(names.map(name => clusters.open(name)))
  expect(new Set(opened).size).toBe(100)
  expect(await clusters.open('c-3')).toBe(opened[3])
})
