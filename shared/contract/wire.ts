import type { ErrorData } from '../errors.ts'

/** From the page. `taken` says how many items of a stream the reader has taken, so the core knows how far ahead it is. */
export type ClientFrame =
  | { readonly type: 'call'; readonly id: number; readonly method: string; readonly input: unknown }
  | { readonly type: 'cancel'; readonly id: number }
  | { readonly type: 'taken'; readonly id: number; readonly count: number }
/** To the page. */
export type ServerFrame =
  /** Entries of lists that items of this stream will hold; see `ItemReader`. */
  | { readonly type: 'given'; readonly id: number; readonly entries: readonly unknown[] }
  /** An item as it is; or, where it is `shared`, as `ItemReader` reads it. */
  | {
      readonly type: 'item'
      readonly id: number
      readonly value: unknown
      readonly shared?: boolean
      readonly sweep?: boolean
    }
  | { readonly type: 'done'; readonly id: number; readonly value?: unknown }
  | { readonly type: 'failed'; readonly id: number; readonly error: ErrorData }

/** The only thing a transport has to be: ordered text both ways, and word of its end. */
export interface Channel {
  /** Resolves when the other side has room for more, so a slow page slows the source and not the memory. */
  send(text: string): Promise<void> | void
  onText(listener: (text: string) => void): void
  /** Called once; also for a listener that comes after the end. */
  onClose(listener: () => void): void
  close(): void
}

/**
 * How many items of one stream may be on their way. IPC and sockets hide how much waits on the other side, so the
 * reader says what it took: a slow page then slows the source on every wire, and the source merges what waits.
 */
export const streamWindow = 8

const isRecord = (value: unknown): value is { readonly [key: string]: unknown } =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isId = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) > 0

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // What is no JSON is no frame; the caller closes the channel.
    return undefined
  }
}

/** Reads a frame from the page; null when it is none. The page is not trusted. */
export function readClientFrame(text: string): ClientFrame | null {
  const frame = parse(text)
  if (!isRecord(frame) || !isId(frame['id'])) return null
  const { type, id, method, input, count } = frame
  if (type === 'cancel') return { type, id }
  if (type === 'taken') return isId(count) && count <= streamWindow ? { type, id, count } : null
  return type === 'call' && typeof method === 'string' && method.length <= 200 ? { type, id, method, input } : null
}

/** Reads a frame from the core; null when it is none. */
export function readServerFrame(text: string): ServerFrame | null {
  const frame = parse(text)
  if (!isRecord(frame) || !isId(frame['id'])) return null
  const { type, error, entries } = frame
  if (type === 'given') return Array.isArray(entries) ? (frame as ServerFrame) : null
  if (type === 'item' || type === 'done') return frame as ServerFrame
  return type === 'failed' && isRecord(error) && typeof error['code'] === 'string' && typeof error['key'] === 'string'
    ? (frame as ServerFrame)
    : null
}
