import type { Right } from '../../../shared/clusters/contract.ts'
import { AppError } from '../../../shared/errors.ts'
import type { Message } from '../../../shared/messages/index.ts'
import type { Cluster } from '../../needs/cluster.ts'

/** Milliseconds that access reviews may take before an action is offered without them. */
const patience = 5000

/**
 * Of the rights an action takes, those this person has not, each once. A server that cannot be asked now, or does not
 * answer in time, is taken to allow: what it refuses it refuses by itself, and names the right.
 */
export async function lackedRights(
  cluster: Cluster,
  wanted: readonly Right[],
  signal: AbortSignal,
): Promise<readonly Right[]> {
  const rights = [...new Map(wanted.map(right => [JSON.stringify(right), right])).values()]
  if (rights.length === 0) return []
  const questions = rights.map(({ verb, group, resource, namespace }) => {
    const [plain = '', subresource] = resource.split('/')
    return {
      ...{ verb, group, resource: plain },
      ...(subresource !== undefined && { subresource }),
      ...(namespace !== null && { namespace }),
    }
  })
  try {
    const answers = await cluster.mayI(questions, AbortSignal.any([signal, AbortSignal.timeout(patience)]))
    return rights.filter((_, at) => answers[at] === false)
  } catch (error) {
    if (signal.aborted || !(error instanceof AppError)) throw error
    return []
  }
}

/** A right that is missing in the words in which the server would refuse. */
export function refusalFor({ verb, group, resource, namespace }: Right, context: string): Message {
  const params = { context, verb, resource: group === '' ? resource : `${resource}.${group}` }
  return namespace === null
    ? { key: 'cluster.forbiddenEverywhere', params }
    : { key: 'cluster.forbidden', params: { ...params, namespace } }
}
