import type { Edit } from '../../shared/edits/edit.ts'
import { AppError } from '../../shared/errors.ts'
import { asPercent, type WeightPlace, weightEdit, withWeight } from '../../shared/rollouts/plan-weights.ts'
import type { WorkspaceId } from '../../shared/workspaces/contract.ts'
import type { Given } from './command.ts'
import type { LocalCore } from './open-core.ts'
import { splitAt } from './split-at.ts'
import type { Terminal } from './terminal.ts'

const form = '[KIND/]ROUTE:TARGET=N'

/**
 * `--set-weight`: percent for one destination of a route, the others keep their proportions within the rest; or for one
 * step of a Rollout or Canary.
 */
export async function weighEdits(
  core: LocalCore,
  workspace: WorkspaceId,
  environment: string,
  given: Given,
  { signal }: Terminal,
): Promise<readonly Edit[]> {
  const edits: Edit[] = []
  for (const value of given.values('set-weight')) {
    const [left, number] = splitAt(value, '=')
    const [route, target] = splitAt(left, ':')
    const weight = Number(number)
    if (!route || !target || number === undefined || !/^\d+$/.test(number) || weight > 100)
      throw new AppError('invalid-input', 'cli.flagForm', { flag: '--set-weight', form, value })
    const [first, second] = splitAt(route, '/')
    const asked = second === undefined ? { name: first } : { kind: first, name: second }
    const places = await core.api.rollouts.weights({ workspace, environment, ...asked }, { signal })
    edits.push(...editsFor(places, route, target, weight))
  }
  return edits
}

function editsFor(places: readonly WeightPlace[], route: string, target: string, weight: number): readonly Edit[] {
  const [first] = places
  if (!first) throw new AppError('not-found', 'rollout.noWeightsNamed', { route })
  const fitting = places.filter(({ names }) => names.includes(target))
  const controller = places.find(({ instead }) => instead)
  if (fitting.length === 0 && controller?.instead)
    throw new AppError('refused-by-rule', 'rollout.weightsOwned', {
      route,
      owner: `${controller.instead.kind}/${controller.instead.name}`,
      steps: controller.names.join(', '),
      file: controller.file,
      line: controller.line,
    })
  if (fitting.length === 0)
    throw new AppError('not-found', 'rollout.noTarget', {
      route,
      target,
      names: [...new Set(places.flatMap(({ names }) => names))].join(', '),
    })
  return fitting.map(place => {
    const index = place.names.indexOf(target)
    const weights =
      place.kind === 'steps'
        ? place.weights.map((each, at) => (at === index ? weight : each))
        : withWeight(asPercent(place.weights), index, weight)
    return weightEdit(place, weights, [])
  })
}
