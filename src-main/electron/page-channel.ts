import type { IpcMainEvent, WebContents } from 'electron'
import { ipcMain } from 'electron'
import type { Channel } from '../../shared/contract/wire.ts'
import { isOurPage } from './allowed-navigation.ts'
import { channelName } from './channel-name.ts'

/** Characters of one message from the page; as in the server shell. */
const maximumMessage = 8 * 1024 * 1024

type Line = { readonly id: string; hear(text: string): void; end(): void }

/**
 * Makes a channel of each document a window shows. Text is heard only from the window's own main frame at our own
 * origin; a reload is a new document, which ends the line of the one before.
 */
export function answerWindow(contents: WebContents, answer: (channel: Channel) => void): void {
  let line: Line | null = null
  const end = () => {
    line?.end()
    line = null
  }

  function open(id: string): Line {
    const textListeners: ((text: string) => void)[] = []
    const closeListeners: (() => void)[] = []
    let closed = false
    const finish = () => {
      if (closed) return
      closed = true
      for (const listener of closeListeners) queueMicrotask(listener)
    }
    answer({
      send(text) {
        if (!closed && !contents.isDestroyed()) contents.send(channelName, id, text)
      },
      onText: listener => void textListeners.push(listener),
      onClose(listener) {
        if (closed) queueMicrotask(listener)
        else closeListeners.push(listener)
      },
      close() {
        finish()
        // The page broke the protocol: a fresh document is the only way on.
        if (!contents.isDestroyed() && line?.id === id) contents.reload()
      },
    })
    return {
      id,
      hear(text) {
        if (!closed) for (const listener of textListeners) listener(text)
      },
      end: finish,
    }
  }

  const hear = (event: IpcMainEvent, id: unknown, text: unknown) => {
    if (event.sender !== contents) return
    // Null when the frame has gone meanwhile; another frame or another origin has no business here.
    const frame = event.senderFrame
    if (frame === null || frame !== contents.mainFrame || !isOurPage(frame.url)) return
    if (typeof id !== 'string' || typeof text !== 'string' || id.length > 64 || text.length > maximumMessage) return
    if (line?.id !== id) {
      end()
      line = open(id)
    }
    line.hear(text)
  }
  ipcMain.on(channelName, hear)
  contents.on('render-process-gone', end)
  contents.once('destroyed', () => {
    ipcMain.off(channelName, hear)
    end()
  })
}
