import { MessageChannel, type MessagePort } from 'node:worker_threads'
import { channelConformance } from './channel.conformance.ts'
import type { Channel } from './wire.ts'

/** What a core in a worker or a utility process would talk through; here to show that the contract asks for no more. */
function portChannel(port: MessagePort): Channel {
  let closed = false
  port.once('close', () => {
    closed = true
  })
  return {
    send: text => port.postMessage(text),
    onText: listener => port.on('message', text => closed || listener(text as string)),
    onClose: listener => {
      if (closed) queueMicrotask(listener)
      else port.once('close', listener)
    },
    close: () => port.close(),
  }
}

channelConformance('message port', () => {
  const { port1, port2 } = new MessageChannel()
  return { core: portChannel(port1), page: portChannel(port2), dispose: () => port1.close() }
})
