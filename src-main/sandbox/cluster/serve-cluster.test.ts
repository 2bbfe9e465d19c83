import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Json, type JsonObject, listAt, textAt, valueAt } from '../../../shared/manifests/manifest.ts'
import { type SandboxCluster, serveCluster } from './serve-cluster.ts'
import { type Ask, askAs } from './testing/ask.ts'

const folder = mkdtempSync(join(tmpdir(), 'pilothouse-cluster-'))
const file = join(folder, 'kubeconfig')
let cluster: SandboxCluster
let admin: Ask
let developer: Ask
beforeAll(async () => {
  cluster = await serveCluster({ controllers: false })
  await cluster.writeKubeconfig(file, 'all')
  admin = await askAs(file, 'sandbox')
  developer = await askAs(file, 'developer')
  await admin('POST', '/api/v1/namespaces', { metadata: { name: 'shop' } })
})
afterAll(async () => {
  await cluster[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

const maps = '/api/v1/namespaces/shop/configmaps'
const configMap = (name: string, data: JsonObject = {}, labels: JsonObject = {}) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, labels },
  data,
})
const namesOf = (list: Json) => listAt(list, 'items').map(item => textAt(item, 'metadata', 'name'))
const deployment = (name: string, image: string, replicas?: number) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, namespace: 'shop' },
  spec: {
    ...(replicas !== undefined && { replicas }),
    selector: { matchLabels: { app: name } },
    template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'web', image }] } },
  },
})
const deployments = '/apis/apps/v1/namespaces/shop/deployments'
const apply = (ask: Ask, object: JsonObject, manager: string, more = '') =>
  ask(
    'PATCH',
    `${deployments}/${textAt(object, 'metadata', 'name')}?fieldManager=${manager}${more}`,
    object,
    'application/apply-patch+yaml',
  )

test('lets in by token and by certificate, and nobody else', async () => {
  const certified = await askAs(file, 'sandbox-certificate')
  expect((await certified('GET', '/api/v1/namespaces/shop')).code).toBe(200)
  const who = await certified('POST', '/apis/authentication.k8s.io/v1/selfsubjectreviews', {})
  expect(textAt(who.body, 'status', 'userInfo', 'username')).toBe('certified-admin')
  const stranger = await askAs(file, 'nobody')
  expect((await stranger('GET', '/version')).body).toMatchObject({ gitVersion: 'v1.33.0+sandbox' })
  expect(await stranger('GET', '/api/v1/namespaces/shop')).toMatchObject({ code: 401 })
})

test('says which right is missing, and takes Roles at their word', async () => {
  const refused = await developer('GET', maps)
  expect(refused.code).toBe(403)
  expect(refused.body).toMatchObject({
    reason: 'Forbidden',
    message:
      'configmaps is forbidden: User "developer" cannot list resource "configmaps" in API group "" in the namespace "shop"',
  })
  const rbac = '/apis/rbac.authorization.k8s.io/v1/namespaces/shop'
  const rules = [{ apiGroups: [''], resources: ['configmaps'], verbs: ['list'] }]
  await admin('POST', `${rbac}/roles`, { metadata: { name: 'reader' }, rules })
  await admin('POST', `${rbac}/rolebindings`, {
    metadata: { name: 'reader' },
    roleRef: { kind: 'Role', name: 'reader', apiGroup: 'rbac.authorization.k8s.io' },
    subjects: [{ kind: 'User', name: 'developer' }],
  })
  expect((await developer('GET', maps)).code).toBe(200)
  expect((await developer('POST', maps, configMap('no'))).code).toBe(403)
  const may = async (verb: string) => {
    const review = { spec: { resourceAttributes: { verb, resource: 'configmaps', namespace: 'shop' } } }
    const { body } = await developer('POST', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', review)
    return valueAt(body, ['status', 'allowed'])
  }
  expect([await may('list'), await may('delete')]).toEqual([true, false])
})

test('lists in pages of one moment, by labels, and says 410 when that moment is forgotten', async () => {
  for (const [index, name] of ['a', 'b', 'c', 'd', 'e'].entries())
    await admin('POST', maps, configMap(`page-${name}`, {}, { page: index % 2 === 0 ? 'even' : 'odd' }))
  const first = await admin('GET', `${maps}?labelSelector=page&limit=2`)
  await admin('DELETE', `${maps}/page-c`)
  const token = textAt(first.body, 'metadata', 'continue')!
  const second = await admin('GET', `${maps}?labelSelector=page&limit=2&continue=${token}`)
  expect([...namesOf(first.body), ...namesOf(second.body)]).toEqual(['page-a', 'page-b', 'page-c', 'page-d'])
  expect(textAt(second.body, 'metadata', 'resourceVersion')).toBe(textAt(first.body, 'metadata', 'resourceVersion'))
  cluster.faults.expire()
  const third = await admin('GET', `${maps}?limit=2&continue=${textAt(second.body, 'metadata', 'continue')}`)
  expect(third).toMatchObject({ code: 410, body: { reason: 'Expired' } })
  const odd = await admin('GET', `${maps}?labelSelector=${encodeURIComponent('page in (odd),page!=x')}`)
  expect(namesOf(odd.body)).toEqual(['page-b', 'page-d'])
  const one = await admin('GET', `${maps}?fieldSelector=metadata.name%3Dpage-e`)
  expect(namesOf(one.body)).toEqual(['page-e'])
})

test('watches from a version on, by labels, and ends with 410 where the history is gone', async () => {
  const { body: before } = await admin('GET', maps)
  const version = textAt(before, 'metadata', 'resourceVersion')
  const watch = await admin.stream(`${maps}?watch=true&labelSelector=seen%3Dyes&resourceVersion=${version}`)
  await admin('POST', maps, configMap('w1', {}, { seen: 'yes' }))
  await admin('POST', maps, configMap('w2'))
  await admin('PATCH', `${maps}/w2`, { metadata: { labels: { seen: 'yes' } } }, 'application/merge-patch+json')
  await admin('PATCH', `${maps}/w1`, { metadata: { labels: { seen: 'no' } } }, 'application/merge-patch+json')
  await admin('DELETE', `${maps}/w2`)
  const told: string[] = []
  for await (const line of watch.lines) {
    const event = JSON.parse(line) as JsonObject
    told.push(`${textAt(event, 'type')} ${textAt(event, 'object', 'metadata', 'name')}`)
    if (told.length === 4) break
  }
  watch.close()
  expect(told).toEqual(['ADDED w1', 'ADDED w2', 'DELETED w1', 'DELETED w2'])
  cluster.faults.expire()
  const late = await admin.stream(`${maps}?watch=true&resourceVersion=${version}`)
  const { value } = await late.lines.next()
  expect(JSON.parse(value as string)).toMatchObject({ type: 'ERROR', object: { code: 410 } })
})

test('applies by field manager: conflict, force, and taking away what is said no more', async () => {
  expect((await apply(admin, deployment('web', 'web:1', 2), 'pilothouse')).code).toBe(201)
  const other = await apply(admin, deployment('web', 'web:2', 5), 'someone')
  expect(other.code).toBe(409)
  expect(listAt(other.body, 'details', 'causes').map(cause => textAt(cause, 'field'))).toEqual([
    '.spec.replicas',
    '.spec.template.spec.containers[name="web"].image',
  ])
  expect(textAt(other.body, 'message')).toContain('conflict with "pilothouse"')
  const tried = await apply(admin, deployment('web', 'web:2', 5), 'someone', '&force=true&dryRun=All')
  expect(valueAt(tried.body, ['spec', 'replicas'])).toBe(5)
  const live = await admin('GET', `${deployments}/web`)
  expect(valueAt(live.body, ['spec', 'replicas'])).toBe(2)
  expect(valueAt(live.body, ['spec', 'template', 'spec', 'containers', 0, 'imagePullPolicy'])).toBe('IfNotPresent')

  const version = textAt(live.body, 'metadata', 'resourceVersion')
  const again = await apply(admin, deployment('web', 'web:1', 2), 'pilothouse')
  expect(textAt(again.body, 'metadata', 'resourceVersion')).toBe(version)

  await apply(admin, deployment('web', 'web:2'), 'pilothouse')
  const after = await admin('GET', `${deployments}/web`)
  // Nobody says how many any more: the default holds.
  expect(valueAt(after.body, ['spec', 'replicas'])).toBe(1)
  expect(valueAt(after.body, ['metadata', 'generation'])).toBe(2)
})

test('patches in three ways, and refuses what does not fit', async () => {
  await admin('POST', deployments, deployment('three', 'web:1'))
  const patch = (body: unknown, type: string) =>
    admin('PATCH', `${deployments}/three`, body, `application/${type}+json`)
  const env = [{ name: 'A', value: '1' }]
  const strategic = await patch(
    { spec: { template: { spec: { containers: [{ name: 'web', env }] } } } },
    'strategic-merge-patch',
  )
  expect(valueAt(strategic.body, ['spec', 'template', 'spec', 'containers', 0])).toMatchObject({ image: 'web:1', env })
  const merged = await patch({ spec: { replicas: 3 }, metadata: { labels: { a: 'b' } } }, 'merge-patch')
  expect(merged.body).toMatchObject({ spec: { replicas: 3 }, metadata: { labels: { a: 'b' } } })
  const removed = await patch([{ op: 'remove', path: '/metadata/labels/a' }], 'json-patch')
  expect(valueAt(removed.body, ['metadata', 'labels', 'a'])).toBe(undefined)
  expect((await patch([{ op: 'test', path: '/spec/replicas', value: 9 }], 'json-patch')).code).toBe(422)
  expect((await patch({ spec: { selector: { matchLabels: { app: 'x' } } } }, 'merge-patch')).code).toBe(422)
  const stale = { ...deployment('three', 'web:9'), metadata: { name: 'three', resourceVersion: '1' } }
  expect(await admin('PUT', `${deployments}/three`, stale)).toMatchObject({ code: 409, body: { reason: 'Conflict' } })
  const rollouts = '/apis/argoproj.io/v1alpha1/namespaces/shop/rollouts'
  await admin('POST', rollouts, { metadata: { name: 'r' }, spec: {} })
  const custom = await admin('PATCH', `${rollouts}/r`, {}, 'application/strategic-merge-patch+json')
  expect(custom.code).toBe(415)
})

test('goes wrong on demand: too many requests, denied, and a restart on the same port', async () => {
  cluster.faults.tooMany = { requests: 1, retryAfter: 7 }
  expect(await admin('GET', maps)).toMatchObject({ code: 429, headers: { 'retry-after': '7' } })
  expect((await admin('GET', maps)).code).toBe(200)
  cluster.faults.denied = ['* secrets']
  const denied = await admin('GET', '/api/v1/secrets')
  expect(denied).toMatchObject({ code: 403, body: { reason: 'Forbidden' } })
  // Whoever asks what they may is told the same.
  const review = { spec: { resourceAttributes: { verb: 'list', resource: 'secrets' } } }
  const asked = await admin('POST', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', review)
  expect(valueAt(asked.body, ['status', 'allowed'])).toBe(false)
  cluster.faults.denied = []
  await cluster.faults.stop()
  await expect(admin('GET', maps)).rejects.toThrow('ECONNREFUSED')
  await cluster.faults.start()
  expect((await admin('GET', maps)).code).toBe(200)
})

test('a cut network says nothing to anybody; once it is mended, new connections come through', async () => {
  const watch = await admin.stream(
    `${maps}?watch=true&resourceVersion=${textAt((await admin('GET', maps)).body, 'metadata', 'resourceVersion')}`,
  )
  const heard: string[] = []
  const listen = async () => {
    for await (const line of watch.lines) heard.push(line)
  }
  const ended = expect(listen()).rejects.toThrow()
  cluster.faults.cut()
  let answered = false
  const hanging = admin('GET', maps).finally(() => {
    answered = true
  })
  const refused = expect(hanging).rejects.toThrow()
  cluster.state.writer.create(
    cluster.state.kind('', 'ConfigMap'),
    { metadata: { name: 'unheard', namespace: 'shop' } },
    { manager: 'test' },
  )
  await cluster.faults.stop()
  expect(cluster.watches).toBe(0)
  await refused
  expect(answered).toBe(true)
  await ended
  expect(heard).toEqual([])
  cluster.faults.mend()
  await cluster.faults.start()
  expect((await admin('GET', maps)).code).toBe(200)
})
