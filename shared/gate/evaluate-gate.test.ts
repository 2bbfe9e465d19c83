import { expect, test } from 'vitest'
import { readManifestFile } from '../manifests/read-manifests.ts'
import { translate } from '../messages/index.ts'
import { buildTopology } from '../topology/build-topology.ts'
import { evaluateGate } from './evaluate-gate.ts'

const service = (name: string, { replicas = 1, image = `acme/${name}:1`, env = '' } = {}) => `apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}}
spec:
  replicas: ${replicas}
  template:
    metadata: {labels: {app: ${name}}}
    spec: {containers: [{name: main, image: "${image}", env: [${env}]}]}
---
apiVersion: v1
kind: Service
metadata: {name: ${name}}
spec: {selector: {app: ${name}}, ports: [{port: 80}]}
`
const calls = (host: string) => `{name: ${host.toUpperCase()}_ADDR, value: "${host}:80"}`
const topology = (...texts: string[]) =>
  buildTopology(
    texts.map((text, index) => readManifestFile(`${index}.yaml`, text)),
    { environment: '.', revision: '' },
  )
const before = topology(service('web', { env: calls('cart') }), service('cart'), service('pay'))
const judge = (...texts: string[]) => {
  const gate = evaluateGate(before, topology(...texts), [])
  for (const item of gate.items)
    for (const locale of ['en', 'zh'] as const) expect(translate(locale, item.message)).not.toContain('{{')
  return [
    gate.verdict,
    ...gate.items.map(
      item => `${item.rule} ${item.verdict} ${item.services.join(' ')}${item.waivable ? '' : ' not waivable'}`,
    ),
  ]
}

const web = service('web', { env: calls('cart') })
test('a harmless change passes', () => {
  expect(judge(service('web', { env: calls('cart'), replicas: 4 }), service('cart'), service('pay'))).toEqual(['pass'])
})
test('removing what is called blocks, once, and may be waived', () => {
  expect(judge(web, '', service('pay'))).toEqual(['block', 'no-removal-while-called block cart web'])
  const serviceStays = service('cart').split('---\n')[1]!
  expect(judge(web, serviceStays, service('pay'))).toEqual(['block', 'no-removal-while-called block cart web'])
})
test('removing what nobody calls, or what was rewired first, passes', () => {
  expect(judge(web, service('cart'))).toEqual(['pass'])
  expect(judge(service('web', { env: calls('pay') }), '', service('pay'))).toEqual(['pass'])
})
test('a new name that nothing answers to warns; an old one does not', () => {
  expect(
    judge(service('web', { env: `${calls('cart')}, ${calls('nowhere')}` }), service('cart'), service('pay')),
  ).toEqual(['warn', 'no-new-dangling-reference warn web'])
  const old = topology(service('web', { env: calls('nowhere') }))
  expect(evaluateGate(old, topology(service('web', { env: calls('nowhere'), replicas: 3 })), []).verdict).toBe('pass')
})
test('scaling to zero warns while others call', () => {
  expect(judge(web, service('cart', { replicas: 0 }), service('pay'))).toEqual([
    'warn',
    'no-scale-to-zero-while-called warn cart web',
  ])
  expect(judge(web, service('cart'), service('pay', { replicas: 0 }))).toEqual(['pass'])
})
test.each([
  ['acme/pay', true],
  ['acme/pay:latest', true],
  ['localhost:5000/pay', true],
  ['localhost:5000/pay:2', false],
  ['acme/pay@sha256:0000', false],
  ['acme/pay:latest@sha256:0000', false],
])('image %s', (image, warns) => {
  expect(judge(web, service('cart'), service('pay', { image }))).toEqual(
    warns ? ['warn', 'image-without-tag-or-latest warn pay'] : ['pass'],
  )
})
test('a file that cannot be read any more blocks and cannot be waived', () => {
  const verdict = judge(web, service('cart'), `${service('pay')}---\napiVersion: v1\nkind: [\n`)
  expect(verdict).toEqual(['block', 'broken-file-after-edit block  not waivable'])
})
