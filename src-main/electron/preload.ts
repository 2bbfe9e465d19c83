import { contextBridge, type IpcRendererEvent, ipcRenderer } from 'electron'
import { channelName } from './channel-name.ts'

/**
 * The whole bridge: text to the core and text from it. One name for this document, so that what was meant for the
 * page before a reload never reaches the one after it.
 */
const line = crypto.randomUUID()

contextBridge.exposeInMainWorld('pilothouse', {
  send(text: unknown): void {
    if (typeof text !== 'string') throw new TypeError('Only text crosses.')
    ipcRenderer.send(channelName, line, text)
  },
  /** Calls back with each text; returns the end of it. */
  onText(listener: (text: string) => void): () => void {
    const hear = (_event: IpcRendererEvent, to: unknown, text: unknown) => {
      if (to === line && typeof text === 'string') listener(text)
    }
    ipcRenderer.on(channelName, hear)
    return () => ipcRenderer.off(channelName, hear)
  },
})
