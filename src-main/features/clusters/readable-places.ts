import type { Right } from '../../../shared/clusters/contract.ts'
import { AppError, isCancelled } from '../../../shared/errors.ts'
import { textAt } from '../../../shared/manifests/manifest.ts'
import type { Cluster, ObjectKind } from '../../needs/cluster.ts'

/** Where a kind is looked at: `undefined` is everywhere at once. `limited`: the right that would show the rest. */
export type Places = { readonly places: readonly (string | undefined)[]; readonly limited: Right | null }

/** Namespaces that are tried one by one at most; each is a question of its own for every kind. */
const most = 60

/**
 * Namespaces to try where not all may be looked at together: those that are known to matter, the context's own, and
 * what the server names, asked once and only when somebody wants to know.
 */
export function namespacesToTry(
  cluster: Cluster,
  known: readonly string[],
  signal: AbortSignal,
): () => Promise<readonly string[]> {
  const find = async (): Promise<readonly string[]> => {
    const own = cluster.context.namespace
    const listed = await cluster.list({ kind: { group: '', kind: 'Namespace' } }, signal).catch((error: unknown) => {
      // Many a person may look into namespaces and not at their list.
      if (error instanceof AppError && !isCancelled(error)) return []
      throw error
    })
    const names = listed.flatMap(object => textAt(object, 'metadata', 'name') ?? [])
    return [...new Set([...known, ...(own === null ? [] : [own]), ...names])].slice(0, most)
  }
  let found: Promise<readonly string[]> | null = null
  return () => {
    found ??= find()
    return found
  }
}

/** Everywhere where that is allowed, else each namespace that is; where none is, the refusal names the right. */
export async function readablePlaces(
  cluster: Cluster,
  { group, resource, namespaced }: ObjectKind,
  namespaces: () => Promise<readonly string[]>,
  signal: AbortSignal,
): Promise<Places> {
  const right = { verb: 'list', group, resource }
  const everywhere: Places = { places: [undefined], limited: null }
  try {
    const [all] = await cluster.mayI([right], signal)
    if (all || !namespaced) return everywhere
    const names = await namespaces()
    const answers = await cluster.mayI(
      names.map(namespace => ({ ...right, namespace })),
      signal,
    )
    const places = names.filter((_, at) => answers[at])
    return places.length === 0 ? everywhere : { places, limited: { ...right, namespace: null } }
  } catch (error) {
    // A server that does not say who may do what says it when it is asked for the things themselves.
    if (error instanceof AppError && !isCancelled(error)) return everywhere
    throw error
  }
}
