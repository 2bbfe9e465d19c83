import { isRuleFile } from '../../../shared/rules/workspace-rules.ts'
import type { Environment } from '../../../shared/topology/topology.ts'
import { environmentsTouched } from '../topology/index.ts'

/** Which environments the gate is asked about: those a change touches, and all where it changes the rules themselves. */
export function environmentsJudged(
  before: readonly Environment[],
  after: readonly Environment[],
  paths: readonly string[],
): readonly string[] {
  if (!paths.some(isRuleFile)) return environmentsTouched(before, after, paths)
  return [...new Set([...before, ...after].map(({ id }) => id))]
}
