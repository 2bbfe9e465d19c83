import { describe, expect, test } from 'vitest'
import { addressesInText, withAddress } from './address-in-text.ts'
import { applyEdit } from './apply-edits.ts'
import type { Edit } from './edit.ts'
import { invertEdit } from './invert-edit.ts'

const policy = `# who may talk to the cart
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: cart}
spec:
  podSelector: {matchLabels: {app: cart}}
  ingress:
    - from:
        - podSelector: {matchLabels: {app: web}}
      ports: [{port: 7070}]
`
const deployment = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  template:
    spec:
      containers:
        - name: server
          image: acme/web:1
          env:
            - name: CART_URL # the cart
              value: "http://user:secret@carts:7070/v1/carts"
`
const files = new Map([
  ['policy.yaml', policy],
  ['web.yaml', deployment],
])
const cart = { file: 'policy.yaml', kind: 'NetworkPolicy', name: 'cart' }
const web = { file: 'web.yaml', kind: 'Deployment', name: 'web' }
const url = ['spec', 'template', 'spec', 'containers', 'server', 'env', 'CART_URL', 'value']

function after(edit: Edit, of: ReadonlyMap<string, string> = files): string {
  const outcome = applyEdit(of, edit)
  if (outcome.kind !== 'applied') throw new Error(JSON.stringify(outcome))
  const next = new Map(of)
  for (const [path, text] of outcome.files)
    if (text === null) next.delete(path)
    else next.set(path, text)
  // Taken back, every byte is what it was.
  const back = new Map(next)
  for (const undo of invertEdit(of, edit)) {
    const undone = applyEdit(back, undo)
    if (undone.kind === 'applied')
      for (const [path, text] of undone.files)
        if (text === null) back.delete(path)
        else back.set(path, text)
  }
  expect(back).toEqual(new Map(of))
  return [...outcome.files.values()].join('')
}

describe('an address in a text', () => {
  test.each([
    ['carts:7070', 'cart:7070'],
    ['http://carts/carts/carts.html', 'http://cart/carts/carts.html'],
    ['http://carts:pw@carts:7070', 'http://carts:pw@cart:7070'],
    ['amqp://u:carts@carts', 'amqp://u:carts@cart'],
    ['Server=carts,1433;Database=carts;User=carts', 'Server=cart,1433;Database=carts;User=carts'],
    ['my-carts:1,carts:2,carts.shop:3,carts', 'my-carts:1,cart:2,carts.shop:3,cart'],
    ['root:pw@tcp(carts:3306)/carts', 'root:pw@tcp(cart:3306)/carts'],
    ['until nc -z carts 7070; do sleep 1; done', 'until nc -z cart 7070; do sleep 1; done'],
  ])('%s', (text, expected) => {
    expect(withAddress(text, { host: 'carts', to: 'cart' })).toBe(expected)
  })

  test('the port follows where one is given', () => {
    expect(withAddress('http://carts:7070/x', { host: 'carts', to: 'cart', port: 80 })).toBe('http://cart:80/x')
    expect(withAddress('http://carts/x', { host: 'carts', to: 'cart', port: 80 })).toBe('http://cart:80/x')
    expect(addressesInText('cartsy carts.example', 'carts')).toEqual([])
  })
})

test('an address leads elsewhere and nothing else of its line changes', () => {
  const edit: Edit = { kind: 'set-address', resource: web, at: url, host: 'carts', to: 'cart' }
  expect(after(edit)).toBe(deployment.replace('@carts:', '@cart:'))
  const done = new Map([...files, ['web.yaml', deployment.replace('@carts:', '@cart:')]])
  expect(applyEdit(done, edit).kind).toBe('unchanged')
  const gone = new Map([...files, ['web.yaml', deployment.replace('carts:7070', 'x')]])
  expect(applyEdit(gone, edit)).toMatchObject({ kind: 'refused', reason: { key: 'wiring.addressGone' } })
})

test('a list holds an item or does not', () => {
  const item = { podSelector: { matchLabels: { app: 'api' } } }
  const at = ['spec', 'ingress', 0, 'from']
  const added = after({ kind: 'set-item', resource: cart, at, item, present: true })
  expect(added).toContain('app: web')
  expect(added).toContain('app: api')
  expect(added).toContain('# who may talk')
  const both = new Map([...files, ['policy.yaml', added]])
  expect(applyEdit(both, { kind: 'set-item', resource: cart, at, item, present: true }).kind).toBe('unchanged')
  expect(after({ kind: 'set-item', resource: cart, at, item, present: false }, both)).toBe(policy)
})

test('any field, and an item by its name', () => {
  const edit: Edit = { kind: 'set-field', resource: web, at: url, value: 'cart:80' }
  expect(after(edit)).toContain('value: "cart:80"')
  expect(applyEdit(files, { ...edit, at: [...url.slice(0, 6), 'NOT_THERE', 'value'] })).toMatchObject({
    kind: 'refused',
  })
})

test('an object goes beside its neighbour, and into an environment alone where a base declares that', () => {
  const object = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'to-cart' },
    spec: { podSelector: { matchLabels: { app: 'cart' } }, policyTypes: ['Ingress'] },
  }
  expect(after({ kind: 'add-object', beside: cart, object })).toMatch(/^# who[\s\S]*\n---\napiVersion[\s\S]*to-cart/)
  const kustomized = new Map([
    ['base/kustomization.yaml', 'resources: [policy.yaml]\n'],
    ['base/policy.yaml', policy],
    ['prod/kustomization.yaml', 'namespace: prod\nresources:\n  - ../base\n'],
  ])
  const built = { ...cart, file: 'prod/kustomization.yaml', namespace: 'prod' }
  const text = after({ kind: 'add-object', beside: built, object }, kustomized)
  expect(text).toContain('  - to-cart-networkpolicy.yaml')
  expect(applyEdit(kustomized, { kind: 'add-object', beside: built, object })).toMatchObject({
    changes: [{ file: 'prod/to-cart-networkpolicy.yaml', after: 'NetworkPolicy/to-cart' }],
  })
  // An edit of a field of the base's object stays in the environment too.
  const item = { podSelector: { matchLabels: { app: 'api' } } }
  const patched = applyEdit(kustomized, {
    kind: 'set-item',
    resource: built,
    at: ['spec', 'ingress', 0, 'from'],
    item,
    present: true,
  })
  expect(patched).toMatchObject({ kind: 'applied' })
  if (patched.kind === 'applied') expect([...patched.files.keys()]).toEqual(['prod/kustomization.yaml'])
})
