import { arrange as arrangeHere } from './arrange.ts'
import type { LayoutAnswer, LayoutRequest } from './layout-worker.ts'
import type { Positions } from './measures.ts'
import { type Structure, structureHash } from './structure.ts'
import { packStructure, unpackPositions } from './structure-message.ts'

export interface Layouts {
  /** Positions of the whole structure. Rejects with the signal's reason when it is aborted; never fails otherwise. */
  arrange(structure: Structure, signal: AbortSignal): Promise<Positions>
  [Symbol.dispose](): void
}
/** The part of a Worker that is needed here. */
export type LayoutWorker = Pick<Worker, 'postMessage' | 'terminate' | 'onmessage' | 'onerror'>

/** A person waits at most this long for a better layout; milliseconds. */
const patience = 15_000
/** Layouts kept: going back and forth in time asks for the same ones again. */
const kept = 24

/**
 * Lays out in a worker, one structure at a time. A layout cannot be interrupted, so a cancelled layout ends its worker
 * and the next one starts another.
 */
export function layoutsInWorker(startWorker: () => LayoutWorker): Layouts {
  const cache = new Map<string, Positions>()
  // At once: it loads while the graph is still on its way.
  let worker: LayoutWorker | null = startWorker()
  let lastId = 0
  const stop = () => {
    worker?.terminate()
    worker = null
  }

  async function arrange(structure: Structure, signal: AbortSignal): Promise<Positions> {
    signal.throwIfAborted()
    const key = structureHash(structure)
    const known = cache.get(key)
    if (known) return known
    // Without its worker a layout is made here: late, and better than none.
    const arranged = (await ask(structure, signal)) ?? arrangeHere(structure, null)
    cache.set(key, arranged)
    for (const oldest of cache.keys()) {
      if (cache.size <= kept) break
      cache.delete(oldest)
    }
    return arranged
  }

  function ask(structure: Structure, signal: AbortSignal): Promise<Positions | null> {
    return new Promise((resolve, reject) => {
      const id = ++lastId
      worker ??= startWorker()
      const finish = (settle: () => void) => {
        clearTimeout(timer)
        signal.removeEventListener('abort', abort)
        settle()
      }
      const giveUp = () => {
        stop()
        finish(() => resolve(null))
      }
      const abort = () => {
        stop()
        finish(() => reject(signal.reason))
      }
      const timer = setTimeout(giveUp, patience)
      signal.addEventListener('abort', abort, { once: true })
      worker.onmessage = ({ data }: MessageEvent<LayoutAnswer>) => {
        if (data.id !== id) return
        finish(() => resolve('positions' in data ? unpackPositions(structure.nodes, data.positions) : null))
      }
      worker.onerror = giveUp
      const packed = packStructure(structure)
      const request: LayoutRequest = { id, structure: packed }
      worker.postMessage(request, [packed.edges.buffer, packed.groupOf.buffer])
    })
  }

  return { arrange, [Symbol.dispose]: stop }
}
