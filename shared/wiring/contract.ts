import * as z from 'zod/mini'
import { query } from '../contract/define.ts'
import { Edits } from '../edits/edit.ts'
import type { Message } from '../messages/index.ts'
import type { Finding, TopologyDiff } from '../topology/topology.ts'
import { inWorkspace } from '../workspaces/contract.ts'
import type { WiringPlan } from './offer.ts'
import type { SketchReading } from './read-sketch.ts'

const id = z.string().check(z.minLength(1), z.maxLength(253))
/** A change of the wiring, as it is drawn on the graph. */
export const WiringChange = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('connect'), from: id, to: id }),
  z.object({ kind: z.literal('disconnect'), from: id, to: id }),
  /** `to` may be a name that nothing answers to. */
  z.object({ kind: z.literal('repoint'), from: id, to: id, next: id }),
  z.object({ kind: z.literal('insert'), from: id, to: id, through: id }),
])
export type WiringChange = z.infer<typeof WiringChange>

/** What edits would do on top of the draft, seen before they join it. */
export type Foresight = {
  readonly edits: readonly {
    readonly summary: Message
    readonly state: 'applied' | 'unchanged' | 'refused'
    readonly reason?: Message
  }[]
  readonly files: readonly { readonly path: string; readonly before: string | null; readonly after: string | null }[]
  /** Every environment that would not be what it is, the one looked at first. */
  readonly environments: readonly {
    readonly id: string
    readonly edges: TopologyDiff['edges']
    /** What would be wrong that is not now, and what would be right. */
    readonly appears: readonly Finding[]
    readonly goes: readonly Finding[]
  }[]
}

const at = { ...inWorkspace, environment: z.string() }

export const wiring = {
  /** What a change takes, on the environment with the draft on it. */
  plan: query(z.object({ ...at, change: WiringChange })).returns<WiringPlan>(),
  foresee: query(z.object({ ...at, edits: Edits })).returns<Foresight>(),
  /** A Mermaid sketch read as declared edges; `names` says who is meant by names that are nobody's. */
  sketch: query(
    z.object({
      ...at,
      text: z.string().check(z.maxLength(1024 * 1024)),
      names: z.optional(z.record(z.string(), z.string())),
    }),
  ).returns<SketchReading>(),
}
