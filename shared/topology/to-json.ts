import { type Locale, translate } from '../messages/index.ts'
import type { Topology } from './topology.ts'

/**
 * The JSON of `pilothouse topology`: the same topology always prints the same bytes. Each finding says its sentence, too.
 * `more` stands behind it all. Ends with a newline.
 */
export const toJson = (topology: Topology, locale: Locale = 'en', more: object = {}): string =>
  `${JSON.stringify({ ...ordered(topology, locale), ...more }, null, 2)}\n`

/** Keys in the order of the documented shape. */
const ordered = ({ environment, revision, nodes, edges, components, findings }: Topology, locale: Locale) => ({
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
  findings: findings.map(({ kind, severity, message, ...rest }) => ({
    kind,
    severity,
    text: translate(locale, message),
    message,
    ...rest,
  })),
})
