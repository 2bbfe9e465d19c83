import * as z from 'zod/mini'
import { command, stream } from '../contract/define.ts'
import { DriftedObject, inCluster } from '../drift/contract.ts'
import type { Message } from '../messages/index.ts'
import type { DeliveryProgress, FollowView } from './delivery.ts'
import { gitopsActions } from './gitops-patches.ts'

const ofObject = { ...inCluster, object: DriftedObject }
/** What came of a reason: the commit of its decision, or why it is none; it is kept with the object all the same. */
export type KeptReason = { readonly decision: string | null; readonly problem: Message | null }
const reason = z.string().check(z.minLength(1), z.maxLength(10_000))

export const delivery = {
  /** What delivers this environment, and how far it is; again whenever that changes. */
  follow: stream(z.object(inCluster)).of<FollowView>(),
  /** Makes an engine look at Git again, or apply now. */
  act: command(z.object({ ...ofObject, action: z.enum(gitopsActions) })).returns<void>(),
  /** Makes an engine stand still. The reason becomes a decision of its own. A protected environment wants its name. */
  suspend: command(z.object({ ...ofObject, reason, confirm: z.optional(z.string()) })).returns<KeptReason>(),
  /** Lets it go on; the reason becomes a decision, too. */
  resume: command(z.object({ ...ofObject, reason, confirm: z.optional(z.string()) })).returns<KeptReason>(),
  /**
   * Applies an environment in order, waits until it is ready, then prunes; stops at the first failure. Told as it goes;
   * whoever leaves stops it after what was sent. Where an engine delivers the environment it is refused.
   */
  deliver: stream(
    z.object({
      ...inCluster,
      revision: z.optional(z.string()),
      /** Delete what an earlier delivery of this environment brought and Git has no more. */
      prune: z.optional(z.boolean()),
      /** Take fields over that others hold. */
      force: z.optional(z.boolean()),
      /** Nothing is written: the server says what it would do. */
      dryRun: z.optional(z.boolean()),
      confirm: z.optional(z.string()),
      /** Seconds to wait for everything to get ready. */
      patience: z.optional(z.number().check(z.minimum(1), z.maximum(86_400))),
    }),
  ).of<DeliveryProgress>(),
}
