import { shownValue } from '../compare/shown-value.ts'
import { isObject, type Json, type JsonObject, textAt } from '../manifests/manifest.ts'
import { sameValue } from '../yaml/yaml-value.ts'
import { compareLive, type LiveDifference, lastApplied } from './compare-live.ts'
import type { FieldDrift, Holder } from './drift.ts'
import { type Author, authorsOf } from './field-authors.ts'
import { isKnownDefault } from './known-defaults.ts'
import { type Trail, trailNames, trailText, valueOn } from './live-path.ts'

/** What else is known of an object when its differences are judged. */
export type Surroundings = {
  /** Something scales it: an autoscaler names it. */
  readonly autoscaled: boolean
  /** A progressive delivery names it as its target. */
  readonly canaried: boolean
}

export type JudgedDifference = { readonly difference: LiveDifference; readonly drift: FieldDrift }

/**
 * How what is live differs from what Git says: what is drift, and what others hold. `applied` is what the API server
 * says would be there after applying (a dry run); with it only what applying would change, and what people added, is
 * drift. Without it the same is worked out from the object alone.
 */
export function driftOfObject(
  desired: JsonObject,
  live: JsonObject,
  applied: JsonObject | null,
  around: Surroundings,
): { readonly fields: readonly JudgedDifference[]; readonly others: readonly JudgedDifference[] } {
  const fields: JudgedDifference[] = []
  const others: JudgedDifference[] = []
  const before = lastApplied(live)
  for (const difference of compareLive(desired, live)) {
    const authors = authorsOf(live, difference.trail).filter(author => !isOutOfDate(author, difference, before))
    const isExtra = difference.desired === undefined
    // The server makes of Git's value what is live already: a default, another spelling, a webhook.
    if (applied && !isExtra && sameValue(valueOn(applied, difference.trail), difference.live)) continue
    const removed = applied !== null && isExtra && valueOn(applied, difference.trail) === undefined
    const holder = holderOf(difference, authors, live, around)
    if (isExtra && !removed && !holder) {
      const verdict = extraVerdict(difference, authors, before, live)
      if (verdict === 'noise') continue
      const judged = judge(difference, authors, live, verdict === 'drift' ? undefined : verdict)
      ;(verdict === 'drift' ? fields : others).push(judged)
    } else (holder ? others : fields).push(judge(difference, authors, live, holder))
  }
  return { fields, others }
}

function judge(
  difference: LiveDifference,
  authors: readonly Author[],
  live: JsonObject,
  holder: Holder | undefined,
): JudgedDifference {
  const { trail, desired, live: value } = difference
  const kind = textAt(live, 'kind') ?? ''
  const shown = (each: Json | undefined) => (each === undefined ? null : shownValue(kind, trailNames(trail), each))
  const [was, is] = [shown(desired), shown(value)]
  const author = authors[0]
  return {
    difference,
    drift: {
      field: trailText(trail),
      state: desired === undefined ? 'extra' : value === undefined ? 'missing' : 'changed',
      desired: was,
      live: is,
      ...(was === is && { hidden: true as const }),
      by: author ? { manager: author.manager, since: author.since, sort: author.sort } : null,
      ...(holder && { holder }),
    },
  }
}

/**
 * Whoever applied another value than is live now did not make it so: servers before 1.22 do not tell who scaled.
 * https://github.com/kubernetes/kubernetes/issues/82046
 */
const isOutOfDate = ({ manager }: Author, { trail, live }: LiveDifference, before: JsonObject | null): boolean =>
  manager === 'kubectl-client-side-apply' &&
  before !== null &&
  live !== undefined &&
  isOther(valueOn(before, trail), live)

const isOther = (was: Json | undefined, is: Json): boolean => was !== undefined && !isObject(is) && !sameValue(was, is)

const rolloutControllers = /^(rollouts?-controller|argo-?rollouts.*|flagger|gateway-api-rollouts.*)$/i
const autoscalers = /^(horizontal-pod-autoscaler|keda.*|vpa.*|vertical-pod-autoscaler|.*-autoscaler|hpa.*)$/i
/** Containers and volumes that meshes and agents put into Pods. */
const sidecars =
  /^(istio-(proxy|init|validation|envoy|data|token|podinfo|ca.*|certs)|linkerd-.*|vault-agent.*|daprd|dapr-.*|consul-.*|envoy-sidecar|otc-container|opentelemetry-.*|datadog-.*|dd-.*|aws-iam-token|azure-(identity|wi).*|workload-socket|credential-socket|workload-certs|kube-api-access-.*)$/

function holderOf(
  { trail, desired }: LiveDifference,
  authors: readonly Author[],
  live: JsonObject,
  { autoscaled, canaried }: Surroundings,
): Holder | undefined {
  const path = trailText(trail)
  const names = trailNames(trail)
  const last = names.at(-1) ?? ''
  const managers = authors.map(({ manager }) => manager)
  if (last === 'kubectl.kubernetes.io/restartedAt') return 'restart'
  if (path === 'spec.replicas') {
    if (canaried) return 'rollout'
    if (autoscaled || managers.some(name => autoscalers.test(name))) return 'autoscaler'
    if (authors.some(({ subresource, sort }) => subresource === 'scale' && sort === 'controller')) return 'autoscaler'
  }
  if (last === 'caBundle') return 'certificates'
  if (managers.some(name => rolloutControllers.test(name))) return 'rollout'
  if (names.includes('rollouts-pod-template-hash')) return 'rollout'
  if (desired === undefined && names.some((name, at) => isPodList(names[at - 1]) && sidecars.test(name)))
    return 'injected'
  const anotherHolds = authors.length > 0 && authors.every(({ sort }) => sort === 'controller')
  return anotherHolds && !isOwnedByKind(live) ? 'controller' : undefined
}

const isPodList = (list: string | undefined): boolean =>
  list === 'containers' || list === 'initContainers' || list === 'volumes'

/** Everything of an object that a controller made is that controller's, and says nothing of one field. */
const isOwnedByKind = (live: JsonObject): boolean =>
  textAt(live, 'metadata', 'ownerReferences', 0, 'kind') !== undefined

/** What something that only the cluster has means: somebody's doing, others' business, or nothing. */
function extraVerdict(
  { trail, live: value }: LiveDifference,
  authors: readonly Author[],
  before: JsonObject | null,
  live: JsonObject,
): 'drift' | 'noise' | Holder {
  if (value === undefined || isKnownDefault(trailText(trail), value, live)) return 'noise'
  // A client-side apply left word of what it was given: Git said so once.
  if (before && valueOn(before, trail) !== undefined) return 'drift'
  const creator = createdBy(live)
  // Whoever created an object is blamed for its defaults, too: the server cannot tell the two apart.
  if (authors.some(({ sort, applied, manager }) => sort === 'person' && !applied && manager !== creator)) return 'drift'
  if (authors.some(({ sort, applied }) => applied && sort !== 'controller')) return 'drift'
  if (authors.some(({ sort }) => sort === 'person')) return isPlainEntry(trail) ? 'drift' : 'noise'
  if (authors.some(({ sort }) => sort === 'delivery')) return 'admission'
  return 'noise'
}

/** Nothing defaults these. */
const isPlainEntry = (trail: Trail): boolean => {
  const names = trailNames(trail)
  return ['env', 'data', 'labels', 'annotations', 'volumes', 'volumeMounts', 'containers'].includes(names.at(-2) ?? '')
}

/** The manager whose write is as old as the object, where it was no apply. */
function createdBy(live: JsonObject): string | null {
  const born = textAt(live, 'metadata', 'creationTimestamp')
  const entries = isObject(live['metadata']) ? live['metadata']['managedFields'] : undefined
  const first = (Array.isArray(entries) ? (entries as readonly Json[]) : []).find(
    entry => textAt(entry, 'time') === born && textAt(entry, 'operation') === 'Update',
  )
  return textAt(first, 'manager') ?? null
}
