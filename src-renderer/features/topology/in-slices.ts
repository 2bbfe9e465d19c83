/** Work that says where it may pause: it yields often, and returns what it was for. */
export type Steps<T> = Generator<void, T>

/** Milliseconds of work between two pauses: a frame has sixteen, and the browser needs its part of them. */
const slice = 8

/** All of it at once. */
export function atOnce<T>(work: Steps<T>): T {
  for (;;) {
    const step = work.next()
    if (step.done) return step.value
  }
}

/** A few milliseconds at a time, so that keys and frames come in between. Rejects with the signal's reason when aborted. */
export async function inSlices<T>(work: Steps<T>, signal: AbortSignal): Promise<T> {
  let until = performance.now() + slice
  for (;;) {
    const step = work.next()
    if (step.done) return step.value
    if (performance.now() < until) continue
    await nextTurn()
    signal.throwIfAborted()
    until = performance.now() + slice
  }
}

/** Lets the browser have its turn: by its scheduler where it has one, whose turns are not held back as timeouts are. */
const nextTurn = (): Promise<void> => {
  const { scheduler } = globalThis as { readonly scheduler?: { yield?(): Promise<void> } }
  return scheduler?.yield ? scheduler.yield() : new Promise(resolve => setTimeout(resolve))
}
