import { lazy, Suspense } from 'react'

const LoadedMarkdown = lazy(async () => ({ default: (await import('./markdown.tsx')).LoadedMarkdown }))

/** Markdown somebody wrote, made safe. Until its code is there the text itself is shown: it reads well enough. */
export function Markdown({ text }: { text: string }) {
  return (
    <Suspense fallback={<div style={{ whiteSpace: 'pre-wrap' }}>{text}</div>}>
      <LoadedMarkdown text={text} />
    </Suspense>
  )
}
