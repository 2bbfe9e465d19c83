import DOMPurify from 'dompurify'
import { type MouseEvent, useEffect, useRef } from 'react'
import { markdownToHtml } from '../../../shared/export/markdown-to-html.ts'
import { useApi, useCommand } from '../../connection/index.ts'
import { useText } from '../../design/index.ts'
import styles from './markdown.module.css'

const allowed = {
  ALLOWED_TAGS:
    'h1 h2 h3 h4 h5 h6 p br hr ul ol li blockquote pre code em strong del a span table thead tbody tr th td'.split(' '),
  ALLOWED_ATTR: ['href', 'title', 'rel', 'class', 'align', 'start', 'data-language'],
  ALLOWED_URI_REGEXP: /^https?:\/\//i,
  // Attributes that hold no address, and so need not look like one.
  ADD_URI_SAFE_ATTR: ['rel', 'align', 'start', 'data-language'],
  ALLOW_DATA_ATTR: false,
  RETURN_DOM_FRAGMENT: true as const,
}

/** The source of a diagram is for the forge that draws it; here it stands closed under its name. */
function fold(block: Element, name: string): void {
  const details = document.createElement('details')
  const summary = document.createElement('summary')
  summary.textContent = name
  block.replaceWith(details)
  details.append(summary, block)
}

/** Lets an address in a cell break between its parts before it breaks within one. */
function breakBetweenParts(cell: Element): void {
  const texts = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT)
  const found: Text[] = []
  while (texts.nextNode()) found.push(texts.currentNode as Text)
  for (const text of found)
    text.replaceWith(
      ...text.data
        .split(/(?<=[/,&?])|(?=[:@[])/)
        .flatMap((part, index) => (index === 0 ? [part] : [document.createElement('wbr'), part])),
    )
}

/** Somebody's Markdown, sanitised; links open outside of the app. */
export function LoadedMarkdown({ text }: { text: string }) {
  const place = useRef<HTMLDivElement>(null)
  const say = useText()
  const { host } = useApi()
  const open = useCommand(host.openExternal)

  useEffect(() => {
    const content = DOMPurify.sanitize(markdownToHtml(text), {
      ...allowed,
      ALLOWED_TAGS: [...allowed.ALLOWED_TAGS],
      ALLOWED_ATTR: [...allowed.ALLOWED_ATTR],
    })
    for (const diagram of content.querySelectorAll('pre[data-language="mermaid"]'))
      fold(diagram, say('page.markdownMermaid'))
    for (const cell of content.querySelectorAll('td')) breakBetweenParts(cell)
    place.current?.replaceChildren(content)
  }, [text, say])

  function onClick(event: MouseEvent<HTMLDivElement>) {
    const link = event.target instanceof Element ? event.target.closest('a') : null
    if (!link) return
    event.preventDefault()
    void open.run({ url: link.href })
  }

  // biome-ignore lint/a11y/noStaticElementInteractions lint/a11y/useKeyWithClickEvents: the links inside are what is clicked; Enter on one is a click
  return <div ref={place} className={styles['markdown']} onClick={onClick} />
}
