import type { Controller } from '../simulation.ts'
import { autoscalers } from './autoscalers.ts'
import { daemonSets } from './daemon-sets.ts'
import { deployments } from './deployments.ts'
import { endpoints } from './endpoints.ts'
import { jobs } from './jobs.ts'
import { createPodController } from './pods.ts'
import { replicaSets } from './replica-sets.ts'
import { statefulSets } from './stateful-sets.ts'

/** What every cluster has: Pods run, and the kinds that make them keep them so. */
export const workloadControllers = (): readonly Controller[] => [
  createPodController(),
  replicaSets,
  deployments,
  statefulSets,
  daemonSets,
  jobs,
  endpoints,
  autoscalers,
]
