import type { FollowView } from '../../../shared/delivery/delivery.ts'
import { engineMark } from '../../../shared/delivery/engine-marks.ts'
import type { Message } from '../../../shared/messages/index.ts'
import type { Cluster } from '../../needs/cluster.ts'
import type { Checked } from '../drift/index.ts'
import type { Workspace } from '../workspaces/index.ts'
import { followMembers } from './follow-members.ts'

/** Whether an engine delivers an environment, as far as may be looked. */
export type FoundEngine = {
  /** `Application shop`; null where none is seen. */
  readonly member: string | null
  /** Kinds of engines that could not be listed, and why. */
  readonly problems: readonly Message[]
}

export async function findEngine(
  workspace: Workspace,
  cluster: Cluster,
  environment: string,
  signal: AbortSignal,
): Promise<FoundEngine> {
  const leaving = new AbortController()
  try {
    const views = followMembers(workspace, cluster, environment, AbortSignal.any([signal, leaving.signal]))
    const first: IteratorResult<FollowView, void> = await views.next()
    const member = first.value?.members.find(({ suspended }) => !suspended)
    return { member: member ? `${member.kind} ${member.name}` : null, problems: first.value?.problems ?? [] }
  } finally {
    leaving.abort()
  }
}

/**
 * What a person should know before they apply: that an engine delivers, that one may (its objects may not be listed),
 * or that live objects carry the mark of one which is not seen here. An engine undoes what others apply.
 */
export function engineNotes({ member, problems }: FoundEngine, checked: readonly Checked[]): readonly Message[] {
  if (member) return [{ key: 'delivery.engineDelivers', params: { object: member } }]
  const marks = new Map<string, number>()
  for (const { live } of checked) {
    const mark = live && engineMark(live)
    if (mark) marks.set(mark, (marks.get(mark) ?? 0) + 1)
  }
  const denied = problems.filter(({ key }) => key.startsWith('cluster.forbidden'))
  const kinds = [...new Set(denied.map(({ params }) => String(params?.['resource'] ?? '')))].join(', ')
  return [
    ...(denied.length > 0 ? [{ key: 'delivery.engineUnknown', params: { kinds } } as const] : []),
    ...problems.filter(problem => !denied.includes(problem)),
    ...[...marks].map(([object, count]) => ({ key: 'delivery.engineMarked', params: { object, count } }) as const),
  ]
}
