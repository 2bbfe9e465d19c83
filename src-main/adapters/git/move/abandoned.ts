import { isAlive, type Owner } from '../locks/owner.ts'

/** Steps of this process that failed half way: recovery may finish them although we live. */
export const abandonedTokens = new Set<string>()

export const isAbandoned = (owner: Owner): boolean => abandonedTokens.has(owner.token) || !isAlive(owner)
