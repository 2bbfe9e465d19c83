import type { Question } from '../../../shared/host/contract.ts'
import type { Answer, Asking, Prompter } from '../../needs/prompter.ts'

type Waiting = { readonly question: Question; settle(answer: Answer | null): void }

/** Questions go to every window (or terminal) that listens; the first answer counts. */
export interface Questions extends Prompter {
  open(): readonly Question[]
  answer(id: string, answer: Answer | null): void
  /** Somebody who can be asked. The last one to leave declines what is still open. */
  listen(listener: () => void): () => void
}

export function createQuestions(): Questions {
  const waiting = new Map<string, Waiting>()
  const listeners = new Set<() => void>()
  let lastId = 0
  const tell = (): void => {
    for (const listener of listeners) listener()
  }
  return {
    open: () => [...waiting.values()].map(({ question }) => question),
    answer(id, answer) {
      waiting.get(id)?.settle(answer)
    },
    listen(listener) {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
        if (listeners.size === 0) for (const entry of waiting.values()) entry.settle(null)
      }
    },
    ask(asking: Asking, signal?: AbortSignal) {
      // Nobody is there: better a clear refusal than a wait without end.
      if (listeners.size === 0 || signal?.aborted) return Promise.resolve(null)
      const id = String(++lastId)
      return new Promise<Answer | null>(resolve => {
        const settle = (answer: Answer | null): void => {
          if (!waiting.delete(id)) return
          signal?.removeEventListener('abort', cancel)
          resolve(answer)
          tell()
        }
        const cancel = (): void => settle(null)
        signal?.addEventListener('abort', cancel)
        waiting.set(id, { question: { id, ...asking }, settle })
        tell()
      })
    },
  }
}
