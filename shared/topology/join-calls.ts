import type { Call } from './call.ts'
import { combined } from './confidence.ts'
import type { DraftNode } from './name-nodes.ts'
import { isSameData, type Parts } from './parts.ts'
import type { EdgeClass, Evidence, TopologyEdge } from './topology.ts'

/**
 * One edge for each pair, sorted by its ends: the strongest reason says protocol and class, all of them are its
 * evidence. Edges of a node whose calls are the same as before are the same objects.
 */
export function joinCalls(calls: readonly Call[], parts: Parts): readonly TopologyEdge[] {
  const byCaller = new Map<DraftNode, Call[]>()
  for (const call of calls) {
    if (call.from === call.to) continue
    const list = byCaller.get(call.from)
    if (list) list.push(call)
    else byCaller.set(call.from, [call])
  }
  return [...byCaller]
    .sort(([a], [b]) => compare(a.id, b.id))
    .flatMap(([from, list]) =>
      parts.of<readonly TopologyEdge[]>('edges of a node', from.id, list, before => edgesOf(from, list, before ?? [])),
    )
}

/** An edge that says what it said `before` is the same object. */
function edgesOf(from: DraftNode, calls: readonly Call[], before: readonly TopologyEdge[]): readonly TopologyEdge[] {
  const known = new Map(before.map(edge => [edge.to, edge]))
  const byCallee = new Map<DraftNode, Call[]>()
  for (const call of calls) {
    const list = byCallee.get(call.to)
    if (list) list.push(call)
    else byCallee.set(call.to, [call])
  }
  return [...byCallee]
    .sort(([a], [b]) => compare(a.id, b.id))
    .map(([to, list]) => {
      const strongest = [...list].sort((a, b) => b.confidence - a.confidence)
      const [first] = strongest
      const evidence = new Map<string, Evidence>()
      for (const call of strongest)
        for (const item of call.evidence) evidence.set(`${item.kind} ${item.file}:${item.line} ${item.detail}`, item)
      const edge: TopologyEdge = {
        from: from.id,
        to: to.id,
        protocol: protocolOf(strongest),
        class: strongest.reduce<EdgeClass>(
          (best, call) => (rank(call.class) < rank(best) ? call.class : best),
          first!.class,
        ),
        state: 'inferred',
        confidence: combined(list.map(call => ({ kind: call.evidence[0]!.kind, confidence: call.confidence }))),
        rate: null,
        evidence: [...evidence.values()],
      }
      const old = known.get(to.id)
      return old && isSameData(old, edge) ? old : edge
    })
}

/**
 * What the strongest reason says is spoken. gRPC is seen in code alone: manifests say `http://` and `http` of it too,
 * or nothing.
 */
function protocolOf(strongest: readonly Call[]): string {
  const said = strongest.find(call => call.protocol !== 'tcp')?.protocol ?? strongest[0]!.protocol
  const isGrpc = strongest.some(({ protocol, evidence }) => protocol === 'grpc' && evidence[0]?.kind === 'source')
  return isGrpc && /^(https?|tcp)$/.test(said) ? 'grpc' : said
}

/** A call that is also a health check is a call. */
const rank = (edgeClass: EdgeClass): number => (edgeClass === 'health' ? 1 : 0)

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
