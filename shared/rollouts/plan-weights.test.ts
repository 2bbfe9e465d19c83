import fc from 'fast-check'
import { expect, test } from 'vitest'
import { applyEdit } from '../edits/apply-edits.ts'
import { describeEdit } from '../edits/describe-edit.ts'
import { invertEdit } from '../edits/invert-edit.ts'
import { suggestKind } from '../edits/suggest-title.ts'
import { readManifestFile } from '../manifests/read-manifests.ts'
import { translate } from '../messages/index.ts'
import { asPercent, weightEdit, weightPlaces, withWeight } from './plan-weights.ts'

const route = `apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: web, namespace: shop}
spec:
  rules:
    - backendRefs:
        - name: web # the one that serves
          port: 80
          weight: 90
        - {name: web-canary, port: 80, weight: 10}
`
const rollout = `---
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: web, namespace: shop}
spec:
  strategy:
    canary:
      trafficRouting: {plugins: {argoproj-labs/gatewayAPI: {httpRoute: web}}}
      steps:
        - setWeight: 20 # a fifth
        - pause: {}
        - setWeight: 60
`
const manifestsOf = (text: string) => readManifestFile('a.yaml', text).manifests
const httpRoute = { kind: 'HTTPRoute', namespace: 'shop', name: 'web' }

test('weights of a route change in their lines alone, back again, and are a decision about traffic', () => {
  const files = new Map([['a.yaml', route]])
  const [place] = weightPlaces(manifestsOf(route), httpRoute)
  expect(place).toMatchObject({ kind: 'destinations', names: ['web', 'web-canary'], weights: [90, 10], instead: null })
  const edit = weightEdit(place!, [75, 25], ['web'])
  const outcome = applyEdit(files, edit)
  expect(outcome.kind === 'applied' && outcome.files.get('a.yaml')).toBe(
    route.replace('weight: 90', 'weight: 75').replace('weight: 10}', 'weight: 25}'),
  )
  expect(translate('en', describeEdit(edit, outcome))).toBe('Split traffic of web 75 / 25')
  expect(suggestKind([edit])).toBe('traffic')
  expect(invertEdit(files, edit)).toEqual([{ ...edit, weights: [90, 10] }])
})

test('weights that do not add up to 100, or are too few, are refused with words', () => {
  const files = new Map([['a.yaml', route]])
  const [place] = weightPlaces(manifestsOf(route), httpRoute)
  const refused = (weights: number[]) => {
    const outcome = applyEdit(files, weightEdit(place!, weights, []))
    return outcome.kind === 'refused' ? translate('en', outcome.reason) : outcome.kind
  }
  expect(refused([75, 20])).toBe(
    'The weights of HTTPRoute/web spec.rules.0.backendRefs add up to 95 and not to 100. Change one of them.',
  )
  expect(refused([100])).toContain('has 2 weights, and 1 were given')
  expect(refused([90, 10])).toBe('unchanged')
})

test('of a route that a controller moves its steps are edited instead, and it says whose', () => {
  const text = route + rollout
  const [place, ...more] = weightPlaces(manifestsOf(text), httpRoute)
  expect(more).toEqual([])
  expect(place).toMatchObject({ kind: 'steps', weights: [20, 60], instead: { kind: 'Rollout', name: 'web' } })
  const outcome = applyEdit(new Map([['a.yaml', text]]), weightEdit(place!, [10, 60], []))
  expect(outcome.kind === 'applied' && outcome.files.get('a.yaml')).toBe(text.replace('setWeight: 20', 'setWeight: 10'))
})

test.each([
  ['stepWeight: 10, maxWeight: 50', ['stepWeight', 'maxWeight'], [10, 50], [20, 60], 'stepWeight: 20, maxWeight: 60'],
  ['stepWeights: [1, 5, 20]', ['1', '2', '3'], [1, 5, 20], [1, 10, 20], 'stepWeights: [1, 10, 20]'],
])('steps of a Flagger Canary: %s', (analysis, names, weights, wanted, after) => {
  const text = `apiVersion: flagger.app/v1beta1
kind: Canary
metadata: {name: web, namespace: shop}
spec: {provider: "gatewayapi:v1", targetRef: {kind: Deployment, name: web}, analysis: {${analysis}}}
`
  // Flagger makes the route, so whoever asks for its weights is led here.
  const [place] = weightPlaces(manifestsOf(text), httpRoute)
  expect(place).toMatchObject({ kind: 'steps', names, weights, instead: { kind: 'Canary', name: 'web' } })
  const edit = weightEdit(place!, wanted, [])
  const files = new Map([['a.yaml', text]])
  const outcome = applyEdit(files, edit)
  expect(outcome.kind === 'applied' && outcome.files.get('a.yaml')).toBe(text.replace(analysis, after))
  expect(invertEdit(files, edit)).toEqual([{ ...edit, weights }])
})

test('shares always add up to 100', () => {
  const weights = fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 2, maxLength: 6 })
  fc.assert(
    fc.property(weights, fc.nat(), fc.integer({ min: 0, max: 100 }), (given, at, weight) => {
      const sum = (list: readonly number[]) => list.reduce((total, each) => total + each, 0)
      const index = at % given.length
      expect(sum(asPercent(given))).toBe(100)
      const next = withWeight(given, index, weight)
      expect(sum(next)).toBe(100)
      expect(next[index]).toBe(weight)
      expect(next.every(each => each >= 0 && Number.isInteger(each))).toBe(true)
    }),
  )
})
