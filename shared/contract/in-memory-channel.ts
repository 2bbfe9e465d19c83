import type { Channel } from './wire.ts'

/** One direction of the line; text that comes before anybody listens waits. */
function direction() {
  const listeners: ((text: string) => void)[] = []
  const early: string[] = []
  return {
    deliver(text: string): void {
      if (listeners.length === 0) early.push(text)
      for (const listener of listeners) listener(text)
    },
    listen(listener: (text: string) => void): void {
      listeners.push(listener)
      for (const text of early.splice(0)) listener(text)
    },
  }
}

/**
 * Two ends of a line inside one process: what one sends the other hears, in order, and never before `send` has
 * returned, as on a real wire.
 */
export function inMemoryChannel(): [Channel, Channel] {
  const closeListeners: (() => void)[] = []
  let closed = false

  const end = (outgoing: ReturnType<typeof direction>, incoming: ReturnType<typeof direction>): Channel => ({
    send(text) {
      if (!closed) queueMicrotask(() => closed || outgoing.deliver(text))
    },
    onText: incoming.listen,
    onClose(listener) {
      if (closed) queueMicrotask(listener)
      else closeListeners.push(listener)
    },
    close() {
      if (closed) return
      closed = true
      queueMicrotask(() => {
        for (const listener of closeListeners) listener()
      })
    },
  })

  const there = direction()
  const back = direction()
  return [end(there, back), end(back, there)]
}
