import type { WebSocket } from 'ws'
import type { Channel } from '../../shared/contract/wire.ts'

/** Bytes that may wait in the socket before a sender is asked to. */
const roomy = 1_000_000

/** One page's line over its WebSocket. */
export function socketChannel(socket: WebSocket): Channel {
  let closed = false
  socket.once('close', () => {
    closed = true
  })
  // Every error is followed by `close`, which is what everybody listens for.
  socket.on('error', () => socket.terminate())
  return {
    send(text) {
      if (socket.readyState !== socket.OPEN) return
      if (socket.bufferedAmount < roomy) return socket.send(text)
      // Resolves with an error too: the line has then ended, and its close says so.
      return new Promise(resolve => socket.send(text, () => resolve()))
    },
    onText(listener) {
      socket.on('message', (data, isBinary) => {
        if (isBinary) socket.close(1003)
        else if (!closed) listener(data.toString())
      })
    },
    onClose(listener) {
      if (closed) queueMicrotask(listener)
      else socket.once('close', listener)
    },
    close() {
      if (socket.readyState !== socket.OPEN) return
      socket.close(1000)
      // A page that does not answer the closing handshake is cut off.
      setTimeout(() => socket.terminate(), 2000).unref()
    },
  }
}
