import type { EdgeNodeView } from '../../../shared/edge/contract.ts'
import type { Disk, EdgeFacts } from '../../../shared/edge/facts/facts.ts'
import type { MessageKey } from '../../../shared/messages/index.ts'
import type { Tone } from '../../design/index.ts'

/** How a node does, in one word and its colour. */
export function stateOf({ state, problems }: EdgeNodeView): { readonly tone: Tone; readonly key: MessageKey } {
  switch (state) {
    case 'not-allowed':
      return { tone: 'neutral', key: 'edge.stateNotAllowed' }
    case 'connecting':
      return { tone: 'neutral', key: 'edge.stateConnecting' }
    case 'stale':
      return { tone: 'stale', key: 'edge.stateStale' }
    case 'failed':
      return { tone: 'danger', key: 'edge.stateFailed' }
    case 'live': {
      const worst = problems[0]?.severity
      if (worst === 'error') return { tone: 'danger', key: 'edge.stateBroken' }
      return worst === 'warning' ? { tone: 'warn', key: 'edge.stateWarned' } : { tone: 'ok', key: 'edge.stateLive' }
    }
  }
}

const ranks: { readonly [T in Tone]: number } = {
  danger: 0,
  stale: 1,
  warn: 2,
  neutral: 3,
  info: 4,
  proposed: 4,
  removed: 4,
  ok: 5,
}
/** What somebody should look at comes first; else by name. */
export const byProblems = (a: EdgeNodeView, b: EdgeNodeView): number =>
  ranks[stateOf(a).tone] - ranks[stateOf(b).tone] || (a.name < b.name ? -1 : 1)

/** True where name, label, service, model or address holds every word. */
export function holds(node: EdgeNodeView, filter: string): boolean {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return true
  const text = [
    node.name,
    node.host,
    ...Object.values(node.labels),
    ...node.services,
    node.facts?.model,
    node.facts?.machine,
    node.facts?.os.name,
  ]
    .join(' ')
    .toLowerCase()
  return words.every(word => text.includes(word))
}

export const shareOfDisk = ({ used, available }: Disk): number => used / Math.max(1, used + available)
/** The disk that is fullest of those that can be written. */
export const fullest = (facts: EdgeFacts): Disk | null =>
  facts.disks.filter(({ readOnly }) => !readOnly).sort((a, b) => shareOfDisk(b) - shareOfDisk(a))[0] ?? null
export const hottest = ({ heat }: EdgeFacts): number | null =>
  heat.length === 0 ? null : Math.max(...heat.map(({ celsius }) => celsius))
/** Share of memory in use. */
export const memoryUsed = ({ memory }: EdgeFacts): number | null =>
  memory && memory.total > 0 ? 1 - memory.available / memory.total : null
/** Load of one minute, for each processor. */
export const loadEach = ({ load, cpu }: EdgeFacts): number | null => (load ? load[0] / Math.max(1, cpu.count) : null)
