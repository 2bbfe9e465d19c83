import { useEffect, useMemo } from 'react'
import { useStore } from 'zustand'
import { type LiveState, type LiveView, openLiveView, type StreamMethod } from './live-view.ts'

export type Live<T> = LiveState<T> & { retry(): void }

type AnyStream = StreamMethod<never, unknown>
const views = new WeakMap<AnyStream, Map<string, LiveView<unknown>>>()

function viewOf<I, T>(stream: StreamMethod<I, T>, input: I): LiveView<T> {
  const key = JSON.stringify(input)
  const ofStream = views.get(stream) ?? new Map<string, LiveView<unknown>>()
  views.set(stream, ofStream)
  const known = ofStream.get(key)
  if (known) return known as LiveView<T>
  const view = openLiveView(stream, input, () => {
    if (ofStream.get(key) === view) ofStream.delete(key)
  })
  ofStream.set(key, view)
  return view
}

const nothing: LiveState<never> = { status: 'connecting', value: null, since: null, error: null }
const skipped = openLiveView<null, never>(
  () => ({
    async *[Symbol.asyncIterator]() {},
  }),
  null,
  () => {},
)

/**
 * What the core says, kept up to date: `useLive(api.draft.view, { workspace })`. Components that ask the same share one
 * subscription. On a lost line the value stays and the status says `stale`. With `skip` nothing is asked.
 */
export function useLive<I, T>(
  stream: StreamMethod<I, T>,
  input: I,
  options: { readonly skip?: boolean } = {},
): Live<T> {
  const key = JSON.stringify(input)
  const skip = options.skip === true
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` is `input` by value; callers write the object in place
  const view = useMemo<LiveView<T>>(() => (skip ? skipped : viewOf(stream, input)), [stream, key, skip])
  useEffect(() => (skip ? undefined : view.use()), [view, skip])
  const state = useStore(view.store)
  return useMemo(() => ({ ...(skip ? nothing : state), retry: view.retry }), [state, view, skip])
}
