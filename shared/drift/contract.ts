import * as z from 'zod/mini'
import { command, query } from '../contract/define.ts'
import type { Message } from '../messages/index.ts'
import { inWorkspace } from '../workspaces/contract.ts'
import type { DriftView, ObjectDrift } from './drift.ts'

/** An environment and the cluster it should be running on. */
export const inCluster = {
  ...inWorkspace,
  environment: z.string(),
  /** Name of a kubeconfig context. */
  context: z.string(),
  /** For objects that say none; else the environment's own, the context's, `default`. */
  namespace: z.optional(z.string().check(z.minLength(1), z.maxLength(63))),
}

/** Names one object of the environment. */
export const DriftedObject = z.object({
  group: z.string(),
  kind: z.string(),
  namespace: z.string(),
  name: z.string(),
})
export type DriftedObject = z.infer<typeof DriftedObject>
const objects = z.array(DriftedObject).check(z.minLength(1), z.maxLength(5000))

/** What became of an object that was applied, or of a field that was to be taken into the draft. */
export type Resolved = DriftedObject & { readonly field?: string; readonly problem: Message | null }

export const drift = {
  /** What is live against what Git says, of all objects of an environment or of some. */
  check: query(
    z.object({ ...inCluster, revision: z.optional(z.string()), objects: z.optional(objects) }),
  ).returns<DriftView>(),
  /** Makes Git say what is live: edits of the workspace's draft, for a person to judge and to commit. */
  adopt: command(
    z.object({
      ...inCluster,
      objects,
      /** Only these, as `field` names them; else all that drifted. */
      fields: z.optional(z.array(z.string()).check(z.maxLength(1000))),
    }),
  ).returns<{ edits: number; refused: readonly Resolved[] }>(),
  /** Puts the cluster back to what Git says. A protected environment wants its name as `confirm`. */
  reapply: command(z.object({ ...inCluster, objects, confirm: z.optional(z.string()) })).returns<{
    resolved: readonly Resolved[]
    after: readonly ObjectDrift[]
  }>(),
}
