import { type Grouping, groupings } from '../../../shared/topology/group-nodes.ts'

const keyOf = (workspace: string, environment: string) => `pilothouse.grouping ${workspace} ${environment}`

/** What an environment was last grouped by in this browser; null where nobody chose. */
export function rememberedGrouping(workspace: string, environment: string): Grouping | 'none' | null {
  const kept = window.localStorage.getItem(keyOf(workspace, environment))
  return kept === 'none' ? 'none' : (groupings.find(by => by === kept) ?? null)
}

export const rememberGrouping = (workspace: string, environment: string, grouping: Grouping | 'none'): void =>
  window.localStorage.setItem(keyOf(workspace, environment), grouping)
