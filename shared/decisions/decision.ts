import type { Edit } from '../edits/edit.ts'
import type { Gate, RecordedGate } from '../gate/gate.ts'
import type { RecordedMetrics } from '../metrics/contract.ts'
import type { DecisionResult } from '../results/result.ts'
import type { Topology } from '../topology/topology.ts'

export const decisionKinds = ['scale', 'upgrade', 'rewire', 'traffic', 'place', 'policy', 'rollback', 'record'] as const
export type DecisionKind = (typeof decisionKinds)[number]

/** How one decision speaks of another. `links` is the plain "see also". */
export const decisionRelations = ['reverts', 'supersedes', 'amends', 'promotes', 'links'] as const
export type DecisionRelation = (typeof decisionRelations)[number]
/** `target`: a Decision-Id, a commit, or the path of a record. */
export type DecisionLink = { readonly relation: DecisionRelation; readonly target: string }

/** What has become of a decision, as its record says, or others that revert or supersede it. */
export const recordStatuses = ['proposed', 'accepted', 'rejected', 'deprecated', 'superseded', 'reverted'] as const
export type RecordStatus = (typeof recordStatuses)[number]

/** A record that another tool keeps: MADR, adr-tools, log4brains. */
export type ForeignRecordSummary = {
  readonly path: string
  readonly title: string
  readonly status: RecordStatus | null
}

/** What a person says about a draft when committing it. */
export type Rationale = {
  readonly title: string
  /** Markdown; required. */
  readonly why: string
  readonly kind: DecisionKind
  readonly alternatives?: string
  readonly consequences?: string
  /** Reasons given for the gate's warnings and waivers, by rule id. */
  readonly reasons?: { readonly [rule: string]: string }
  /** The last day of each waiver, by rule id. */
  readonly waivedUntil?: { readonly [rule: string]: string }
  /** Decisions this one speaks of. */
  readonly links?: readonly DecisionLink[]
}

export type Person = {
  readonly name: string
  readonly email: string
  /** Seconds since the epoch. */
  readonly time: number
  /** Minutes east of UTC: 120 for +0200. */
  readonly offset: number
}

/** One commit as the log shows it: a decision, or a plain commit of a repository that may never have seen Pilothouse. */
export type DecisionSummary = {
  /** Commit id. */
  readonly id: string
  readonly decisionId: string | null
  readonly title: string
  /** First paragraphs of the message body without trailers; may be empty. */
  readonly why: string
  /** `commit` when it is not a decision. */
  readonly kind: DecisionKind | 'commit'
  readonly author: Person
  readonly parents: readonly string[]
  readonly services: readonly string[]
  readonly gate: RecordedGate | null
  /** Folder of the record, with a trailing slash; a file for MADR, adr-tools and log4brains records; else null. */
  readonly record: string | null
  readonly changeSet: string | null
  readonly dependencies: readonly { readonly name: string; readonly from: string; readonly to: string }[]
  /** What became of it, as far as anybody saw; absent where nothing is known. */
  readonly result?: DecisionResult
  /** Decisions it speaks of; absent for none. */
  readonly links?: readonly DecisionLink[]
  /** Records of other tools that came with this commit. */
  readonly records?: readonly ForeignRecordSummary[]
  /** What its record says of it, or later decisions; absent where that is nothing. */
  readonly status?: RecordStatus
  /** Tags that it first went out with; null for none yet. Only where a log was asked for it. */
  readonly release?: string | null
}

/**
 * `snapshot.json` in the record folder. Canonical: sorted keys, one item of a list a line, so Git diffs and packs it
 * well. `edits` are what a replay on another base and a revert start from.
 */
export type Snapshot = {
  readonly apiVersion: 'pilothouse.dev/v1alpha1'
  readonly kind: 'Snapshot'
  readonly decisionId: string
  /** The commit it was made on; null for the first of a repository. */
  readonly base: string | null
  readonly environment: string | null
  readonly edits: readonly Edit[]
  readonly gate: Gate
  /** With the rates that were known when it was made. */
  readonly topology: Omit<Topology, 'revision'> | null
  /** Where those rates come from; absent where nothing was measured. */
  readonly metrics?: RecordedMetrics
}
