import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { git } from '../../e2e/world/small-repository.ts'
import type { Topology } from '../../shared/topology/topology.ts'
import { runCommandLine } from './run.ts'

const release = (name: string, values: string) =>
  `apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: ${name}, namespace: shop}\nspec:\n  chart: {spec: {chart: ./charts/service, sourceRef: {kind: GitRepository, name: shop}}}\n  values:\n    image: acme/${name}\n${values}`

/** One chart for every service, as Flux delivers it; what the orders call stands in values, in code and in settings. */
const files: { readonly [path: string]: string } = {
  'charts/service/Chart.yaml': 'apiVersion: v2\nname: service\nversion: 1.0.0\n',
  'charts/service/values.yaml': 'image: ""\nconfig: {}\n',
  'charts/service/templates/all.yaml': `apiVersion: v1
kind: ConfigMap
metadata: {name: {{ .Release.Name }}-config}
data:
  config.yaml: |
    {{- toYaml .Values.config | nindent 4 }}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: {{ .Release.Name }}}
spec:
  selector: {matchLabels: {app: {{ .Release.Name }}}}
  template:
    metadata: {labels: {app: {{ .Release.Name }}}}
    spec:
      containers:
        - {name: app, image: "{{ .Values.image }}:1", volumeMounts: [{name: config, mountPath: /etc/app}]}
      volumes: [{name: config, configMap: {name: {{ .Release.Name }}-config}}]
---
apiVersion: v1
kind: Service
metadata: {name: {{ .Release.Name }}}
spec: {selector: {app: {{ .Release.Name }}}, ports: [{port: 8080}]}
`,
  'charts/included/Chart.yaml': 'apiVersion: v2\nname: included\nversion: 1.0.0\n',
  'charts/included/templates/_hosts.tpl':
    '{{- define "hosts" -}}\nhosts.yaml: |\n  log: info\n  two:\n    url: http://two:8080\n{{- end }}\n',
  'charts/included/templates/all.yaml': `apiVersion: v1
kind: ConfigMap
metadata: {name: hosts}
data:
  {{- include "hosts" . | nindent 2 }}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: one}
spec:
  template:
    spec:
      containers: [{name: a, image: one, volumeMounts: [{name: h, mountPath: /h}]}]
      volumes: [{name: h, configMap: {name: hosts}}]
---
apiVersion: v1
kind: Service
metadata: {name: two}
spec: {ports: [{port: 8080}]}
`,
  'edge/kustomization.yaml': 'resources: [edge.yaml]\nconfigMapGenerator:\n  - name: conf\n    files: [haproxy.cfg]\n',
  'edge/haproxy.cfg': 'defaults\n  mode http\nbackend cart\n  server c1 cart:8080 check\n',
  'edge/edge.yaml':
    'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: edge}\nspec: {template: {spec: {containers: [{name: a, image: haproxy, volumeMounts: [{name: c, mountPath: /c}]}], volumes: [{name: c, configMap: {name: conf}}]}}}\n---\napiVersion: v1\nkind: Service\nmetadata: {name: cart}\nspec: {ports: [{port: 8080}]}\n',
  'clusters/prod/apps.yaml':
    'apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: apps, namespace: flux-system}\nspec: {path: ./apps, sourceRef: {kind: GitRepository, name: shop}}\n',
  'apps/kustomization.yaml': 'resources: [orders.yaml, cart.yaml, mail.yaml]\n',
  'apps/orders.yaml': release(
    'orders',
    '    config:\n      log: info\n      upstreams:\n        cart: "http://cart:8080"\n',
  ),
  'apps/cart.yaml': release('cart', ''),
  'apps/mail.yaml': release('mail', ''),
  'services/cart/Dockerfile': 'FROM node:22\n',
  'services/cart/index.js': "fetch(process.env.MAIL_URL || 'http://mail:8080')\n",
  'services/orders/Dockerfile': 'FROM node:22\n',
  'services/orders/index.js': "console.log('nobody calls http://mail:8080')\n",
}

let directory = ''
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'pilothouse-sources-'))
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true })
    writeFileSync(join(directory, path), text)
  }
  git(directory, 'init', '-q', '-b', 'main')
  git(directory, 'config', 'user.name', 'Ada')
  git(directory, 'config', 'user.email', 'ada@example.com')
  git(directory, 'add', '-A')
  git(directory, 'commit', '-q', '-m', 'One chart for every service')
})
afterAll(() => rmSync(directory, { recursive: true, force: true }))

async function topology(...words: string[]): Promise<Topology> {
  let text = ''
  const code = await runCommandLine(
    ['topology', ...words, '--json'],
    {
      out: more => {
        text += more
      },
      say: () => {},
      locale: 'en',
      interactive: false,
      signal: new AbortController().signal,
      directory,
      environment: {},
    },
    () => {},
  )
  expect(code).toBe(0)
  return JSON.parse(text) as Topology
}

test.each([[['--path', 'apps']], [['--path', 'apps', '--source', '.']], [['--path', 'clusters/prod']]])(
  'what a chart makes is found with its source, asked for as %j',
  async words => {
    const { edges, nodes } = await topology(...words)
    expect(edges.map(({ from, to, evidence }) => [from, to, `${evidence[0]?.file}:${evidence[0]?.line}`])).toEqual([
      ['cart', 'mail', 'services/cart/index.js:1'],
      // The value that was put into the text of the ConfigMap, and not the template's line.
      ['orders', 'cart', 'apps/orders.yaml:11'],
    ])
    expect(nodes.map(({ id, source }) => [id, source?.folder])).toEqual([
      ['cart', 'services/cart'],
      ['mail', undefined],
      ['orders', 'services/orders'],
    ])
  },
)

test.each([
  [
    'a text that a template took from elsewhere: the line that took it',
    'charts/included',
    'two',
    'templates/all.yaml',
    5,
  ],
  ['a file that a generator took: its own line', 'edge', 'cart', 'haproxy.cfg', 4],
])('%s', async (_, folder, callee, file, line) => {
  const { edges } = await topology('--path', folder)
  expect(edges.map(({ to, evidence }) => [to, evidence[0]?.file, evidence[0]?.line])).toEqual([
    [callee, `${folder}/${file}`, line],
  ])
})
