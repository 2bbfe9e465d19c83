import type { Question } from '../../shared/host/contract.ts'

type WithoutId<T> = T extends unknown ? Omit<T, 'id'> : never
export type Asking = WithoutId<Question>
export type Answer = { readonly username?: string; readonly secret: string | null; readonly remember: boolean }

/** Asks a person. Null: nobody can be asked here, or they declined. The secret must never be logged. */
export interface Prompter {
  ask(question: Asking, signal?: AbortSignal): Promise<Answer | null>
}
