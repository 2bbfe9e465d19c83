/** The few globals that Node and the browser both have. Nothing else of either may be used in shared/. */
export {}

declare global {
  interface AbortSignal {
    readonly aborted: boolean
    readonly reason: unknown
    addEventListener(type: 'abort', listener: () => void, options?: { once?: boolean }): void
    removeEventListener(type: 'abort', listener: () => void): void
    throwIfAborted(): void
  }
  interface AbortController {
    readonly signal: AbortSignal
    abort(reason?: unknown): void
  }
  var AbortController: { new (): AbortController }
  function queueMicrotask(task: () => void): void
  interface TextDecoder {
    decode(bytes: Uint8Array): string
  }
  var TextDecoder: { new (label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean }): TextDecoder }
  interface TextEncoder {
    encode(text: string): Uint8Array
    encodeInto(text: string, into: Uint8Array): { readonly written: number }
  }
  var TextEncoder: { new (): TextEncoder }
  /** Base64 of a text whose characters are bytes, and back. */
  function btoa(bytes: string): string
  function atob(text: string): string
}
