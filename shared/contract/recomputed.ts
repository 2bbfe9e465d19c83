import { liveSource } from './live-source.ts'

/**
 * A live view that is computed anew: a value now, and another after each word of change. Words that arrive while one
 * is computed or not yet taken count once, so a burst of changes costs one computation more.
 */
export async function* recomputed<T>(
  signal: AbortSignal,
  subscribe: (changed: () => void) => () => void,
  compute: () => Promise<T>,
): AsyncGenerator<T> {
  const words = liveSource<'changed'>(
    signal,
    emit => {
      emit('changed')
      return subscribe(() => emit('changed'))
    },
    () => ['changed'],
  )
  for await (const _ of words) yield await compute()
}
