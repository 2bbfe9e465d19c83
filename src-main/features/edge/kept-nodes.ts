import * as z from 'zod/mini'
import type { EdgeFacts } from '../../../shared/edge/facts/facts.ts'
import type { EdgeNode } from '../../../shared/edge/read-edge.ts'
import type { Documents } from '../../needs/documents.ts'
import type { SshTarget } from '../../needs/ssh.ts'
import type { Seen } from './node-session.ts'

/** Enough to know that this version wrote it; what it holds was checked when it came. */
const KeptSeen = z.object({
  version: z.literal(1),
  nodes: z.record(
    z.string(),
    z.object({
      at: z.number(),
      address: z.string(),
      facts: z.custom<EdgeFacts>(
        value => typeof value === 'object' && value !== null && 'throttling' in value && 'disks' in value,
      ),
    }),
  ),
})
const KeptAllowed = z.object({ allowed: z.array(z.string()) })

/** Where a node is, as SSH is told it: what is left out is for `~/.ssh/config` to say. */
export const targetOf = ({ host, user, port }: EdgeNode): SshTarget => ({
  host,
  ...(user !== undefined && { user }),
  ...(port !== undefined && { port }),
})

/** What decides where a connection goes: what was agreed to, or seen, is another node's when this changes. */
export const targetKey = ({ host, user, port }: EdgeNode): string => JSON.stringify([host, user ?? null, port ?? null])

/** What nodes said last, on this machine: shown, with its time, until they say something new. By `targetKey`. */
export function keptSeen(documents: Documents, workspace: string) {
  const name = `edge-seen-${workspace}`
  return {
    async read(): Promise<ReadonlyMap<string, Seen>> {
      const read = KeptSeen.safeParse(await documents.read(name))
      return new Map(read.success ? Object.entries(read.data.nodes) : [])
    },
    write: (nodes: ReadonlyMap<string, Seen>): Promise<void> =>
      documents.write(name, { version: 1, nodes: Object.fromEntries(nodes) }),
  }
}

/** The targets a person agreed to connect to from this machine, by `targetKey`. */
export function keptAllowed(documents: Documents, workspace: string) {
  const name = `edge-allowed-${workspace}`
  const read = async (): Promise<ReadonlySet<string>> => {
    const kept = KeptAllowed.safeParse(await documents.read(name))
    return new Set(kept.success ? kept.data.allowed : [])
  }
  return {
    read,
    async add(keys: readonly string[]): Promise<void> {
      await documents.write(name, { allowed: [...new Set([...(await read()), ...keys])] })
    },
    watch: (listener: () => void): (() => void) => documents.watch(name, listener),
  }
}
