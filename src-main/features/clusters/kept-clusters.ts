import * as z from 'zod/mini'
import { Policy } from '../../../shared/clusters/contract.ts'
import type { ClusterContext } from '../../needs/cluster.ts'
import type { Documents } from '../../needs/documents.ts'

const Kept = z.object({
  /** What a person said of contexts, by {@link contextKey}. */
  policies: z.record(z.string(), Policy),
  /** Contexts that this machine may ask. */
  allowed: z.array(z.string()),
  /** Names of the contexts that environments were said to run on, by workspace and environment. */
  chosen: z.record(z.string(), z.string()),
})
export type KeptClusters = z.infer<typeof Kept>

const document = 'clusters'
const nothing: KeptClusters = { policies: {}, allowed: [], chosen: {} }

/** A context that leads to another server than the one a person spoke of is another context. */
export const contextKey = ({ name, server }: Pick<ClusterContext, 'name' | 'server'>): string => `${name} ${server}`
export const environmentKey = (workspace: string, environment: string): string => `${workspace} ${environment}`

export async function readKept(documents: Documents): Promise<KeptClusters> {
  const read = Kept.safeParse(await documents.read(document))
  return read.success ? read.data : nothing
}
export const writeKept = (documents: Documents, kept: KeptClusters): Promise<void> => documents.write(document, kept)
export const watchKept = (documents: Documents, listener: () => void): (() => void) =>
  documents.watch(document, listener)
