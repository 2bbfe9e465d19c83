/// <reference types="vite/client" />
import { createRoot } from 'react-dom/client'
import { createStore } from 'zustand/vanilla'
import type { Locale } from '../../shared/messages/index.ts'
import { App } from '../../src-renderer/app/app.tsx'
import type { Connection, Line } from '../../src-renderer/connection/connection.ts'
import { fakeApi, type Scene, scenes } from './fake-api.ts'
import '../../src-renderer/design/base.css'

/** `?scene=…&theme=dark&locale=zh&line=lost`; the place in the window is in the hash, as in the real page. */
const asked = new URLSearchParams(window.location.search)
const scene = scenes.find(known => known === asked.get('scene')) ?? ('open' satisfies Scene)
const lineState = asked.get('line') as Line['state'] | null
const line = createStore<Line>(() => ({
  state: lineState ?? 'open',
  since: Date.now() - 4000,
  attempts: lineState ? 3 : 0,
}))
const connection: Connection = {
  api: fakeApi({
    scene,
    theme: asked.get('theme') === 'dark' ? 'dark' : asked.get('theme') === 'light' ? 'light' : 'system',
    locale: (asked.get('locale') as Locale | null) ?? 'en',
  }),
  line,
  retry: () => line.setState({ state: 'connecting' }),
  close: () => {},
}
if (lineState) window.addEventListener('mend', () => line.setState({ state: 'open', attempts: 0 }))

createRoot(document.getElementById('root')!).render(<App connection={connection} />)
