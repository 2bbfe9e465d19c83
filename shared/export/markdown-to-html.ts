import { Marked } from 'marked'

const escapes: { readonly [character: string]: string } = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
const escaped = (text: string) => text.replace(/[&<>"']/g, character => escapes[character]!)

const isWebAddress = (address: string) => /^https?:\/\//i.test(address)

/**
 * What stands in a record was written by anybody who could push. So: HTML in it is shown as the text it is, an image
 * as its description (to load it would tell its server who reads this, and records must read offline), and only web
 * addresses become links. The result is sanitised once more before it meets the page.
 */
const marked = new Marked({
  gfm: true,
  async: false,
  renderer: {
    html: ({ text }) => escaped(text),
    image: ({ text, href }) => `<span class="markdown-image" title="${escaped(href)}">${escaped(text || href)}</span>`,
    link({ href, tokens }) {
      const text = this.parser.parseInline(tokens)
      if (!isWebAddress(href)) return `<span title="${escaped(href)}">${text}</span>`
      return `<a href="${escaped(href)}" title="${escaped(href)}" rel="noopener noreferrer">${text}</a>`
    },
    code({ text, lang }) {
      const language = lang?.trim().split(/\s/)[0]
      return `<pre${language ? ` data-language="${escaped(language)}"` : ''}><code>${escaped(text)}</code></pre>\n`
    },
    checkbox: ({ checked }) => (checked ? '☑ ' : '☐ '),
  },
})

/** Markdown (GitHub's flavour) as HTML of text, links, lists, tables and code alone. */
export const markdownToHtml = (markdown: string): string => marked.parse(markdown, { async: false })
