import {
  fileAt,
  type Json,
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

type Labels = { readonly [key: string]: string }
/** The Pods a selector means; `guessed` where only a label one letter off fits. */
type Picked = { readonly workloads: readonly Workload[]; readonly guessed: boolean }

/** True for a policy that {@link policyCalls} reads. */
export const isPolicy = ({ kind, group }: Manifest): boolean =>
  (kind === 'NetworkPolicy' && group !== '') || (kind === 'AuthorizationPolicy' && group === 'security.istio.io')

/**
 * Calls that a policy allows: a NetworkPolicy's ingress and egress peers, an Istio AuthorizationPolicy's principals.
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
  if (manifest.kind === 'NetworkPolicy') networkPolicy()
  else authorizationPolicy()
  return { calls, empty }

  function networkPolicy(): void {
    const own = pick(manifest, ['spec', 'podSelector'], manifest.namespace ?? '')
    if (!own) return
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
          const namespaces = namespacesOf(peer, manifest)
          const others = namespaces.map(namespace => pick(manifest, at, namespace)).find(found => found !== null)
          if (!others) continue
          if (direction === 'ingress') allow(manifest, at, others, own, port)
          else allow(manifest, at, own, others, port)
        }
      }
  }

  function authorizationPolicy(): void {
    if ((textAt(manifest.value, 'spec', 'action') ?? 'ALLOW') !== 'ALLOW') return
    const own = pick(manifest, ['spec', 'selector'], manifest.namespace ?? '')
    if (!own) return
    for (const [index, rule] of listAt(manifest.value, 'spec', 'rules').entries())
      for (const [part, from] of listAt(rule, 'from').entries())
        for (const [number, principal] of listAt(from, 'source', 'principals').entries()) {
          const account = typeof principal === 'string' ? /\/ns\/([^/*]+)\/sa\/([^/*]+)$/.exec(principal) : null
          if (!account || account[2] === 'default') continue
          const workloads = (objects.workloadsByAccount.get(account[2]!) ?? []).filter(
            workload => workload.namespace === '' || sameNamespace(workload.namespace, account[1]!),
          )
          const at: Path = ['spec', 'rules', index, 'from', part, 'source', 'principals', number]
          allow(manifest, at, { workloads, guessed: false }, own, undefined)
        }
  }

  function allow(manifest: Manifest, at: Path, from: Picked, to: Picked, port: number | undefined): void {
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

  /** Null where the selector is empty or uses expressions: it means many. */
  function pick(manifest: Manifest, at: Path, namespace: string): Picked | null {
    const labels = simpleSelector(objectAt(manifest.value, ...at))
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

/** Namespaces a peer's Pods are looked for in: its own, or those its namespaceSelector names by their name label. */
function namespacesOf(peer: Json, manifest: Manifest): readonly string[] {
  const labels = textsAt(peer, 'namespaceSelector', 'matchLabels')
  const named = labels['kubernetes.io/metadata.name'] ?? labels['name']
  return named === undefined ? [manifest.namespace ?? ''] : [named]
}

/** The one label value that differs from a wanted one by a plural or a single letter, and what carries it. */
function nearestLabels(
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
