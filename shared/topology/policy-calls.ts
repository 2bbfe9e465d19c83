import {
  fileAt,
  type Json,
  type JsonObject,
  listAt,
  type Manifest,
  numberAt,
  objectAt,
  type Path,
  textAt,
  textsAt,
} from '../manifests/manifest.ts'
import { type Call, classOf, protocolOf } from './call.ts'
import { ALONE } from './confidence.ts'
import { type Objects, sameNamespace, type Workload } from './index-objects.ts'
import { meshPolicyReader } from './mesh-policies.ts'
import type { DraftNode, NodeBook } from './name-nodes.ts'
import { editDistance } from './nearest-name.ts'
import type { Evidence } from './topology.ts'
import { simpleSelector } from './workload.ts'

/** A selector of a policy that no Pod answers to. */
export type EmptySelector = {
  readonly manifest: Manifest
  readonly at: Path
  readonly selector: string
  readonly nearest?: string
}

export type Labels = { readonly [key: string]: string }
/** The Pods a selector means; `guessed` where only a label one letter off fits. */
export type Picked = { readonly workloads: readonly Workload[]; readonly guessed: boolean }

/** What the reader of one policy works with. */
export type PolicyScope = {
  readonly objects: Objects
  readonly book: NodeBook
  readonly manifest: Manifest
  /** The Pods that labels mean; null for no labels: they mean many. `at` is where the labels stand. */
  readonly pick: (labels: Labels | null, at: Path, namespace: string) => Picked | null
  /** The Pods that run as an account. */
  readonly ofAccount: (name: string, namespace: string) => Picked
  readonly allow: (at: Path, from: Picked, to: Picked, port?: number) => void
}

/** True for a policy that {@link policyCalls} reads. */
export const isPolicy = (manifest: Manifest): boolean =>
  (manifest.kind === 'NetworkPolicy' && kubernetes.test(manifest.group)) ||
  (manifest.kind === 'AuthorizationPolicy' && manifest.group === 'security.istio.io') ||
  meshPolicyReader(manifest) !== undefined

const kubernetes = /^(networking\.k8s\.io|extensions)$/

/**
 * Calls that a policy allows: a NetworkPolicy's ingress and egress peers, an Istio AuthorizationPolicy's principals,
 * and those of `mesh-policies.ts`.
 * Permission is weak evidence, and only where both sides name someone in particular: an empty selector, a whole
 * namespace or a broad label says nothing about who calls. A selector that misses every Pod by one letter
 * (`name: cart`, where the Pods carry `name: carts`) is reported, and read as it was meant.
 */
export function policyCalls(
  objects: Objects,
  book: NodeBook,
  manifest: Manifest,
): { calls: readonly Call[]; empty: readonly EmptySelector[] } {
  const calls: Call[] = []
  const empty: EmptySelector[] = []
  const mesh = meshPolicyReader(manifest)
  if (mesh) mesh({ objects, book, manifest, pick, ofAccount, allow })
  else if (manifest.kind === 'NetworkPolicy') networkPolicy()
  else authorizationPolicy()
  return { calls, empty }

  function networkPolicy(): void {
    const own = select(['spec', 'podSelector'], manifest.namespace ?? '')
    for (const [direction, side] of [
      ['ingress', 'from'],
      ['egress', 'to'],
    ] as const)
      for (const [index, rule] of listAt(manifest.value, 'spec', direction).entries()) {
        const port = listAt(rule, 'ports')
          .map(item => numberAt(item, 'port'))
          .find(number => number !== undefined)
        for (const [part, peer] of listAt(rule, side).entries()) {
          const at: Path = ['spec', direction, index, side, part, 'podSelector']
          for (const namespace of namespacesOf(peer, manifest))
            for (const other of select(at, namespace))
              for (const one of own)
                if (direction === 'ingress') allow(at, other, one, port)
                else allow(at, one, other, port)
        }
      }
  }

  function authorizationPolicy(): void {
    if ((textAt(manifest.value, 'spec', 'action') ?? 'ALLOW') !== 'ALLOW') return
    const own = [...select(['spec', 'selector'], manifest.namespace ?? ''), ...targets()]
    for (const [index, rule] of listAt(manifest.value, 'spec', 'rules').entries())
      for (const [part, from] of listAt(rule, 'from').entries())
        for (const [field, pattern] of [
          ['principals', /\/ns\/([^/*]+)\/sa\/([^/*]+)$/],
          ['serviceAccounts', /^(?:([^/*]+)\/)?([^/*]+)$/],
        ] as const)
          for (const [number, principal] of listAt(from, 'source', field).entries()) {
            const account = typeof principal === 'string' ? pattern.exec(principal) : null
            if (!account || account[2] === 'default') continue
            const at: Path = ['spec', 'rules', index, 'from', part, 'source', field, number]
            for (const one of own) allow(at, ofAccount(account[2]!, account[1] ?? manifest.namespace ?? ''), one)
          }
  }

  /** In ambient mode a policy names the Service it is for. */
  function targets(): readonly Picked[] {
    const names = [objectAt(manifest.value, 'spec', 'targetRef'), ...listAt(manifest.value, 'spec', 'targetRefs')]
    return names.flatMap(target => {
      const name = textAt(target, 'kind') === 'Service' ? textAt(target, 'name') : undefined
      const services = name === undefined ? [] : (objects.servicesByName.get(name) ?? [])
      return services
        .filter(service => sameNamespace(service.namespace, manifest.namespace ?? ''))
        .map(({ workloads }) => ({ workloads, guessed: false }))
    })
  }

  function ofAccount(name: string, namespace: string): Picked {
    const workloads = (objects.workloadsByAccount.get(name) ?? []).filter(
      workload => workload.namespace === '' || sameNamespace(workload.namespace, namespace),
    )
    return { workloads, guessed: false }
  }

  function allow(at: Path, from: Picked, to: Picked, port?: number): void {
    const callers = nodesOf(from)
    const callees = nodesOf(to)
    if (callers.length === 0 || callees.length === 0) return
    const particular = callers.length === 1 && callees.length === 1
    for (const caller of callers)
      for (const callee of callees) {
        if (caller === callee) continue
        const service =
          callee.services.find(
            candidate =>
              port !== undefined &&
              candidate.ports.some(offered => offered.port === port || offered.targetPort === port),
          ) ?? callee.services[0]
        const speaking = { ...(port !== undefined && { port }), ...(service && { service }) }
        const label = [...at, 'matchLabels', Object.keys(objectAt(manifest.value, ...at, 'matchLabels'))[0] ?? '']
        const evidence: Evidence = {
          kind: 'policy',
          file: fileAt(manifest, label),
          line: manifest.lineOf(label),
          detail: `${manifest.kind} ${manifest.name} allows ${caller.id} → ${callee.id}`,
        }
        calls.push({
          from: caller,
          to: callee,
          confidence:
            (particular ? ALONE.policy : ALONE.policy / Math.sqrt(callers.length * callees.length)) *
            (from.guessed || to.guessed ? 0.92 : 1),
          protocol: protocolOf(callee, speaking),
          evidence: [evidence],
          class: classOf(caller, callee, speaking),
        })
      }
  }

  function nodesOf(picked: Picked): readonly DraftNode[] {
    return [...new Set(picked.workloads.map(workload => book.ofWorkload(workload)))]
  }

  /** The Pods of a selector; several picks where it lists values (`app in (web, admin)`), each of them particular. */
  function select(at: Path, namespace: string): readonly Picked[] {
    return alternatives(objectAt(manifest.value, ...at)).flatMap(labels => pick(labels, at, namespace) ?? [])
  }

  function pick(labels: Labels | null, at: Path, namespace: string): Picked | null {
    if (!labels || Object.keys(labels).length === 0) return null
    const workloads = objects.select(namespace, labels)
    if (workloads.length > 0) return { workloads, guessed: false }
    const meant = nearestLabels(objects, labels)
    const selector = Object.entries(labels)
      .map(([key, value]) => `${key}=${value}`)
      .join(', ')
    empty.push({ manifest, at, selector, ...(meant && { nearest: meant.nearest }) })
    return meant ? { workloads: meant.workloads, guessed: true } : null
  }
}

/** The labels a selector means, one set for each value it lists; none where it says more than that. */
function alternatives(selector: JsonObject): readonly Labels[] {
  const expressions = listAt(selector, 'matchExpressions')
  const simple = simpleSelector(expressions.length > 0 ? { matchLabels: objectAt(selector, 'matchLabels') } : selector)
  let found: Labels[] = simple ? [simple] : []
  for (const expression of expressions) {
    const key = textAt(expression, 'key')
    const values = listAt(expression, 'values').filter(value => typeof value === 'string')
    if (key === undefined || textAt(expression, 'operator') !== 'In') return []
    found = found.flatMap(labels => values.map(value => ({ ...labels, [key]: value })))
  }
  return found.length > 8 ? [] : found
}

/** Namespaces a peer's Pods are looked for in: its own, or those its namespaceSelector names by their name label. */
function namespacesOf(peer: Json, manifest: Manifest): readonly string[] {
  const labels = textsAt(peer, 'namespaceSelector', 'matchLabels')
  const named = labels['kubernetes.io/metadata.name'] ?? labels['name']
  return named === undefined ? [manifest.namespace ?? ''] : [named]
}

/** The one label value that differs from a wanted one by a plural or a single letter, and what carries it. */
export function nearestLabels(
  objects: Objects,
  labels: Labels,
): { workloads: readonly Workload[]; nearest: string } | undefined {
  const pairs = Object.entries(labels)
  const [key, wanted] = pairs[0]!
  if (pairs.length !== 1 || wanted.length < 3) return undefined
  const near = new Map<string, Workload[]>()
  for (const workload of objects.workloads) {
    const value = workload.labels[key]
    if (value === undefined || editDistance(value, wanted, 1) > 1) continue
    // One letter off in a short or numbered name is another name.
    if (value !== `${wanted}s` && wanted !== `${value}s` && (wanted.length < 6 || /\d/.test(value))) continue
    near.set(value, [...(near.get(value) ?? []), workload])
  }
  const [only] = near
  return near.size === 1 && only ? { workloads: only[1], nearest: `${key}=${only[0]}` } : undefined
}
