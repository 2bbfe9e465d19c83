import type { ContextView } from '../../../shared/clusters/contract.ts'
import { useText } from '../../design/index.ts'

/**
 * Why a context takes no change now, so that it is read before anybody tries; undefined where it does. `asksName`: the
 * change asks for the name of what is protected itself, and unlocks it so.
 */
export function useRefusal({
  name: context,
  policy,
  unlockedUntil,
}: Pick<ContextView, 'name' | 'policy' | 'unlockedUntil'>): (asksName?: boolean) => string | undefined {
  const text = useText()
  return (asksName = false) => {
    if (policy === 'read-only') return text('live.contextReadOnly', { context })
    if (policy === 'protected' && unlockedUntil === null && !asksName) return text('live.contextProtected', { context })
    return undefined
  }
}
