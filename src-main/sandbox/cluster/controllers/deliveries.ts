import type { Controller } from '../simulation.ts'
import { type AskMetrics, createAnalysisController } from './analysis-runs.ts'
import { rollouts } from './rollouts.ts'

/** Progressive delivery: Argo Rollouts and what it measures with. */
export const deliveryControllers = (ask: AskMetrics): readonly Controller[] => [rollouts, createAnalysisController(ask)]
