import type { ErrorData } from '../errors.ts'

export type ClientFrame =
  | { readonly type: 'call'; readonly id: number; readonly method: string; readonly input: unknown }
  | { readonly type: 'cancel'; readonly id: number }
export type ServerFrame =
  | { readonly type: 'item'; readonly id: number; readonly value: unknown }
  | { readonly type: 'done'; readonly id: number; readonly value?: unknown }
  | { readonly type: 'failed'; readonly id: number; readonly error: ErrorData }

/** The only thing a transport has to be: ordered text both ways, and word of its end. */
export interface Channel {
  /** Resolves when the other side has room for more, so a slow page slows the source and not the memory. */
  send(text: string): Promise<void> | void
  onText(listener: (text: string) => void): void
  onClose(listener: () => void): void
  close(): void
}
