import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { environmentPart } from '../../../shared/environments/built-environments.ts'
import type { HelmRequest } from '../../../shared/environments/helm/helm-request.ts'
import { kustomizeReader } from '../../../shared/environments/kustomize/kustomization-files.ts'
import { toJson, treeAt } from '../../../shared/environments/kustomize/tree.ts'
import { helmRepository } from '../../../shared/environments/testing/gitops-repositories.ts'
import { ChartRenderer } from '../../features/topology/chart-renderer.ts'
import { createHelm } from './run-helm.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'helm-test-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** A command in place of Helm: what Helm itself prints is proven where it is installed. */
async function commandOf(script: string): Promise<NodeJS.ProcessEnv> {
  const at = await mkdtemp(join(folder, 'bin-'))
  await writeFile(join(at, 'helm'), `#!/bin/sh\n[ "$1" = version ] && exit 0\n${script}\n`)
  await chmod(join(at, 'helm'), 0o755)
  return { ...process.env, PATH: `${at}${delimiter}${process.env['PATH'] ?? ''}`, TMPDIR: folder }
}
const request: HelmRequest = {
  name: 'cart',
  namespace: 'shop',
  files: new Map([['charts/cart/Chart.yaml', 'name: cart\n']]),
  chart: 'charts/cart',
  values: ['replicaCount: 2\n'],
  set: ['a=b'],
  setString: [],
}
const { signal } = new AbortController()

test('Helm is given the files, the values and no more, and everything is taken away after', async () => {
  const helm = createHelm(await commandOf('echo "$@"; cat "$3/Chart.yaml"; cat "$8"; echo "$HTTPS_PROXY"; pwd'))
  expect(await helm.isInstalled()).toBe(true)
  const said = await helm.template(request, signal)
  expect(said).toMatch(/^template cart \S+charts\/cart --include-crds --namespace shop --values \S+ --set a=b\n/)
  expect(said).toContain('name: cart\nreplicaCount: 2\nhttp://127.0.0.1:9\n')
  const worked = said?.trimEnd().split('\n').at(-1) ?? ''
  expect(worked).toContain('pilothouse-helm-')
  await expect(readdir(worked)).rejects.toThrow('ENOENT')
})

test('without Helm, or with a chart it refuses, there is no answer; a wait is ended', async () => {
  expect(await createHelm({ PATH: join(folder, 'nowhere') }).isInstalled()).toBe(false)
  expect(await createHelm(await commandOf('exit 1')).template(request, signal)).toBeNull()
  const started = join(folder, 'started')
  const stop = new AbortController()
  const waiting = createHelm(await commandOf(`touch ${started}; exec sleep 600`)).template(request, stop.signal)
  const ended = expect(waiting).rejects.toThrow('enough')
  await expect
    .poll(
      () =>
        readFile(started).then(
          () => true,
          () => false,
        ),
      { timeout: 60_000 },
    )
    .toBe(true)
  stop.abort(new Error('enough'))
  await ended
})

test('where Helm makes the same it is no more approximate and keeps its lines; where it makes another thing, Helm is right', async () => {
  const printed = (replicas: number): string =>
    `cat <<'END'
---
# Source: cart/templates/deployment.yaml
apiVersion: apps/v1
kind: Deployment
metadata: {name: $NAME}
spec:
  replicas: ${replicas}
  selector: {matchLabels: {app: cart}}
  template:
    metadata: {labels: {app: cart}}
    spec: {containers: [{name: main, image: "ghcr.io/acme/cart:1.0.0", env: [{name: LOG_LEVEL, value: info}]}]}
END`.replace('$NAME', 'cart')
  const only = new Map([...helmRepository].filter(([path]) => path.startsWith('charts/cart/')))
  const rendered = async (replicas: number) => {
    const charts = new ChartRenderer(createHelm(await commandOf(printed(replicas))))
    expect(await charts.isInstalled()).toBe(true)
    const first = environmentPart(kustomizeReader(only, undefined, undefined, charts.ask), 'charts/cart')
    expect(first?.approximate).toEqual(['renderer'])
    await charts.answer(signal)
    return environmentPart(kustomizeReader(only, undefined, undefined, charts.ask), 'charts/cart')!
  }
  const same = await rendered(1)
  expect(same.approximate).toEqual([])
  expect(treeAt(same.objects[0]!.tree, ['spec', 'replicas'])?.origin.source.file).toBe('charts/cart/values.yaml')
  const other = await rendered(9)
  expect(other.approximate).toEqual([])
  expect(toJson(other.objects[0]!.tree)).toMatchObject({ spec: { replicas: 9 } })
})
