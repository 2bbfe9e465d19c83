import type { Topology } from './topology.ts'

/** The JSON of `pilothouse topology`: the same topology always prints the same bytes. Ends with a newline. */
export const toJson = (topology: Topology): string => `${JSON.stringify(ordered(topology), null, 2)}\n`

/** Keys in the order of the documented shape. */
const ordered = ({ environment, revision, nodes, edges, components, findings }: Topology): Topology => ({
  environment,
  revision,
  nodes: nodes.map(({ id, kind, workload, file, line, ...rest }) => ({
    id,
    kind,
    ...(workload && { workload }),
    ...(file !== undefined && { file }),
    ...(line !== undefined && { line }),
    ...rest,
  })),
  edges: edges.map(({ from, to, protocol, state, confidence, rate, measured, class: edgeClass, evidence }) => ({
    from,
    to,
    protocol,
    state,
    confidence,
    rate,
    ...(measured && { measured }),
    class: edgeClass,
    evidence: evidence.map(({ kind, file, line, detail }) => ({
      kind,
      ...(file !== undefined && { file }),
      ...(line !== undefined && { line }),
      detail,
    })),
  })),
  components,
  findings,
})
