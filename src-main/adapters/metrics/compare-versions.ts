import { equals } from '../../../shared/metrics/promql.ts'
import { readNames, readVector } from '../../../shared/metrics/read-prometheus.ts'
import { windowSeconds } from '../../../shared/metrics/window.ts'
import {
  countersIn,
  figuresOf,
  type SideQuestions,
  sideQuestions,
  type VersionFigures,
} from '../../../shared/rollouts/compare-versions.ts'
import type { CompareVersions } from '../../needs/metrics-source.ts'
import { understood } from './ask-prometheus.ts'
import { openJsonLine } from './get-json.ts'

/**
 * Asks Prometheus, or what speaks its API, how two revisions do side by side: by the first counter and the first way of
 * telling them apart that any calls are known by. Null where there is none.
 */
export const compareVersions: CompareVersions = async (address, ways, window, signal) => {
  using line = await openJsonLine({ ...address, url: address.url.replace(/\/(graph|query|api\/v1)?\/*$/, '') })
  const match = Object.entries(address.match).map(([label, value]) => equals(label, value))
  const time = String(Date.now() / 1000)
  const names = await line.get('/api/v1/label/__name__/values', {}, signal)
  const present = new Set(understood(line, names, readNames).value)
  const ask = async (query: string): Promise<number | null> => {
    const { value } = understood(line, await line.get('/api/v1/query', { query, time }, signal), readVector)
    return value.length === 0 ? null : value.reduce((sum, sample) => sum + sample.value, 0)
  }
  const side = async (
    of: SideQuestions,
    which: 'stable' | 'canary',
    rate: number | null,
  ): Promise<VersionFigures | null> => {
    if (rate === null) return null
    const { rate: _, ...rest } = of[which]
    const answers = await Promise.all(
      Object.entries(rest).map(async ([question, query]) => [question, await ask(query)] as const),
    )
    return figuresOf(of.counter, { rate, ...Object.fromEntries(answers) }, windowSeconds(window))
  }
  for (const counter of countersIn(present))
    for (const way of ways) {
      const questions = sideQuestions(counter, way, window, present, match)
      const [stable, canary] = await Promise.all([ask(questions.stable.rate!), ask(questions.canary.rate!)])
      if (stable === null && canary === null) continue
      return {
        stable: await side(questions, 'stable', stable),
        canary: await side(questions, 'canary', canary),
      }
    }
  return null
}
