import type { LayoutWorker } from './layout-in-worker.ts'

const start = (): Worker => new Worker(new URL('./layout-worker.ts', import.meta.url), { type: 'module' })

let ahead: Worker | null = null

/** With the page itself: a worker takes longer to come up than the core takes to say what the graph is. */
export function startLayoutWorkerAhead(): void {
  ahead ??= start()
}

/** The one that was started ahead, once; another after it. */
export function takeLayoutWorker(): LayoutWorker {
  const taken = ahead ?? start()
  ahead = null
  return taken
}
