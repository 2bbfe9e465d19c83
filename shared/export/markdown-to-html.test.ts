import { expect, test } from 'vitest'
import { markdownToHtml } from './markdown-to-html.ts'

test('HTML in Markdown is text', () => {
  expect(markdownToHtml('<script>alert(1)</script>\n\na <b onclick="x()">b</b>')).not.toMatch(/<(script|b)\b/)
})

test('an image is its description and loads nothing', () => {
  const html = markdownToHtml('![the graph](https://example.org/pixel.png)')
  expect(html).toContain('the graph')
  expect(html).not.toMatch(/<img|src=/)
})

test('only web addresses become links', () => {
  expect(markdownToHtml('[a](https://example.org/?a=1&b=2)')).toContain('href="https://example.org/?a=1&amp;b=2"')
  for (const address of ['javascript:alert(1)', 'data:text/html,x', 'file:///etc/passwd', '../README.md', 'vbscript:x'])
    expect(markdownToHtml(`[a](${address})`), address).not.toContain('href')
  expect(markdownToHtml('[a](<java\nscript:alert(1)>)')).not.toContain('href')
})

test('quotes cannot leave an attribute', () => {
  expect(markdownToHtml('[a](https://x/"onclick="alert(1))')).not.toMatch(/"onclick=/)
  expect(markdownToHtml('```"><img src=x>\ncode\n```')).not.toContain('<img')
})

test('tables, task lists and code are kept', () => {
  expect(markdownToHtml('| a | b |\n| - | - |\n| 1 | 2 |')).toContain('<td>2</td>')
  expect(markdownToHtml('- [x] done')).toContain('☑')
  expect(markdownToHtml('```mermaid\ngraph LR\n```')).toContain('data-language="mermaid"')
})
