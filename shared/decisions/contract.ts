import * as z from 'zod/mini'
import { query, stream } from '../contract/define.ts'
import type { FileChange } from '../draft/draft.ts'
import type { Message } from '../messages/index.ts'
import { outcomes, type ResultEvent } from '../results/result.ts'
import { inWorkspace } from '../workspaces/contract.ts'
import {
  type DecisionKind,
  type DecisionRelation,
  type DecisionSummary,
  decisionKinds,
  type RecordStatus,
  type Snapshot,
} from './decision.ts'

export type DecisionPage = {
  readonly items: readonly DecisionSummary[]
  /**
   * Give it as `before` for the next page; null at the end. A search that has to look at commits themselves ends a page
   * early, with fewer entries than were asked for or none: `next` is then the last commit it has looked at.
   */
  readonly next: string | null
}
export type DecisionDetail = {
  readonly summary: DecisionSummary
  /** The whole message body, trailers included. */
  readonly message: string
  /** The record's Markdown; null when there is none. */
  readonly record: { readonly path: string; readonly markdown: string } | null
  readonly snapshot: Snapshot | null
  /** Why there is one that cannot be read: it is broken, or of a version to come. */
  readonly snapshotProblem: Message | null
  /** Against the first parent; the record's own files are listed last. */
  readonly files: readonly FileChange[]
  /** What happened to it since it was made, oldest first. */
  readonly results: readonly ResultEvent[]
}

export type ChainRelation =
  | DecisionRelation
  | 'reverted-by'
  | 'superseded-by'
  | 'amended-by'
  | 'promoted-by'
  | 'linked-by'
/** A decision or record that another one speaks of, or that speaks of it. */
export type ChainItem = {
  readonly relation: ChainRelation
  readonly title: string
  readonly kind: DecisionKind | 'commit'
  /** Null for a record whose commit is not known. */
  readonly commit: string | null
  readonly decisionId: string | null
  readonly path: string | null
  readonly status: RecordStatus | null
  /** Author's time in seconds since the epoch; null where the commit is not known. */
  readonly time: number | null
}

export const decisions = {
  /** First the newest page, then again whenever the branch moves. */
  log: stream(
    z.object({
      ...inWorkspace,
      revision: z.optional(z.string()),
      limit: z.number().check(z.int(), z.minimum(1), z.maximum(1000)),
      before: z.optional(z.string()),
      /** Words that must all occur in title, why, author or services, without regard to case. */
      text: z.optional(z.string()),
      service: z.optional(z.string()),
      /** Also tell the modules that locks and manifests moved, of each decision. */
      modules: z.optional(z.boolean()),
      /** Leave plain commits out. */
      decisionsOnly: z.optional(z.boolean()),
      kinds: z.optional(z.array(z.enum(['commit', ...decisionKinds]))),
      gates: z.optional(z.array(z.enum(['pass', 'warn', 'waived']))),
      /** What became of them. */
      results: z.optional(z.array(z.enum(outcomes))),
      /** Part of the author's name or address. */
      author: z.optional(z.string()),
      /** Author's time in seconds since the epoch: not before, and not after. */
      since: z.optional(z.number()),
      until: z.optional(z.number()),
      /** A rule that spoke at the gate. */
      rule: z.optional(z.string()),
      /** A dependency it moved: `name` or `name@version`. */
      dependency: z.optional(z.string()),
      /** A machine it placed something on or took it from. */
      node: z.optional(z.string()),
      /** A field it touched: `spec.replicas`, `replicas`. */
      field: z.optional(z.string()),
      /** Also tell with which tags each first went out. */
      releases: z.optional(z.boolean()),
    }),
  ).of<DecisionPage>(),
  /** `decision` is a commit, any revision, or a Decision-Id (also its first characters). */
  show: query(z.object({ ...inWorkspace, decision: z.string() })).returns<DecisionDetail>(),
  /** What a decision speaks of and what speaks of it: reverts, supersedes, amends, promotes, links, both ways. */
  chain: query(z.object({ ...inWorkspace, decision: z.string() })).returns<readonly ChainItem[]>(),
  /** What became of a decision, oldest first; again whenever more is known. */
  results: stream(z.object({ ...inWorkspace, decision: z.string() })).of<readonly ResultEvent[]>(),
  /** One decision, those of a range `A..B`, or those named, as one document that opens with no network. */
  document: query(
    z.object({
      ...inWorkspace,
      decisions: z.union([z.string(), z.array(z.string()).check(z.minLength(1), z.maxLength(500))]),
      format: z.enum(['html', 'markdown']),
      locale: z.enum(['en', 'zh']),
    }),
  ).returns<{ name: string; text: string }>(),
  /** The audit log of a range, or of all that leads to a revision: pieces of text, to be put one after the other. */
  audit: stream(z.object({ ...inWorkspace, range: z.string() })).of<string>(),
  file: query(z.object({ ...inWorkspace, commit: z.string(), path: z.string() })).returns<{
    before: string | null
    after: string | null
  }>(),
}
