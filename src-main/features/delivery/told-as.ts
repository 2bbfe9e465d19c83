/**
 * The words of something that runs as a stream that ends with it. Of words that nobody has taken yet only the newest
 * is kept: each says the whole.
 */
export async function* toldAs<T>(run: (tell: (item: T) => void) => Promise<T>): AsyncGenerator<T> {
  let waiting: { readonly item: T } | null = null
  let ended: { readonly error?: unknown } | null = null
  let wake = (): void => {}
  run(item => {
    waiting = { item }
    wake()
  }).then(
    item => {
      waiting = { item }
      ended = {}
      wake()
    },
    (error: unknown) => {
      ended = { error }
      wake()
    },
  )
  const take = (): { readonly item: T } | null => {
    const taken = waiting
    waiting = null
    return taken
  }
  const end = (): { readonly error?: unknown } | null => ended
  for (;;) {
    const next = take()
    if (next) yield next.item
    else {
      const over = end()
      if (over && 'error' in over) throw over.error
      if (over) return
      await new Promise<void>(resolve => {
        wake = resolve
      })
    }
  }
}
