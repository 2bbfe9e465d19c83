/** Facts of objects that speak of another one, found by either. */
export class Aimed<T> {
  readonly #own = new Map<string, { readonly target: string | null; readonly facts: T }>()
  readonly #aimed = new Map<string, Set<string>>()

  /** Gives the targets that this concerns. */
  set(key: string, target: string | null, facts: T): readonly string[] {
    const before = this.delete(key)
    this.#own.set(key, { target, facts })
    if (target === null) return before
    link(this.#aimed, target, key)
    return [...before, target]
  }

  delete(key: string): readonly string[] {
    const target = this.#own.get(key)?.target ?? null
    this.#own.delete(key)
    if (target === null) return []
    unlink(this.#aimed, target, key)
    return [target]
  }

  at(target: string): readonly T[] {
    return [...(this.#aimed.get(target) ?? [])].map(key => this.#own.get(key)!.facts)
  }

  all(): readonly T[] {
    return [...this.#own.values()].map(({ facts }) => facts)
  }
}

export const link = (index: Map<string, Set<string>>, owner: string, key: string): void => {
  const keys = index.get(owner)
  if (keys) keys.add(key)
  else index.set(owner, new Set([key]))
}

export const unlink = (index: Map<string, Set<string>>, owner: string, key: string): void => {
  const keys = index.get(owner)
  keys?.delete(key)
  if (keys?.size === 0) index.delete(owner)
}
