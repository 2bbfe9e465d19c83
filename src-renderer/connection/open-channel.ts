import type { Channel } from '../../shared/contract/wire.ts'
import { AppError } from '../../shared/errors.ts'

/** What the desktop shell's preload script puts on the window: text in, text out, nothing else. */
export interface PreloadBridge {
  send(text: string): void
  onText(listener: (text: string) => void): void
}

declare global {
  interface Window {
    readonly pilothouse?: PreloadBridge
  }
}

/**
 * Opens one line to the core. This is the only place that knows there is more than one shell.
 * Rejects `unauthorized` when the core answers but does not know this page, `unreachable` when nobody answers.
 */
export const openChannel = (): Promise<Channel> =>
  window.pilothouse ? Promise.resolve(bridgeChannel(window.pilothouse)) : openSocket('/channel')

function bridgeChannel(bridge: PreloadBridge): Channel {
  return {
    send: text => bridge.send(text),
    onText: listener => bridge.onText(listener),
    // The window and the core end together, so this line has no end of its own.
    onClose: () => {},
    close: () => {},
  }
}

function openSocket(path: string): Promise<Channel> {
  const address = new URL(path, window.location.href)
  address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:'
  const socket = new WebSocket(address)
  return new Promise((resolve, reject) => {
    let closed: (() => void)[] = []
    let isOpen = false
    socket.addEventListener('open', () => {
      isOpen = true
      resolve({
        send: text => socket.send(text),
        onText: listener => socket.addEventListener('message', event => listener(String(event.data))),
        onClose: listener => {
          if (socket.readyState === WebSocket.CLOSED) listener()
          else closed.push(listener)
        },
        close: () => socket.close(),
      })
    })
    socket.addEventListener('close', () => {
      const listeners = closed
      closed = []
      for (const listener of listeners) listener()
      if (!isOpen) void whyRefused().then(reject)
    })
  })
}

/** A browser does not say why an upgrade failed; a plain request to the same origin does. */
async function whyRefused(): Promise<AppError> {
  try {
    const answer = await fetch('/', { method: 'HEAD', cache: 'no-store', redirect: 'manual' })
    if (answer.status === 401 || answer.status === 403) return new AppError('unauthorized', 'app.lineRefused')
    return new AppError('unreachable', 'app.lineUnreachable')
  } catch (cause) {
    return new AppError('unreachable', 'app.lineUnreachable', {}, { cause })
  }
}
