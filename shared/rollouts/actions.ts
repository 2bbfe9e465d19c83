import { kindOf } from '../health/assess-health.ts'
import { countAt, type LiveObject, nameOf } from '../health/health.ts'
import { isObject, type JsonObject, listAt, objectAt, textAt, valueAt } from '../manifests/manifest.ts'
import type { Message, MessageKey } from '../messages/index.ts'
import { namespaceOf } from './around.ts'
import { type Gate, gatesOf } from './describe-canary.ts'
import { readRollout } from './read-rollout.ts'

export const rolloutActions = ['promote', 'promote-full', 'pause', 'resume', 'abort', 'retry', 'set-weight'] as const
export type RolloutAction = (typeof rolloutActions)[number]

/** A right an action needs, as an access review asks for it. */
export type Right = {
  readonly verb: string
  readonly group: string
  readonly resource: string
  readonly subresource?: string
  readonly namespace: string
  readonly name?: string
}

/** A merge patch of an object; `whole` is sent instead where the server has no status subresource (Argo Rollouts 0.9). */
export type PatchStep = {
  readonly group: string
  readonly kind: string
  readonly namespace: string
  readonly name: string
  readonly subresource?: 'status'
  readonly body: JsonObject
  readonly whole?: JsonObject
}

/** Flagger's gates are opened and closed by a request from within the Pod that keeps them. */
export type GateRequest = {
  readonly namespace: string
  readonly service: string
  readonly path: string
  readonly body: JsonObject
}

/** How an action is carried out. */
export type ActionPlan =
  | {
      readonly kind: 'patch'
      readonly patches: readonly PatchStep[]
      /** A gate that has to be shut before. */
      readonly first?: GateRequest
    }
  | (GateRequest & { readonly kind: 'gate' })
  /** In Git: `weight` percent to the new side of a route nobody else moves. */
  | { readonly kind: 'weight'; readonly weight: number | null }
  /** In Git: the controller's own steps. */
  | { readonly kind: 'strategy' }

/** An action as it is possible now: a plan, or why there is none. */
export type PossibleAction = {
  readonly action: RolloutAction
  readonly plan: ActionPlan | null
  /** Why not, or what a person should know before. */
  readonly note: Message | null
  readonly rights: readonly Right[]
}

/**
 * What can be done to a progressive delivery in its present state, exactly as its controller expects it: what
 * `kubectl argo rollouts` patches, what Flagger reads from its spec and asks of its gates, and weights in Git where no
 * controller owns them.
 *
 * @param now milliseconds since the epoch, for a change that starts a release again
 */
export function possibleActions(object: LiveObject, now: number): readonly PossibleAction[] {
  const { group, kind } = kindOf(object)
  if (group === 'argoproj.io' && kind === 'Rollout') return ofArgo(object)
  if (group === 'flagger.app' && kind === 'Canary') return ofFlagger(object, now)
  return ofRoute(object)
}

type Answer = ActionPlan | MessageKey
const possible = (
  action: RolloutAction,
  answer: Answer,
  rights: readonly Right[] = [],
  note: MessageKey | null = null,
): PossibleAction =>
  typeof answer === 'string'
    ? { action, plan: null, note: { key: answer }, rights: [] }
    : { action, plan: answer, note: note && { key: note }, rights }

function ofArgo(object: LiveObject): readonly PossibleAction[] {
  const [namespace, name] = [namespaceOf(object), nameOf(object)]
  const status = objectAt(object, 'status')
  const hash = textAt(status, 'currentPodHash')
  const stable = textAt(status, 'stableRS') ?? textAt(status, 'canary', 'stableRS')
  const underWay = hash !== undefined && stable !== undefined && stable !== '' && hash !== stable
  const aborted = valueAt(status, ['abort']) === true
  const pausedByHand = valueAt(object, ['spec', 'paused']) === true
  const target = { group: 'argoproj.io', kind: 'Rollout', namespace, name }
  const spec = (body: JsonObject): ActionPlan => ({ kind: 'patch', patches: [{ ...target, body }] })
  const ofStatus = (body: JsonObject): ActionPlan => ({
    kind: 'patch',
    patches: [{ ...target, subresource: 'status', body, whole: body }],
  })
  const right = (subresource?: string): Right => ({
    verb: 'patch',
    group: 'argoproj.io',
    resource: 'rollouts',
    ...(subresource && { subresource }),
    namespace,
    name,
  })
  const onSpec = [right()]
  const onStatus = [right('status')]
  const none: MessageKey = aborted ? 'rollout.notAborted' : 'rollout.notUnderWay'
  const promote = promotion(object, target)
  return [
    possible('promote', !underWay || aborted ? none : promote === null ? 'rollout.notPaused' : promote, [
      ...(pausedByHand ? onSpec : []),
      ...onStatus,
    ]),
    possible(
      'promote-full',
      !underWay || aborted ? none : ofStatus({ status: { promoteFull: true } }),
      onStatus,
      'rollout.noteFull',
    ),
    pausedByHand
      ? possible('resume', spec({ spec: { paused: false } }), onSpec)
      : possible('pause', underWay && aborted ? none : spec({ spec: { paused: true } }), onSpec),
    possible(
      'abort',
      !underWay || aborted ? none : ofStatus({ status: { abort: true } }),
      onStatus,
      'rollout.noteAbort',
    ),
    possible('retry', aborted ? ofStatus({ status: { abort: false } }) : 'rollout.notFailed', onStatus),
    possible('set-weight', { kind: 'strategy' }, [], 'rollout.noteStrategy'),
  ]
}

/**
 * As `kubectl argo rollouts promote`: a pause is cleared, or else the step that is at work is left behind, and never
 * both. After an analysis without a conclusion the controller's own pause goes too.
 */
function promotion(object: LiveObject, target: Omit<PatchStep, 'body'>): ActionPlan | null {
  const pausedByHand = valueAt(object, ['spec', 'paused']) === true
  const waiting = listAt(object, 'status', 'pauseConditions').length > 0
  const steps = listAt(object, 'spec', 'strategy', 'canary', 'steps').length
  const at = countAt(object, ['status', 'currentStepIndex'], 0)
  const inconclusive =
    textAt(object, 'status', 'canary', 'currentStepAnalysisRunStatus', 'status') === 'Inconclusive' &&
    valueAt(object, ['status', 'controllerPause']) === true
  const patches: PatchStep[] = []
  const inStatus = (status: JsonObject) =>
    patches.push({
      ...target,
      subresource: 'status',
      body: { status },
      whole: { spec: { paused: false }, status },
    })
  if (waiting && inconclusive && steps > 0)
    inStatus({ pauseConditions: null, controllerPause: false, currentStepIndex: Math.min(at + 1, steps) })
  else if (waiting) inStatus({ pauseConditions: null })
  else if (steps > 0) inStatus({ pauseConditions: null, currentStepIndex: Math.min(at + 1, steps) })
  if (pausedByHand) patches.push({ ...target, body: { spec: { paused: false } } })
  return patches.length === 0 ? null : { kind: 'patch', patches }
}

/**
 * What Flagger reads: `spec.suspend` and `spec.skipAnalysis`, the gates of its load tester, and a Pod template that
 * differs. Before its first gate it asks neither for a rollback nor whether to skip, and once it promotes for nothing.
 * https://github.com/fluxcd/flagger/blob/main/pkg/controller/scheduler.go
 */
function ofFlagger(object: LiveObject, now: number): readonly PossibleAction[] {
  const [namespace, name] = [namespaceOf(object), nameOf(object)]
  const phase = readRollout(object)?.phase ?? ''
  const gates = gatesOf(object)
  const suspended = valueAt(object, ['spec', 'suspend']) === true
  const right: Right = { verb: 'patch', group: 'flagger.app', resource: 'canaries', namespace, name }
  const spec = (body: JsonObject): ActionPlan => ({
    kind: 'patch',
    patches: [{ group: 'flagger.app', kind: 'Canary', namespace, name, body: { spec: body } }],
  })
  const held =
    phase === 'Waiting'
      ? 'confirm-rollout'
      : phase === 'WaitingPromotion'
        ? 'confirm-promotion'
        : 'confirm-traffic-increase'
  const promote = gateOf(gates, held, '/gate/check', '/gate/open', object)
  const rollback = gateOf(gates, 'rollback', '/rollback/check', '/rollback/open', object)
  const shut = gateOf(gates, 'rollback', '/rollback/check', '/rollback/close', object)
  const opened = (gate: GateRequest | null): ActionPlan | null => gate && { kind: 'gate', ...gate }
  const target = objectAt(object, 'spec', 'targetRef')
  const retry = retryPlan(target, namespace, now, shut)
  // Why nothing that moves a release on, or back, would be heard.
  const deaf: MessageKey | null = suspended
    ? 'rollout.suspendedFirst'
    : /^(Promoting|Finalising)$/.test(phase)
      ? 'rollout.promotingNow'
      : /^(Progressing|Waiting|WaitingPromotion)$/.test(phase)
        ? null
        : 'rollout.notUnderWay'
  const begun = deaf ?? (phase === 'Waiting' ? 'rollout.notBegun' : null)
  const rightsOf = (gate: GateRequest | null): readonly Right[] => (gate ? enter(gate) : [])
  return [
    possible('promote', deaf ?? opened(promote) ?? 'rollout.noGate', rightsOf(promote), 'rollout.noteGate'),
    possible('promote-full', begun ?? spec({ skipAnalysis: true }), [right], 'rollout.noteSkipAnalysis'),
    suspended
      ? possible('resume', spec({ suspend: false }), [right])
      : possible('pause', spec({ suspend: true }), [right], 'rollout.noteSuspend'),
    possible(
      'abort',
      begun ?? opened(rollback) ?? 'rollout.noRollbackGate',
      rightsOf(rollback),
      'rollout.noteRollbackGate',
    ),
    possible(
      'retry',
      phase !== 'Failed' ? 'rollout.notFailed' : suspended ? 'rollout.suspendedFirst' : (retry ?? 'rollout.noRetry'),
      [
        ...rightsOf(shut),
        {
          verb: 'patch',
          group: 'apps',
          resource: plural(textAt(target, 'kind') ?? ''),
          namespace,
          name: textAt(target, 'name') ?? '',
        },
      ],
      shut ? 'rollout.noteRetryGate' : 'rollout.noteRetry',
    ),
    possible('set-weight', { kind: 'strategy' }, [], 'rollout.noteStrategy'),
  ]
}

/** What it takes to send a request from within the Pod of a load tester. */
const enter = ({ namespace, service }: GateRequest): readonly Right[] => [
  { verb: 'get', group: '', resource: 'services', namespace, name: service },
  { verb: 'list', group: '', resource: 'pods', namespace },
  { verb: 'create', group: '', resource: 'pods', subresource: 'exec', namespace },
]

const plural = (kind: string): string => `${kind.toLowerCase()}s`

/** Flagger starts again when the Pod template changes; its own documentation changes an annotation for that. */
function retryPlan(target: JsonObject, namespace: string, now: number, first: GateRequest | null): ActionPlan | null {
  const [kind, name] = [textAt(target, 'kind'), textAt(target, 'name')]
  if (name === undefined || !/^(Deployment|DaemonSet)$/.test(kind ?? '')) return null
  const annotations = { 'pilothouse.dev/retried-at': new Date(now).toISOString() }
  const body = { spec: { template: { metadata: { annotations } } } }
  // A gate that a person opened to roll back stays open, and would roll back again.
  return { kind: 'patch', patches: [{ group: 'apps', kind: kind!, namespace, name, body }], ...(first && { first }) }
}

/** Host and path of an http address. */
const address = /^https?:\/\/([^/:?#]+)(?::\d+)?(\/[^?#]*)?/

/** The request that moves a gate of Flagger's load tester; null where the webhook is none of its. */
function gateOf(
  gates: readonly Gate[],
  type: string,
  check: string,
  path: string,
  object: LiveObject,
): GateRequest | null {
  const gate = gates.find(each => each.type === type && address.exec(each.url)?.[2] === check)
  if (!gate) return null
  // `flagger-loadtester.test`, `flagger-loadtester.test.svc.cluster.local`, or alone for its own namespace.
  const [service = '', namespace = namespaceOf(object)] = (address.exec(gate.url)?.[1] ?? '').split('.')
  return { namespace, service, path, body: { name: nameOf(object), namespace: namespaceOf(object) } }
}

function ofRoute(object: LiveObject): readonly PossibleAction[] {
  const status = readRollout(object)
  if (status?.strategy !== 'Weights') return []
  const owned = listAt(object, 'metadata', 'ownerReferences').some(owner => isObject(owner))
  if (owned) return [possible('set-weight', 'rollout.routeOwned')]
  const to = (weight: number): Answer => (status.weight === weight ? 'rollout.weightIsSo' : { kind: 'weight', weight })
  return [
    possible('promote-full', to(100), [], 'rollout.noteGit'),
    possible('abort', to(0), [], 'rollout.noteGit'),
    possible('set-weight', { kind: 'weight', weight: null }, [], 'rollout.noteGit'),
  ]
}
