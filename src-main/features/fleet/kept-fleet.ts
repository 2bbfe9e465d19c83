import * as z from 'zod/mini'
import type { KeptLatency } from '../../../shared/fleet/contract.ts'
import type { Rollout } from '../../../shared/fleet/rollout.ts'
import type { Documents } from '../../needs/documents.ts'

/** What this machine knows of rollouts and measurements of a workspace; written before each step. */
export type KeptFleet = {
  readonly rollouts: readonly Rollout[]
  readonly latencies: readonly KeptLatency[]
  /** Who moves rollouts on, and until when that is to be believed (milliseconds since 1970). */
  readonly runner: { readonly id: string; readonly until: number } | null
}

/** Enough to know that this version wrote it; only we write there. */
const Kept = z.object({
  version: z.literal(1),
  rollouts: z.array(z.custom<Rollout>(value => typeof value === 'object' && value !== null && 'rings' in value)),
  latencies: z.array(z.custom<KeptLatency>(value => typeof value === 'object' && value !== null && 'latency' in value)),
  runner: z.nullable(z.object({ id: z.string(), until: z.number() })),
})
const mostRollouts = 50
const mostLatencies = 500

/** One writer after another in this process; each change is of what is there then, and the same object is no change. */
export function keptFleet(documents: Documents, workspace: string) {
  const name = `fleet-${workspace}`
  let last: Promise<unknown> = Promise.resolve()
  const read = async (): Promise<KeptFleet> => {
    const kept = Kept.safeParse(await documents.read(name))
    return kept.success ? kept.data : { rollouts: [], latencies: [], runner: null }
  }
  return {
    read,
    change(how: (now: KeptFleet) => KeptFleet): Promise<KeptFleet> {
      const next = last.then(async () => {
        const before = await read()
        const after = how(before)
        if (after === before) return before
        const { rollouts, latencies, runner } = after
        const kept = { rollouts: rollouts.slice(0, mostRollouts), latencies: latencies.slice(0, mostLatencies), runner }
        await documents.write(name, { version: 1, ...kept })
        return kept
      })
      last = next.catch(() => undefined)
      return next
    },
    watch: (listener: () => void): (() => void) => documents.watch(name, listener),
  }
}
export type FleetStore = ReturnType<typeof keptFleet>
