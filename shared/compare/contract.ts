import * as z from 'zod/mini'
import { query, stream } from '../contract/define.ts'
import type { DecisionKind, Snapshot } from '../decisions/decision.ts'
import type { DiffedSet } from '../dependencies/contract.ts'
import type { Gate } from '../gate/gate.ts'
import type { Message } from '../messages/index.ts'
import type { TopologyView } from '../topology/contract.ts'
import { inWorkspace } from '../workspaces/contract.ts'
import type { RuleKind } from './compare-rules.ts'
import type { ComparedVerdicts } from './compare-verdicts.ts'
import type { Relation, Subject, Word } from './difference.ts'

export const parts = ['topology', 'manifests', 'dependencies', 'rules'] as const
export type Part = (typeof parts)[number]

/** A commit that made something. */
export type Maker = {
  readonly commit: string
  readonly decisionId: string | null
  readonly title: string
  readonly kind: DecisionKind | 'commit'
  readonly author: string
  /** Seconds since the epoch. */
  readonly time: number
}

/** One of the two points, as it was found. */
export type PointView = {
  /** As it was asked for. */
  readonly text: string
  readonly kind: 'commit' | 'now' | 'draft'
  /** The commit it is, or is made on; null where nothing was committed yet. */
  readonly commit: Maker | null
  readonly environment: string
  /** False: the environment is not part of this point. */
  readonly holds: boolean
  /** The environments there are at this point. */
  readonly environments: readonly string[]
}

export type Between = {
  readonly a: PointView
  readonly b: PointView
  readonly relation: Relation
}

export type TopologyChange = Subject & {
  readonly kind: 'node' | 'edge' | 'route'
  /** `checkout`, `checkout → cart`, `VirtualService shop/reviews`. */
  readonly name: string
  /** What is selected on the picture for it. */
  readonly ends?: { readonly from: string; readonly to: string }
}
export type ComparedTopology = Between & {
  /** For the picture: A as the base, B as what was made of it. */
  readonly view: TopologyView
  readonly subjects: readonly TopologyChange[]
}

export type ManifestChange = Subject & {
  readonly kind: string
  readonly namespace: string | null
  readonly name: string
  /** The service it is for; null for what serves several or none. */
  readonly service: string | null
  readonly file: string
  readonly line: number
}
export type ComparedManifests = Between & { readonly subjects: readonly ManifestChange[] }

/**
 * A lock file, a module or the images of a service, with what it differs in. One that only one point has is `only-a` or
 * `only-b`: the other holds no such file at all, so that nothing was added to it or removed from it. Images come and go
 * with their service.
 */
export type ComparedSet = DiffedSet & { readonly change: Word; readonly key: string }
export type ComparedDependencies = Between & {
  readonly sets: readonly ComparedSet[]
  readonly problems: readonly Message[]
}

export type RuleChange = Subject & { readonly kind: RuleKind; readonly name: string; readonly file: string }
export type ComparedRules = Between & {
  readonly subjects: readonly RuleChange[]
  /** What the gate says of all there is at A, and at B. */
  readonly verdicts: ComparedVerdicts
  /** What it says of the step from A to B; null where the two are different environments. */
  readonly gate: Gate | null
}

/** Who made which difference, as far as was looked. */
export type Blame = {
  readonly makers: readonly Maker[]
  /** By the key of a difference: a position in `makers`; -1 for the draft. */
  readonly made: { readonly [key: string]: number }
  /** Commits looked at that touch a file of it. */
  readonly looked: number
  /** True: nothing more will be found. What is not told then is older than what was looked at, or was made by a merge. */
  readonly done: boolean
}

const points = z.string().check(z.minLength(1))
const between = { ...inWorkspace, a: points, b: points, environment: z.optional(z.string()) }

/**
 * Any two points: decisions (Decision-Id, its first characters), commits, tags, branches, `now`, `draft`; each with
 * `:ENVIRONMENT` where it is another one than `environment`, or than the one a person would open first.
 */
export const compare = {
  topology: stream(z.object(between)).of<ComparedTopology>(),
  manifests: stream(z.object(between)).of<ComparedManifests>(),
  /** One object as both points render it; null where it is not part of a point. */
  text: query(z.object({ ...between, key: z.string() })).returns<{
    readonly before: string | null
    readonly after: string | null
  }>(),
  dependencies: stream(
    z.object({ ...between, edges: z.optional(z.number().check(z.int(), z.minimum(0))) }),
  ).of<ComparedDependencies>(),
  rules: stream(z.object(between)).of<ComparedRules>(),
  /** Which decision or commit made each difference of a part: what is found so far, again and again until all is. */
  blame: stream(z.object({ ...between, part: z.enum(parts) })).of<Blame>(),
  /** What a decision left of itself; worked out from its commit where it left nothing. */
  snapshot: query(z.object({ ...inWorkspace, decision: z.string() })).returns<{
    readonly snapshot: Snapshot
    readonly from: 'record' | 'computed'
  }>(),
}
