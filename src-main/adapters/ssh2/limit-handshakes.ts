import { setTimeout as sleep } from 'node:timers/promises'

/** Milliseconds by which those that waited start apart: they would otherwise knock together. */
const apart = 50

/**
 * Lets so many handshakes run at once, and so many with one server; the others wait their turn. A server drops new ones
 * at random from its tenth unfinished (`MaxStartups 10:30:100`), and a few hundred at once are a storm to every firewall.
 */
export function limitHandshakes(limits: { readonly all: number; readonly server: number }) {
  let running = 0
  const ofServer = new Map<string, number>()
  const waiting: { readonly server: string; readonly go: () => void }[] = []

  const free = (server: string) => running < limits.all && (ofServer.get(server) ?? 0) < limits.server
  const take = (server: string) => {
    running++
    ofServer.set(server, (ofServer.get(server) ?? 0) + 1)
  }
  const give = (server: string) => {
    running--
    const left = ofServer.get(server)! - 1
    if (left === 0) ofServer.delete(server)
    else ofServer.set(server, left)
    for (let at = 0; at < waiting.length && running < limits.all; ) {
      const next = waiting[at]!
      if (!free(next.server)) at++
      else {
        waiting.splice(at, 1)
        take(next.server)
        next.go()
      }
    }
  }

  return async <T>(server: string, run: () => Promise<T>, signal: AbortSignal): Promise<T> => {
    signal.throwIfAborted()
    let waited = false
    if (free(server)) take(server)
    else {
      waited = true
      const turn = Promise.withResolvers<void>()
      const place = { server, go: turn.resolve }
      const leave = () => {
        const at = waiting.indexOf(place)
        // Not there any more: it is this one's turn already, and it gives it back below.
        if (at >= 0) {
          waiting.splice(at, 1)
          turn.reject(signal.reason)
        }
      }
      signal.addEventListener('abort', leave, { once: true })
      waiting.push(place)
      try {
        await turn.promise
      } finally {
        signal.removeEventListener('abort', leave)
      }
    }
    try {
      if (waited) await sleep(Math.random() * apart, undefined, { signal })
      return await run()
    } finally {
      give(server)
    }
  }
}
