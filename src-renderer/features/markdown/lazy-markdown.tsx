import { lazy, Suspense } from 'react'

const load = () => import('./markdown.tsx')
const LoadedMarkdown = lazy(async () => ({ default: (await load()).LoadedMarkdown }))
// Ahead of the first record that is opened, so that it does not turn from text to Markdown under someone's eyes.
requestIdleCallback(() => void load(), { timeout: 2000 })

/** Markdown somebody wrote, made safe. Until its code is there the text itself is shown: it reads well enough. */
export function Markdown({ text }: { text: string }) {
  return (
    <Suspense fallback={<div style={{ whiteSpace: 'pre-wrap' }}>{text}</div>}>
      <LoadedMarkdown text={text} />
    </Suspense>
  )
}
