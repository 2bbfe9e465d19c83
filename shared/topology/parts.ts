/**
 * What a graph was made of last time, part by part, so that the next one makes again only what changed.
 *
 * Decision: a part (what one workload calls, what one Ingress routes, what one node shows) is a plain function of one
 * object and of what it asks about the others. All that can be asked goes through {@link Parts.watch}, which notes
 * question and answer. A part is used again when its questions, asked again in the same order, are answered the same.
 *
 * Because: what depends on what is found out by running. Extractors stay plain functions, nobody declares what they
 * depend on, and nothing can be forgotten as long as a part sees only its own object and what is watched.
 *
 * Price: questions are kept and asked again, a look-up each. Answers must be the same object (or a list of the same
 * objects) where nothing changed, so whatever answers keeps its objects from one build to the next.
 *
 * Asking may make something that asking again finds (the node of an external host is made when first named): this
 * happens in the same order whether a part is made or used again.
 */
export class Parts {
  readonly #steps = new Map<string, Step>()
  /** Counts builds: what was used in this one or the one before is known, anything older is not. */
  readonly #build: number
  /** How each question is asked; null for a table that is as it was before. */
  readonly #asks = new Map<string, Ask | null>()
  #noted: Question[] | null = null

  /**
   * Parts of one build. Those of the build before are taken over, so that nothing is left there; what that one did not
   * use is forgotten.
   */
  constructor(before?: Parts) {
    this.#build = before ? before.#build + 1 : 1
    if (!before) return
    for (const [name, step] of before.#steps) {
      if (step.kept.size > step.used * 1.5 + 100)
        for (const [key, { usedIn }] of step.kept) if (usedIn !== before.#build) step.kept.delete(key)
      step.used = 0
      this.#steps.set(name, step)
    }
    before.#steps.clear()
  }

  /** A function whose answers parts depend on. The same name asks the same in the next build. */
  watch<Args extends readonly unknown[], Answer>(
    name: string,
    ask: (...args: Args) => Answer,
  ): (...args: Args) => Answer {
    this.#asks.set(name, ask as Ask)
    return (...args) => {
      const noted = this.#noted
      if (!noted) return ask(...args)
      // What the answer itself asks is asked again with it.
      this.#noted = null
      try {
        const answer = ask(...args)
        noted.push({ name, args, answer })
        return answer
      } finally {
        this.#noted = noted
      }
    }
  }

  /** Looking up in a table, watched. Where the whole table is as before, nobody's questions have to be asked again. */
  table<Found>(name: string, table: ReadonlyMap<string, Found>): (key: string) => Found | undefined {
    const step = this.#step('tables')
    const before = step.kept.get(name)
    const known = before?.usedIn === this.#build - 1 ? (before.made as ReadonlyMap<string, Found>) : undefined
    this.#keep(step, name, none, none, table)
    const look = this.watch(name, (key: string) => table.get(key))
    if (known && isSameTable(known, table)) this.#asks.set(name, null)
    return look
  }

  /** What `make` makes of `key`; what it made before where all it asked is answered the same. */
  part<Made>(step: string, key: unknown, make: () => Made): Made {
    const outer = this.#noted
    try {
      this.#noted = null
      const here = this.#step(step)
      const kept = this.#find(here, key)
      if (kept && (kept.usedIn === this.#build || this.#areAnsweredAsBefore(kept.asked))) {
        outer?.push(...kept.asked)
        this.#use(here, kept)
        return kept.made as Made
      }
      const asked: Question[] = []
      this.#noted = asked
      const made = make()
      outer?.push(...asked)
      this.#keep(here, key, asked, none, made)
      return made
    } finally {
      this.#noted = outer
    }
  }

  /**
   * What `make` makes of these inputs; what it made of them before where they are the same objects. It is given what was
   * made for this key before.
   */
  of<Made>(step: string, key: unknown, inputs: readonly unknown[], make: (before: Made | undefined) => Made): Made {
    const here = this.#step(step)
    const kept = this.#find(here, key)
    if (kept && isSameList(kept.inputs, inputs)) {
      this.#use(here, kept)
      return kept.made as Made
    }
    const made = make(kept?.made as Made | undefined)
    this.#keep(here, key, none, inputs, made)
    return made
  }

  /** The list as it was before, where it holds the same objects. */
  list<Item>(step: string, key: unknown, items: readonly Item[]): readonly Item[] {
    return this.of(step, key, items, () => items)
  }

  #step(name: string): Step {
    let step = this.#steps.get(name)
    if (!step) {
      step = { kept: new Map(), used: 0 }
      this.#steps.set(name, step)
    }
    return step
  }

  #find({ kept }: Step, key: unknown): Kept | undefined {
    const found = kept.get(key)
    return found && found.usedIn >= this.#build - 1 ? found : undefined
  }

  #use(step: Step, kept: Kept): void {
    if (kept.usedIn === this.#build) return
    kept.usedIn = this.#build
    step.used += 1
  }

  #keep(step: Step, key: unknown, asked: Kept['asked'], inputs: Kept['inputs'], made: unknown): void {
    step.kept.set(key, { asked, inputs, made, usedIn: this.#build })
    step.used += 1
  }

  #areAnsweredAsBefore(asked: readonly Question[]): boolean {
    for (const { name, args, answer } of asked) {
      const ask = this.#asks.get(name)
      if (ask === null) continue
      const now = ask?.(...(args as never[]))
      if (now === answer) continue
      if (!Array.isArray(now) || !Array.isArray(answer) || !isSameList(now, answer)) return false
    }
    return true
  }
}

/** What one step of a build made, by what it made it of, and how much of it this build has used. */
type Step = { readonly kept: Map<unknown, Kept>; used: number }
type Ask = (...args: never[]) => unknown
type Question = { readonly name: string; readonly args: readonly unknown[]; readonly answer: unknown }
type Kept = {
  readonly asked: readonly Question[]
  readonly inputs: readonly unknown[]
  readonly made: unknown
  /** The last build that used it. */
  usedIn: number
}

const none: readonly never[] = []

function isSameList(a: readonly unknown[], b: readonly unknown[]): boolean {
  if (a === b) return true
  if (a.length !== b.length) return false
  for (let index = 0; index < a.length; index++) if (a[index] !== b[index]) return false
  return true
}

/** Whether both say the same of the same keys, in the same order. */
function isSameTable(a: ReadonlyMap<string, unknown>, b: ReadonlyMap<string, unknown>): boolean {
  if (a.size !== b.size) return false
  const others = b.entries()
  for (const [key, found] of a) {
    const [otherKey, other] = others.next().value!
    if (key !== otherKey) return false
    if (found === other) continue
    if (!Array.isArray(found) || !Array.isArray(other) || !isSameList(found, other)) return false
  }
  return true
}

/** Equality of plain data. */
export function isSameData(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a))
    return Array.isArray(b) && a.length === b.length && a.every((item, index) => isSameData(item, b[index]))
  const [keys, others] = [Object.keys(a), Object.keys(b)]
  // The order of members is part of what is printed.
  return (
    keys.length === others.length &&
    keys.every((key, index) => key === others[index] && isSameData(a[key as keyof typeof a], b[key as keyof typeof b]))
  )
}
