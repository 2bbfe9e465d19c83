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
  readonly #before: Steps
  readonly #now: Steps = new Map()
  readonly #asks = new Map<string, Ask>()
  #noted: Question[] | null = null

  /** Parts of one build. Those of the build before are used again; what that one did not use is forgotten. */
  constructor(before?: Parts) {
    this.#before = before ? before.#now : new Map()
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

  /** What `make` makes of `key`; what it made before where all it asked is answered the same. */
  part<Made>(step: string, key: unknown, make: () => Made): Made {
    const outer = this.#noted
    try {
      this.#noted = null
      const known = this.#now.get(step)?.get(key)
      const before = known ?? this.#before.get(step)?.get(key)
      if (before && (known || before.asked.every(question => this.#isAnsweredAsBefore(question)))) {
        outer?.push(...before.asked)
        return this.#keep(step, key, before) as Made
      }
      const asked: Question[] = []
      this.#noted = asked
      const made = make()
      outer?.push(...asked)
      this.#keep(step, key, { asked, inputs: none, made })
      return made
    } finally {
      this.#noted = outer
    }
  }

  /** What `make` makes of these inputs; what it made of them before where they are the same objects. */
  of<Made>(step: string, key: unknown, inputs: readonly unknown[], make: () => Made): Made {
    const before = this.#now.get(step)?.get(key) ?? this.#before.get(step)?.get(key)
    if (before && isSameList(before.inputs, inputs)) return this.#keep(step, key, before) as Made
    return this.#keep(step, key, { asked: none, inputs, made: make() }) as Made
  }

  /** The list as it was before, where it holds the same objects. */
  list<Item>(step: string, key: unknown, items: readonly Item[]): readonly Item[] {
    return this.of(step, key, items, () => items)
  }

  /** What was made before for this key where it says the same: whoever uses it need not look again. */
  value<Data>(step: string, key: unknown, made: Data): Data {
    const before = this.#before.get(step)?.get(key)
    const kept = before && isSameData(before.made, made) ? before : { asked: none, inputs: none, made }
    return this.#keep(step, key, kept) as Data
  }

  #keep(step: string, key: unknown, kept: Kept): unknown {
    let ofStep = this.#now.get(step)
    if (!ofStep) {
      ofStep = new Map()
      this.#now.set(step, ofStep)
    }
    ofStep.set(key, kept)
    return kept.made
  }

  #isAnsweredAsBefore({ name, args, answer }: Question): boolean {
    const now = this.#asks.get(name)?.(...(args as never[]))
    return now === answer || (Array.isArray(now) && Array.isArray(answer) && isSameList(now, answer))
  }
}

type Steps = Map<string, Map<unknown, Kept>>
type Ask = (...args: never[]) => unknown
type Question = { readonly name: string; readonly args: readonly unknown[]; readonly answer: unknown }
type Kept = { readonly asked: readonly Question[]; readonly inputs: readonly unknown[]; readonly made: unknown }

const none: readonly never[] = []

const isSameList = (a: readonly unknown[], b: readonly unknown[]): boolean =>
  a === b || (a.length === b.length && a.every((item, index) => item === b[index]))

/** Equality of plain data. */
function isSameData(a: unknown, b: unknown): boolean {
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
