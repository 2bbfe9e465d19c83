import type { Handlers } from '../../../shared/contract/define.ts'
import type { AppContract } from '../../../shared/contract/index.ts'
import { AppError } from '../../../shared/errors.ts'
import { usualWindow } from '../../../shared/metrics/window.ts'
import { possibleActions } from '../../../shared/rollouts/actions.ts'
import { weightPlaces } from '../../../shared/rollouts/plan-weights.ts'
import { carryOut } from './carry-out.ts'
import { type CompareNeeds, compareNow } from './compare-now.ts'
import { followOutcomes } from './follow-outcomes.ts'
import { keepAction, keepOutcomes } from './keep-outcomes.ts'
import { declaredIn, type RolloutsNeeds, type Scope, type Seen, watchRollouts } from './watch-rollouts.ts'

export type { RolloutsNeeds } from './watch-rollouts.ts'

/** Progressive deliveries: seen, steered, and what becomes of decisions by them. */
export function rolloutsFeature(
  needs: RolloutsNeeds & CompareNeeds,
): AsyncDisposable & { readonly handlers: Handlers<AppContract>['rollouts'] } {
  const following = followOutcomes(needs)
  following.lookNow()

  /** The first complete answer of a cluster. */
  async function once(scope: Scope, signal: AbortSignal): Promise<Seen> {
    const leaving = new AbortController()
    try {
      for await (const seen of watchRollouts(scope, needs, AbortSignal.any([signal, leaving.signal]))) {
        const { state, problem } = seen.view
        if (state === 'none')
          throw new AppError('not-found', 'rollout.noContext', { environment: scope.environment ?? '' })
        if (state === 'offered')
          throw new AppError('refused-by-rule', 'rollout.notAllowed', { context: seen.ground.context?.name ?? '' })
        if (state === 'failed') throw new AppError('unreachable', problem?.key ?? 'error.unexpected', problem?.params)
        if (state !== 'connecting') return seen
      }
    } finally {
      leaving.abort()
    }
    throw new AppError('cancelled', 'error.cancelled')
  }

  return {
    handlers: {
      async *watch(scope, { signal }) {
        for await (const seen of watchRollouts(scope, needs, signal)) {
          // First: who has seen enough leaves with the view.
          await keepOutcomes(seen, needs.clock)
          yield seen.view
        }
      },
      async act({ rollout: id, action, reason, ...scope }, { signal }) {
        const { ground, view, objects } = await once(scope, signal)
        const rollout = view.rollouts.find(each => each.id === id)
        const object = objects.get(id)
        if (!rollout || !object || !ground.context) throw new AppError('not-found', 'rollout.notFound', { rollout: id })
        const possible = possibleActions(object, needs.clock.now()).find(each => each.action === action)
        if (!possible?.plan)
          throw new AppError('refused-by-rule', possible?.note?.key ?? 'rollout.notUnderWay', possible?.note?.params)
        if (possible.plan.kind === 'weight' || possible.plan.kind === 'strategy')
          throw new AppError('refused-by-rule', 'rollout.inGit')
        const cluster = await needs.clusters.open(ground.context.name)
        await carryOut(possible.plan, cluster, signal)
        if (ground.workspace)
          await keepAction(ground.workspace, ground.environment, ground.context, rollout, action, reason, needs.clock)
      },
      async weights({ workspace: id, environment, name, kind }) {
        const workspace = await needs.workspaces.get(id)
        const { manifests } = await declaredIn(workspace, environment)
        const named = manifests.filter(each => each.name === name && (kind === undefined || each.kind === kind))
        const places = named.flatMap(each => weightPlaces(manifests, each))
        return [...new Map(places.map(place => [JSON.stringify([place.resource, place.at]), place])).values()]
      },
      async *versions({ rollout: id, window = usualWindow, ...scope }, { signal }) {
        const { workspace, environment } = scope
        if (workspace === undefined || environment === undefined) {
          yield { state: 'unknown', problem: null, window, source: null, samples: [] }
          return
        }
        const find = async () => (await once(scope, signal)).view.rollouts.find(each => each.id === id) ?? null
        yield* compareNow(await needs.workspaces.get(workspace), environment, find, window, needs, signal)
      },
    },
    [Symbol.asyncDispose]: () => following[Symbol.asyncDispose](),
  }
}
