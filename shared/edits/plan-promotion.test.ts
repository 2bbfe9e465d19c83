import { expect, test } from 'vitest'
import { readManifestFile } from '../manifests/read-manifests.ts'
import { applyEdits } from './apply-edits.ts'
import { planPromotedEdits, planPromotion } from './plan-promotion.ts'

const workload = (
  name: string,
  replicas: number,
  password = 'hunter2',
  image = 'example.org/web:1',
) => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
  namespace: shop
spec:
  replicas: ${replicas}
  template:
    spec:
      containers:
        - name: server
          image: ${image}
          env:
            - name: DB_PASSWORD
              value: ${password}
`
const secret = (token: string) => `apiVersion: v1
kind: Secret
metadata:
  name: keys
stringData:
  token: ${token}
`
const read = (files: { readonly [path: string]: string }) =>
  Object.entries(files).flatMap(([path, text]) => readManifestFile(path, text).manifests)

function promote(
  before: { readonly [path: string]: string },
  after: { readonly [path: string]: string },
  there: { readonly [path: string]: string },
) {
  const files = new Map(Object.entries(there))
  const plan = planPromotion(read(before), read(after), read(there), files)
  const { files: made, outcomes } = applyEdits(files, plan.edits)
  expect(outcomes.every(({ kind }) => kind === 'applied')).toBe(true)
  return { ...plan, made, told: plan.rows.map(row => `${row.state} ${row.object} ${row.field}`.trimEnd()) }
}

test('each field that was touched gets its value where it is not so already; nothing else, and no credential is told', () => {
  const { rows, told, made } = promote(
    { 'staging/web.yaml': workload('web', 2), 'staging/keys.yaml': secret('abc') },
    {
      'staging/web.yaml': workload('web', 4, 'hunter3', 'example.org/web:2'),
      'staging/keys.yaml': secret('def'),
    },
    { 'production/web.yaml': workload('web', 4, 'other', 'example.org/web:0'), 'production/keys.yaml': secret('xyz') },
  )
  expect(told).toEqual([
    'same Deployment/web spec.replicas',
    'change Deployment/web spec.template.spec.containers.server.image',
    'change Deployment/web spec.template.spec.containers.server.env.DB_PASSWORD.value',
    'change Secret/keys stringData.token',
  ])
  expect(rows[1]).toMatchObject({ was: 'example.org/web:1', there: 'example.org/web:0', next: 'example.org/web:2' })
  expect(JSON.stringify(rows)).not.toMatch(/hunter|other|abc|def|xyz/)
  expect(made.get('production/web.yaml')).toBe(workload('web', 4, 'hunter3', 'example.org/web:2'))
  expect(made.get('production/keys.yaml')).toBe(secret('def'))
})

test('a name with the environment in it is the same thing; what has no counterpart is told, with why', () => {
  const { told } = promote(
    { 'a.yaml': workload('staging-web', 2) },
    { 'a.yaml': workload('staging-web', 3) },
    { 'b.yaml': workload('production-web', 2) },
  )
  expect(told).toEqual(['change Deployment/production-web spec.replicas'])
  const alone = promote(
    { 'a.yaml': workload('web', 2) },
    { 'a.yaml': workload('web', 3) },
    { 'b.yaml': workload('cart', 2) },
  )
  expect(alone.rows).toMatchObject([{ state: 'impossible', reason: { key: 'record.promoteNoObject' } }])
  const two = { 'b.yaml': workload('one-web', 1), 'c.yaml': workload('two-web', 1) }
  expect(promote({ 'a.yaml': workload('web', 2) }, { 'a.yaml': workload('web', 3) }, two).edits).toEqual([])
})

test('an object that was added is added, one that was removed is told; other containers are none of its business', () => {
  const added = promote({}, { 'a.yaml': workload('web', 2) }, { 'b/cart.yaml': workload('cart', 1) })
  expect(added.told).toEqual(['change Deployment/cart'.replace('cart', 'web')])
  expect([...added.made.values()].join('\n')).toContain('name: web')
  const removed = promote({ 'a.yaml': workload('web', 2) }, {}, { 'b.yaml': workload('web', 1) })
  expect(removed.rows).toMatchObject([{ state: 'impossible', reason: { key: 'record.promoteRemoves' } }])
  const elsewhere = promote(
    { 'a.yaml': workload('web', 2) },
    { 'a.yaml': workload('web', 2, 'hunter2', 'example.org/web:9') },
    { 'b.yaml': workload('web', 2).replace('name: server', 'name: app') },
  )
  expect(elsewhere.told).toEqual(['impossible Deployment/web spec.template.spec.containers.server.image'])
})

test('edits are held against another branch: what is so already, and what is not there', () => {
  const resource = { file: 'a.yaml', kind: 'Deployment', name: 'web', namespace: 'shop' }
  const edits = [
    { kind: 'set-replicas', resource, replicas: 2 },
    { kind: 'set-image', resource, container: 'server', image: 'example.org/web:2' },
    { kind: 'set-replicas', resource: { ...resource, name: 'gone' }, replicas: 2 },
  ] as const
  const plan = planPromotedEdits(edits, new Map([['a.yaml', workload('web', 2)]]))
  expect(plan.rows.map(({ state, there, next }) => [state, there, next])).toEqual([
    ['same', '2', '2'],
    ['change', 'example.org/web:1', 'example.org/web:2'],
    ['impossible', null, '2'],
  ])
  expect(plan.edits).toEqual([edits[1]])
})
