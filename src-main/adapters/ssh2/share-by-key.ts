/** Something that was opened, may end by itself, and is closed when nobody needs it. */
export type Held<T> = {
  readonly value: T
  /** Resolves once it has ended, for whatever reason. */
  readonly ended: Promise<unknown>
  readonly close: () => PromiseLike<void>
}

export type Lease<T> = AsyncDisposable & { readonly value: T }

type Entry<T> = {
  readonly opening: Promise<Held<T>>
  readonly abort: AbortController
  users: number
  idle?: NodeJS.Timeout
  opened: boolean
}

/**
 * Lets all who ask for the same key share one thing. It is opened for the first and closed `idle` milliseconds after the
 * last has gone; an opening that nobody waits for any more is given up. What has ended is opened anew for the next.
 */
export class ShareByKey<T> implements AsyncDisposable {
  readonly #idle: number
  readonly #entries = new Map<string, Entry<T>>()
  #over = false

  constructor(idle: number) {
    this.#idle = idle
  }

  async lease(key: string, open: (signal: AbortSignal) => Promise<Held<T>>, signal: AbortSignal): Promise<Lease<T>> {
    signal.throwIfAborted()
    if (this.#over) throw new Error('Nothing is shared any more')
    const entry = this.#entries.get(key) ?? this.#begin(key, open)
    entry.users++
    clearTimeout(entry.idle)
    const left = Promise.withResolvers<never>()
    const leave = () => left.reject(signal.reason)
    signal.addEventListener('abort', leave, { once: true })
    try {
      const { value } = await Promise.race([entry.opening, left.promise])
      let given = true
      return {
        value,
        [Symbol.asyncDispose]: async () => {
          if (given) this.#leave(key, entry)
          given = false
        },
      }
    } catch (error) {
      this.#leave(key, entry)
      throw error
    } finally {
      signal.removeEventListener('abort', leave)
    }
  }

  #begin(key: string, open: (signal: AbortSignal) => Promise<Held<T>>): Entry<T> {
    const abort = new AbortController()
    const entry: Entry<T> = { opening: open(abort.signal), abort, users: 0, opened: false }
    this.#entries.set(key, entry)
    const forget = () => {
      if (this.#entries.get(key) === entry) this.#entries.delete(key)
    }
    entry.opening.then(held => {
      entry.opened = true
      void held.ended.then(forget)
    }, forget)
    return entry
  }

  #leave(key: string, entry: Entry<T>): void {
    if (--entry.users > 0) return
    if (!entry.opened) {
      this.#end(key, entry)
      return
    }
    entry.idle = setTimeout(() => this.#end(key, entry), this.#idle)
    // To wait for the next user is no reason to stay.
    entry.idle.unref()
  }

  #end(key: string, entry: Entry<T>): void {
    if (this.#entries.get(key) === entry) this.#entries.delete(key)
    entry.abort.abort()
    void entry.opening.then(
      held => held.close(),
      () => {},
    )
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#over = true
    const all = [...this.#entries.values()]
    this.#entries.clear()
    await Promise.all(
      all.map(async entry => {
        clearTimeout(entry.idle)
        entry.abort.abort()
        const held = await entry.opening.catch(() => null)
        await held?.close()
      }),
    )
  }
}
