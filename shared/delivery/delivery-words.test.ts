import { expect, test } from 'vitest'
import { translate } from '../messages/index.ts'
import type { DeliveryStep } from './delivery.ts'
import { deliveryCounts, stepWord } from './delivery-words.ts'
import { engineMark } from './engine-marks.ts'

const step = (over: Partial<DeliveryStep>): DeliveryStep => ({
  ...{ group: 'apps', kind: 'Deployment', namespace: 'shop', name: 'web', action: 'apply', change: 'none' },
  ...{ state: 'ready', health: null, problem: null },
  ...over,
})
const said = (steps: readonly DeliveryStep[], dryRun: boolean) => ({
  words: steps.map(each => translate('en', { key: stepWord(each, dryRun) })),
  counts: deliveryCounts({ steps, dryRun })
    .map(count => translate('en', count))
    .join(', '),
})

test('a dry run never says that something was done', () => {
  const steps = [
    step({ change: 'create' }),
    step({ change: 'change' }),
    step({}),
    step({ change: null }),
    step({ state: 'failed', change: 'create' }),
    step({ action: 'prune', change: null, state: 'pruned' }),
  ]
  expect(said(steps, true)).toEqual({
    words: [
      'will be created',
      'will be changed',
      'as in Git',
      'will be applied',
      'would be refused',
      'will be deleted',
    ],
    counts: '1 to create, 2 to change, 1 as in Git, 1 to delete, 1 would be refused',
  })
})

test('a delivery that stopped says what was applied and what was not', () => {
  const steps = [
    step({}),
    step({ state: 'applied' }),
    step({ state: 'failed' }),
    step({ state: 'left' }),
    step({ state: 'left' }),
    step({ action: 'prune', change: null, state: 'waiting' }),
  ]
  expect(said(steps, false)).toEqual({
    words: ['ready', 'applied', 'failed', 'left', 'left', 'will be deleted'],
    counts: '2 applied, 1 failed, 3 not begun',
  })
})

test('whose an object is shows by the mark its engine leaves on it', () => {
  const live = (metadata: object) => ({ kind: 'ConfigMap', metadata: { name: 'a', ...metadata } })
  const flux = { 'kustomize.toolkit.fluxcd.io/name': 'shop', 'kustomize.toolkit.fluxcd.io/namespace': 'flux-system' }
  expect(engineMark(live({ labels: flux }))).toBe('Kustomization flux-system/shop')
  const helm = { 'helm.toolkit.fluxcd.io/name': 'db', 'helm.toolkit.fluxcd.io/namespace': 'shop' }
  expect(engineMark(live({ labels: helm }))).toBe('HelmRelease shop/db')
  const tracking = (id: string) => live({ annotations: { 'argocd.argoproj.io/tracking-id': id } })
  expect(engineMark(tracking('shop:apps/Deployment:prod/web'))).toBe('Application shop')
  expect(engineMark(tracking('team-a_shop:/ConfigMap:prod/a'))).toBe('Application team-a/shop')
  expect(engineMark(live({ labels: { 'argocd.argoproj.io/instance': 'shop' } }))).toBe('Application shop')
  expect(engineMark(live({ labels: { 'app.kubernetes.io/instance': 'shop' } }))).toBeNull()
})
