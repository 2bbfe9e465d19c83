import type { FieldChange } from '../edits/apply-edits.ts'
import type { Edit } from '../edits/edit.ts'
import type { Gate, RecordedGate } from '../gate/gate.ts'
import { waiversOf } from '../gate/waiver.ts'
import { joinMetrics } from '../metrics/join-metrics.ts'
import { type Measurement, recordedMetrics } from '../metrics/record-metrics.ts'
import type { Topology, TopologyDiff } from '../topology/topology.ts'
import { changePicture } from './change-picture.ts'
import { formatCommitMessage } from './commit-message.ts'
import type { Person, Rationale } from './decision.ts'
import { dependencyGraph } from './dependency-graph.ts'
import { formatRecord, type RecordLink } from './record.ts'
import { dayOf, recordPath } from './record-path.ts'
import { formatSnapshot, withoutRevision } from './snapshot.ts'

export type DecisionContent = {
  readonly decisionId: string
  readonly changeSet: string
  readonly rationale: Rationale
  readonly author: Person
  readonly base: string | null
  readonly edits: readonly Edit[]
  readonly changes: readonly FieldChange[]
  readonly services: readonly string[]
  readonly gate: Gate
  /** The environment the decision is about; null for a record without one. */
  readonly environment: {
    readonly id: string
    readonly before: Topology
    readonly after: Topology
    readonly diff: TopologyDiff
  } | null
  /** What was known of its calls at run time. */
  readonly measurements?: readonly Measurement[]
  /** What the program of each service is made of, as lines of `go mod graph`. */
  readonly graphs?: ReadonlyMap<string, readonly string[]>
  readonly reverts?: string
  readonly links?: readonly RecordLink[]
  /** Keeps the folder of a decision that is made again on another base. */
  readonly record?: string
}

export type BuiltDecision = {
  readonly message: string
  readonly record: string
  /** The record folder's files; the manifests' are the caller's. */
  readonly files: ReadonlyMap<string, string>
}

/** A block that was let through makes the decision `waived`, a warning `warn`. */
export const recordedGate = (gate: Gate): RecordedGate => (gate.verdict === 'block' ? 'waived' : gate.verdict)

/** The commit message and the record folder of a decision, as PRODUCT.md says ("A decision in Git"). */
export function buildDecision(content: DecisionContent): BuiltDecision {
  const { decisionId, rationale, environment, services, gate } = content
  const day = dayOf(content.author)
  const record = content.record ?? recordPath(rationale.title, decisionId, day)
  const recorded = recordedGate(gate)
  const measurements = content.measurements ?? []
  const observations = measurements.map(({ observation }) => observation)
  const files = new Map<string, string>()
  files.set(
    `${record}README.md`,
    formatRecord({
      rationale,
      decisionId,
      day,
      author: content.author,
      environment: environment?.id ?? null,
      services,
      gate,
      recordedGate: recorded,
      changes: content.changes,
      picture: environment && changePicture(environment.before, environment.after, environment.diff),
      record,
      ...(content.reverts && { reverts: content.reverts }),
      ...(content.links && { links: content.links }),
    }),
  )
  files.set(
    `${record}snapshot.json`,
    formatSnapshot({
      apiVersion: 'pilothouse.dev/v1alpha1',
      kind: 'Snapshot',
      decisionId,
      base: content.base,
      environment: environment?.id ?? null,
      edits: content.edits,
      gate,
      topology: environment && withoutRevision(joinMetrics(environment.after, observations).topology),
      ...(environment && observations.length > 0 && { metrics: recordedMetrics(measurements) }),
    }),
  )
  for (const service of services) {
    const graph = environment ? dependencyGraph(environment.after, service, content.graphs?.get(service)) : ''
    if (graph !== '') files.set(`${record}dependencies/${service.replaceAll('/', '_')}.graph`, graph)
  }
  const message = formatCommitMessage(rationale.title, rationale.why, {
    decisionId,
    kind: rationale.kind,
    services,
    gate: recorded,
    waivers: waiversOf(gate, rationale),
    record,
    changeSet: content.changeSet,
    ...(content.reverts && { reverts: content.reverts }),
    ...(content.links && { links: content.links }),
  })
  return { message, record, files }
}
