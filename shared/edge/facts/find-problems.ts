import type { Message } from '../../messages/index.ts'
import type { Architecture } from '../edge-schema.ts'
import type { EdgeFacts } from './facts.ts'

/** Something about a node that somebody should know. */
export type NodeProblem = { readonly severity: 'error' | 'warning' | 'note'; readonly message: Message }

/** From here on somebody should look; from there on it no longer works. Shares from 0 to 1, Celsius, milliseconds. */
const limits = { diskFull: 0.97, diskNearlyFull: 0.9, memoryLeft: 0.05, hot: 80, clock: 2000 } as const

const ranks = { error: 0, warning: 1, note: 2 } as const
const percent = (share: number) => `${Math.round(share * 100)}%`

/** What the facts of a node say is wrong, the worst first. `declared`: the architecture its manifest promises. */
export function findProblems(facts: EdgeFacts, declared: Architecture | null): readonly NodeProblem[] {
  const found: NodeProblem[] = []
  const add = (severity: NodeProblem['severity'], message: Message) => found.push({ severity, message })

  if (declared !== null && facts.architecture !== declared)
    add('error', {
      key: 'edge.problemArchitecture',
      params: { declared, actual: facts.architecture ?? facts.machine },
    })
  for (const { at, size, used, available, readOnly } of facts.disks) {
    if (readOnly && at === '/') add('error', { key: 'edge.problemReadOnly', params: { at } })
    const share = used / Math.max(1, used + available)
    const params = { at, share: percent(share) }
    // A disk image is full by nature, and nobody may write there.
    if (readOnly || size === 0) continue
    if (share >= limits.diskFull) add('error', { key: 'edge.problemDiskFull', params })
    else if (share >= limits.diskNearlyFull) add('warning', { key: 'edge.problemDiskNearlyFull', params })
  }
  if (facts.failedUnits.length > 0)
    add('error', {
      key: 'edge.problemFailedUnits',
      params: {
        count: facts.failedUnits.length,
        names: facts.failedUnits
          .slice(0, 3)
          .map(({ name }) => name)
          .join(', '),
      },
    })
  if (facts.throttling.now.includes('under-voltage')) add('error', { key: 'edge.problemUnderVoltage' })
  if (facts.throttling.now.some(one => one !== 'under-voltage')) add('warning', { key: 'edge.problemThrottled' })
  else if (facts.throttling.sinceBoot.length > 0) add('note', { key: 'edge.problemWasThrottled' })
  const hottest = Math.max(...facts.heat.map(({ celsius }) => celsius), Number.NEGATIVE_INFINITY)
  if (hottest >= limits.hot) add('warning', { key: 'edge.problemHot', params: { celsius: Math.round(hottest) } })
  const { memory, clock } = facts
  if (memory && memory.available / memory.total < limits.memoryLeft)
    add('warning', { key: 'edge.problemMemory', params: { left: percent(memory.available / memory.total) } })
  if (clock && Math.abs(clock.offset) - clock.within > limits.clock)
    add('warning', {
      key: clock.offset > 0 ? 'edge.problemClockAhead' : 'edge.problemClockBehind',
      params: { seconds: Math.round(Math.abs(clock.offset) / 1000) },
    })
  if (facts.pendingReboot)
    add('note', {
      key: facts.pendingReboot.by.length > 0 ? 'edge.problemRebootFor' : 'edge.problemReboot',
      params: { names: facts.pendingReboot.by.slice(0, 3).join(', ') },
    })
  if (facts.init !== 'systemd') add('note', { key: 'edge.problemNoSystemd', params: { init: facts.init ?? '?' } })
  if (facts.sudo === 'no') add('note', { key: 'edge.problemNoSudo', params: { user: facts.user.name } })
  if (!facts.complete) add('note', { key: 'edge.problemIncomplete' })
  return found.sort((a, b) => ranks[a.severity] - ranks[b.severity])
}
