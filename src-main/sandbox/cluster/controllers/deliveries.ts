import type { Gates } from '../load-tester.ts'
import type { Controller } from '../simulation.ts'
import { type AskMetrics, createAnalysisController } from './analysis-runs.ts'
import { createCanaryController } from './canaries.ts'
import { rollouts } from './rollouts.ts'

/** Progressive delivery: Argo Rollouts and what it measures with, and Flagger. */
export const deliveryControllers = (ask: AskMetrics, gates: Gates): readonly Controller[] => [
  rollouts,
  createAnalysisController(ask),
  createCanaryController(ask, gates),
]
