import { FitAddon } from '@xterm/addon-fit'
import { Terminal } from '@xterm/xterm'
import '@xterm/xterm/css/xterm.css'
import type { Api } from '../../../shared/contract/index.ts'
import { type AppError, isCancelled } from '../../../shared/errors.ts'
import { toAppError } from '../../connection/index.ts'

export type TerminalTarget = {
  readonly context: string
  readonly namespace: string
  readonly pod: string
  readonly container?: string
}
export type TerminalState =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'open' }
  | { readonly kind: 'ended'; readonly code: number | null }
  | { readonly kind: 'failed'; readonly error: AppError }

/** The first shell that there is, bash before sh. */
const shell = ['sh', '-c', 'command -v bash >/dev/null 2>&1 && exec bash || exec sh']

const encode = (text: string): string => btoa(String.fromCharCode(...new TextEncoder().encode(text)))
const decode = (data: string): Uint8Array => Uint8Array.from(atob(data), each => each.charCodeAt(0))

/**
 * A shell in a container, drawn into an element. What the container writes may be hostile: it sets no clipboard (OSC
 * 52), makes no link (OSC 8), and no title; nothing it writes leaves the terminal.
 */
export function openTerminal(
  element: HTMLElement,
  api: Api,
  target: TerminalTarget,
  label: string,
  onState: (state: TerminalState) => void,
  onLeave: () => void,
): { focus(): void; [Symbol.dispose](): void } {
  const colour = (name: string) => toHex(getComputedStyle(element).getPropertyValue(name).trim())
  const theme = () => ({
    background: colour('--sunken'),
    foreground: colour('--text'),
    cursor: colour('--accent-text'),
    cursorAccent: colour('--sunken'),
    selectionBackground: colour('--border-strong'),
  })
  const terminal = new Terminal({
    fontFamily: getComputedStyle(element).getPropertyValue('--mono').trim(),
    fontSize: 13,
    lineHeight: 1.2,
    cursorBlink: false,
    scrollback: 5000,
    screenReaderMode: true,
    // A click does nothing, whatever the text says.
    linkHandler: { activate: () => {} },
    theme: theme(),
  })
  for (const code of [0, 1, 2, 7, 8, 9, 52, 777, 1337]) terminal.parser.registerOscHandler(code, () => true)
  // Every key is the container's, but the one that leads out again.
  terminal.attachCustomKeyEventHandler(event => {
    if (event.key !== 'Escape' || !event.shiftKey) return true
    if (event.type === 'keydown') onLeave()
    return false
  })
  const keep = (event: KeyboardEvent) => event.stopPropagation()
  element.addEventListener('keydown', keep)
  const fit = new FitAddon()
  terminal.loadAddon(fit)
  terminal.open(element)
  terminal.textarea?.setAttribute('aria-label', label)
  fit.fit()

  const abort = new AbortController()
  let session: string | null = null
  /** What is typed goes in order, one piece after the other. */
  let typing: Promise<unknown> = Promise.resolve()
  const send = (data: string) => {
    const to = session
    if (to === null) return
    typing = typing.then(() => api.clusters.type({ session: to, data: encode(data) })).catch(fail)
  }
  const fail = (thrown: unknown) => {
    if (!abort.signal.aborted && !isCancelled(thrown)) onState({ kind: 'failed', error: toAppError(thrown) })
  }
  terminal.onData(send)
  terminal.onResize(({ cols, rows }) => {
    if (session !== null) api.clusters.resize({ session, columns: cols, rows }).catch(fail)
  })
  const observer = new ResizeObserver(() => {
    if (element.clientHeight > 0) fit.fit()
  })
  observer.observe(element)
  const themes = new MutationObserver(() => {
    terminal.options.theme = theme()
  })
  themes.observe(document.documentElement, { attributeFilter: ['data-theme'] })

  async function run(): Promise<void> {
    onState({ kind: 'connecting' })
    const input = { ...target, command: shell, columns: terminal.cols, rows: terminal.rows }
    try {
      for await (const item of api.clusters.terminal(input, { signal: abort.signal })) {
        if (item.kind === 'opened') {
          session = item.session
          onState({ kind: 'open' })
          terminal.focus()
        } else if (item.kind === 'output') {
          // A flood waits for the screen, and the stream for it.
          await new Promise<void>(resolve => terminal.write(decode(item.data), resolve))
        } else onState({ kind: 'ended', code: item.code })
      }
    } catch (thrown) {
      fail(thrown)
    } finally {
      session = null
    }
  }
  void run()
  return {
    focus: () => terminal.focus(),
    [Symbol.dispose]() {
      abort.abort()
      observer.disconnect()
      themes.disconnect()
      element.removeEventListener('keydown', keep)
      terminal.dispose()
    },
  }
}

/** xterm reads no OKLCH: the browser says what colour it is. */
function toHex(value: string): string {
  const canvas = document.createElement('canvas')
  canvas.width = 1
  canvas.height = 1
  const context = canvas.getContext('2d')
  if (!context) return '#808080'
  context.fillStyle = value
  context.fillRect(0, 0, 1, 1)
  const [red = 0, green = 0, blue = 0] = context.getImageData(0, 0, 1, 1).data
  return `#${[red, green, blue].map(part => part.toString(16).padStart(2, '0')).join('')}`
}
