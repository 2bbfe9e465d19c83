import type { Access, PodAction, Policy } from '../../../shared/clusters/contract.ts'
import type { Cluster } from '../../needs/cluster.ts'
import { refusalOf } from './guard-clusters.ts'

const rights: { readonly [action in PodAction]: { readonly verb: string; readonly subresource: string } } = {
  logs: { verb: 'get', subresource: 'log' },
  exec: { verb: 'create', subresource: 'exec' },
  forward: { verb: 'create', subresource: 'portforward' },
}
/** What changes something in a container is a change of the cluster. */
const changes: readonly PodAction[] = ['exec']

/** What may be done with the Pods of a namespace: as the cluster says, and as the context is marked. */
export async function podAccess(
  cluster: Cluster,
  namespace: string,
  policy: Policy,
  signal: AbortSignal,
): Promise<readonly Access[]> {
  const actions = Object.keys(rights) as PodAction[]
  const answers = await cluster.mayI(
    actions.map(action => ({ ...rights[action], group: '', resource: 'pods', namespace })),
    signal,
  )
  return actions.map((action, index) => {
    const refused = changes.includes(action) ? refusalOf(policy, cluster.context.name) : null
    const { verb, subresource } = rights[action]
    return {
      action,
      allowed: answers[index] === true,
      right: { verb, group: '', resource: `pods/${subresource}`, namespace },
      refused: refused && { key: refused.key, params: refused.params },
    }
  })
}
