import type { Policy } from '../../../shared/clusters/contract.ts'
import type { LiveObject } from '../../../shared/health/health.ts'
import { type PossibleAction, possibleActions, type Right } from '../../../shared/rollouts/actions.ts'
import type { MissingRight, OfferedAction } from '../../../shared/rollouts/contract.ts'
import type { AccessQuestion, Cluster } from '../../needs/cluster.ts'

const named = ({ verb, group, resource, subresource, namespace }: Right): MissingRight => ({
  verb,
  resource: `${resource}${subresource === undefined ? '' : `/${subresource}`}${group === '' ? '' : `.${group}`}`,
  namespace,
})

/** Asked of a namespace and not of each object: one question serves all that are listed. */
const questionOf = ({ name: _, ...right }: Right): AccessQuestion => right
const keyOf = (right: Right): string => JSON.stringify(questionOf(right))

/**
 * What this person may do to each object now: possible by its state, let through by the context, and allowed by RBAC.
 * A right that is missing is named; nothing is hidden.
 */
export async function offerActions(
  objects: readonly LiveObject[],
  cluster: Pick<Cluster, 'mayI'>,
  policy: Policy,
  now: number,
  signal: AbortSignal,
): Promise<ReadonlyMap<LiveObject, readonly OfferedAction[]>> {
  const possible = new Map(objects.map(object => [object, possibleActions(object, now)] as const))
  const rights = new Map<string, Right>()
  for (const actions of possible.values())
    for (const { plan, rights: needed } of actions)
      if (plan) for (const right of needed) rights.set(keyOf(right), right)
  const questions = [...rights.values()]
  const answers = questions.length === 0 ? [] : await cluster.mayI(questions.map(questionOf), signal)
  const refused = new Set(questions.filter((_, index) => answers[index] === false).map(keyOf))
  return new Map(
    [...possible].map(
      ([object, actions]) => [object, actions.map(action => offered(action, refused, policy))] as const,
    ),
  )
}

/** What would be possible, of a cluster that does not answer: changes in Git alone. */
export const withoutAnswer = (
  objects: readonly LiveObject[],
  now: number,
): ReadonlyMap<LiveObject, readonly OfferedAction[]> =>
  new Map(
    objects.map(object => [
      object,
      possibleActions(object, now).map(action => {
        const told = offered(action, new Set(), 'open')
        return told.where === 'cluster' ? { ...told, where: null, note: { key: 'rollout.notWhileStale' } } : told
      }),
    ]),
  )

function offered(
  { action, plan, note, rights }: PossibleAction,
  refused: ReadonlySet<string>,
  policy: Policy,
): OfferedAction {
  if (plan?.kind === 'weight' || plan?.kind === 'strategy')
    return { action, where: 'git', weight: plan.kind === 'weight' ? plan.weight : null, note, missing: [] }
  const missing = plan ? rights.filter(right => refused.has(keyOf(right))).map(named) : []
  if (plan && policy === 'read-only')
    return { action, where: null, weight: null, note: { key: 'rollout.contextReadOnly' }, missing: [] }
  return { action, where: plan === null || missing.length > 0 ? null : 'cluster', weight: null, note, missing }
}
