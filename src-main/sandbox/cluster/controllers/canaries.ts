import type { LiveObject } from '../../../../shared/health/health.ts'
import {
  isObject,
  type Json,
  type JsonObject,
  listAt,
  numberAt,
  objectAt,
  textAt,
  valueAt,
} from '../../../../shared/manifests/manifest.ts'
import { setAt } from '../fields/json.ts'
import type { Controller, World } from '../simulation.ts'
import { type AskMetrics, duration } from './analysis-runs.ts'
import { checkMetrics } from './canary-checks.ts'
import { replicasOf, statusCount } from './deployments.ts'
import { ownerReference, templateHash, updatedConditions } from './owning.ts'
import { setRouteWeights } from './traffic-routing.ts'

export const manager = 'flagger'

/** What Flagger says at each phase, as the condition `Promoted`. */
const said: { readonly [phase: string]: readonly [status: string, message: string] } = {
  Initializing: ['Unknown', 'New Deployment detected, starting initialization.'],
  Initialized: ['True', 'Deployment initialization completed.'],
  Progressing: ['Unknown', 'New revision detected, progressing canary analysis.'],
  Promoting: ['Unknown', 'Canary analysis completed, starting primary rolling update.'],
  Finalising: ['Unknown', 'Canary analysis completed, routing all traffic to primary.'],
  Succeeded: ['True', 'Canary analysis completed successfully, promotion finished.'],
  Failed: ['False', 'Canary analysis failed, Deployment scaled to zero.'],
}

/**
 * Flagger's canary: a primary beside the Deployment it is named by, weights that go up at each interval while the
 * checks hold, and a promotion or a rollback at the end.
 */
export function createCanaryController(ask: AskMetrics): Controller {
  return {
    kinds: ['flagger.app/Canary'],
    follows: {
      'apps/Deployment': (world, changed) =>
        world
          .list('flagger.app/Canary', textAt(changed, 'metadata', 'namespace') ?? '')
          .filter(canary => targetOf(canary) === textAt(changed, 'metadata', 'name')?.replace(/-primary$/, '')),
    },
    reconcile(world, canary) {
      if (valueAt(canary, ['spec', 'suspend']) === true) return undefined
      const namespace = textAt(canary, 'metadata', 'namespace')!
      const target = world.get('apps/Deployment', namespace, targetOf(canary))
      if (!target) return world.now() + 5000
      const hash = templateHash(objectAt(target, 'spec', 'template'))
      const primary = ensureAround(world, canary, target)
      const phase = textAt(canary, 'status', 'phase') ?? ''
      const tell = (next: string, more: JsonObject = {}) => report(world, canary, next, { ...more })
      switch (phase) {
        case '':
          tell('Initializing', { canaryWeight: 0, failedChecks: 0, iterations: 0 })
          return undefined
        case 'Initializing':
          if (!isUp(primary)) return undefined
          scale(world, target, 0)
          tell('Initialized', { lastAppliedSpec: hash, lastPromotedSpec: hash })
          return undefined
        case 'Progressing':
          if (hash !== textAt(canary, 'status', 'lastAppliedSpec')) return begin(world, canary, target, primary, hash)
          return progress(world, canary, target, primary, ask)
        case 'Promoting':
          if (!isUp(primary)) return undefined
          route(world, canary, 0)
          tell('Finalising', { canaryWeight: 0 })
          return undefined
        case 'Finalising':
          scale(world, target, 0)
          world.event(canary, 'Normal', 'Synced', `Promotion completed! Scaling down ${full(canary)}`, manager)
          tell('Succeeded', { lastPromotedSpec: hash, failedChecks: 0, iterations: 0 })
          return undefined
        default:
          if (hash !== textAt(canary, 'status', 'lastAppliedSpec')) return begin(world, canary, target, primary, hash)
          return undefined
      }
    },
  }
}

export const targetOf = (canary: LiveObject): string => textAt(canary, 'spec', 'targetRef', 'name') ?? ''
const full = (canary: LiveObject) => `${targetOf(canary)}.${textAt(canary, 'metadata', 'namespace')}`
const isUp = (deployment: LiveObject): boolean =>
  statusCount(deployment, 'observedGeneration') === numberAt(deployment, 'metadata', 'generation') &&
  statusCount(deployment, 'updatedReplicas') === replicasOf(deployment) &&
  statusCount(deployment, 'availableReplicas') >= replicasOf(deployment)

function begin(world: World, canary: LiveObject, target: LiveObject, primary: LiveObject, hash: string): undefined {
  world.event(canary, 'Normal', 'Synced', `New revision detected! Scaling up ${full(canary)}`, manager)
  scale(world, target, replicasOf(primary))
  route(world, canary, 0)
  report(world, canary, 'Progressing', { lastAppliedSpec: hash, canaryWeight: 0, failedChecks: 0, iterations: 0 })
}

/** The weights it goes through. */
function weightsOf(analysis: JsonObject): readonly number[] {
  const listed = listAt(analysis, 'stepWeights').filter(each => typeof each === 'number')
  if (listed.length > 0) return listed
  const step = numberAt(analysis, 'stepWeight') ?? 0
  const most = numberAt(analysis, 'maxWeight') ?? 100
  return step <= 0 ? [] : Array.from({ length: Math.floor(most / step) }, (_, index) => (index + 1) * step)
}

function progress(
  world: World,
  canary: LiveObject,
  target: LiveObject,
  primary: LiveObject,
  ask: AskMetrics,
): number | undefined {
  const analysis = objectAt(canary, 'spec', 'analysis')
  const interval = duration(analysis['interval']) ?? 60_000
  if (!isUp(target)) return undefined
  const since = Date.parse(textAt(canary, 'status', 'lastTransitionTime') ?? world.time())
  if (world.now() < since + interval) return since + interval

  const weight = numberAt(canary, 'status', 'canaryWeight') ?? 0
  const iterations = numberAt(canary, 'status', 'iterations') ?? 0
  const failedChecks = numberAt(canary, 'status', 'failedChecks') ?? 0
  const isBegun = weight > 0 || iterations > 0
  const problem = isBegun ? checkMetrics(world, canary, ask) : null
  if (problem !== null) {
    const failed = failedChecks + 1
    world.event(
      canary,
      'Warning',
      'Synced',
      problem.startsWith('no values') ? `Halt advancement ${problem}` : `Halt ${full(canary)} advancement ${problem}`,
      manager,
    )
    if (failed >= (numberAt(analysis, 'threshold') ?? 1)) {
      world.event(
        canary,
        'Warning',
        'Synced',
        `Rolling back ${full(canary)} failed checks threshold reached ${failed}`,
        manager,
      )
      route(world, canary, 0)
      scale(world, target, 0)
      world.event(canary, 'Warning', 'Synced', `Canary failed! Scaling down ${full(canary)}`, manager)
      report(world, canary, 'Failed', { canaryWeight: 0, failedChecks: failed, iterations: 0 })
      return undefined
    }
    report(world, canary, 'Progressing', { failedChecks: failed })
    return world.now() + interval
  }
  if (!isBegun) world.event(canary, 'Normal', 'Synced', `Starting canary analysis for ${full(canary)}`, manager)
  const rounds = numberAt(analysis, 'iterations') ?? 0
  const next = weightsOf(analysis).find(each => each > weight)
  if (rounds > 0 ? iterations < rounds : next !== undefined) {
    const message =
      rounds > 0
        ? `Advance ${full(canary)} canary iteration ${iterations + 1}/${rounds}`
        : `Advance ${full(canary)} canary weight ${next}`
    world.event(canary, 'Normal', 'Synced', message, manager)
    if (rounds === 0) route(world, canary, next!)
    report(world, canary, 'Progressing', rounds > 0 ? { iterations: iterations + 1 } : { canaryWeight: next! })
    return world.now() + interval
  }
  world.event(
    canary,
    'Normal',
    'Synced',
    `Copying ${full(canary)} template spec to ${targetOf(canary)}-primary.${textAt(canary, 'metadata', 'namespace')}`,
    manager,
  )
  world.replace('apps/Deployment', setAt(primary, ['spec', 'template'], templateOf(target)), manager)
  report(world, canary, 'Promoting', {})
  return undefined
}

function scale(world: World, deployment: LiveObject, replicas: number): void {
  if (replicasOf(deployment) !== replicas)
    world.replace('apps/Deployment', setAt(deployment, ['spec', 'replicas'], replicas), manager)
}

const serviceName = (canary: LiveObject) => textAt(canary, 'spec', 'service', 'name') ?? targetOf(canary)

function route(world: World, canary: LiveObject, weight: number): void {
  const name = serviceName(canary)
  const weights = { [`${name}-primary`]: 100 - weight, [`${name}-canary`]: weight }
  const namespace = textAt(canary, 'metadata', 'namespace')!
  setRouteWeights(world, 'gateway.networking.k8s.io/HTTPRoute', namespace, name, weights, manager)
  setRouteWeights(world, 'networking.istio.io/VirtualService', namespace, name, weights, manager)
}

/** The primary's template: the same, but of Pods that are told apart. */
function templateOf(target: LiveObject): JsonObject {
  const template = objectAt(target, 'spec', 'template')
  const name = textAt(target, 'metadata', 'name')!
  const labels = objectAt(template, 'metadata', 'labels')
  return setAt(template, ['metadata', 'labels'], { ...labels, [labelOf(target)]: `${name}-primary` })
}

const labelOf = (target: LiveObject): string =>
  ['app', 'name', 'app.kubernetes.io/name'].find(
    key => objectAt(target, 'spec', 'selector', 'matchLabels')[key] !== undefined,
  ) ?? 'app'

/** Primary, Services and route, made where they are missing. Returns the primary. */
function ensureAround(world: World, canary: LiveObject, target: LiveObject): LiveObject {
  const namespace = textAt(canary, 'metadata', 'namespace')!
  const name = targetOf(canary)
  const label = labelOf(target)
  const owned = { namespace, ownerReferences: [ownerReference(canary)] }
  const put = (kind: string, object: JsonObject): LiveObject =>
    world.get(kind, namespace, textAt(object, 'metadata', 'name')!) ?? world.create(kind, object, manager)
  const service = serviceName(canary)
  const port = valueAt(canary, ['spec', 'service', 'port']) ?? 80
  const targetPort = valueAt(canary, ['spec', 'service', 'targetPort']) ?? port
  for (const [suffix, pods] of [
    ['', `${name}-primary`],
    ['-primary', `${name}-primary`],
    ['-canary', name],
  ] as const)
    put('/Service', {
      metadata: { name: `${service}${suffix}`, ...owned },
      spec: { selector: { [label]: pods }, ports: [{ name: 'http', port, targetPort }] },
    })
  const isGateway = /^gatewayapi/.test(textAt(canary, 'spec', 'provider') ?? '')
  const weighted = (suffix: string, weight: number): Json =>
    isGateway ? { name: `${service}${suffix}`, port, weight } : { destination: { host: `${service}${suffix}` }, weight }
  const targets = [weighted('-primary', 100), weighted('-canary', 0)]
  if (isGateway)
    put('gateway.networking.k8s.io/HTTPRoute', {
      metadata: { name: service, ...owned },
      spec: { parentRefs: listAt(canary, 'spec', 'service', 'gatewayRefs'), rules: [{ backendRefs: targets }] },
    })
  else
    put('networking.istio.io/VirtualService', {
      metadata: { name: service, ...owned },
      spec: { hosts: [service], http: [{ route: targets }] },
    })
  return put('apps/Deployment', {
    metadata: { name: `${name}-primary`, labels: { [label]: `${name}-primary` }, ...owned },
    spec: {
      replicas: replicasOf(target),
      selector: { matchLabels: { [label]: `${name}-primary` } },
      template: templateOf(target),
    },
  })
}

function report(world: World, canary: LiveObject, phase: string, more: JsonObject): void {
  const status = objectAt(canary, 'status')
  const [state, message] = said[phase]!
  const condition = { type: 'Promoted', status: state, reason: phase, message }
  const changed = { ...status, ...more, phase }
  world.report(
    'flagger.app/Canary',
    canary,
    {
      ...changed,
      trackedConfigs: isObject(status['trackedConfigs']) ? status['trackedConfigs'] : {},
      lastTransitionTime: world.time(),
      conditions: updatedConditions(canary, [condition], world.time()),
    },
    manager,
  )
}
