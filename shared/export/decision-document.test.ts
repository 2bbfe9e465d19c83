import { expect, test } from 'vitest'
import { type DecisionDocument, decisionsHtml, decisionsMarkdown } from './decision-document.ts'

const decision: DecisionDocument = {
  summary: {
    id: 'a'.repeat(40),
    decisionId: '01KAGZ6Q000000000000000000',
    title: 'raise <b>checkout</b>',
    why: '',
    kind: 'scale',
    author: { name: 'Ada', email: 'ada@example.org', time: 1_763_600_000, offset: -330 },
    parents: [],
    services: ['checkout'],
    gate: 'warn',
    record: 'decisions/x/',
    changeSet: null,
    dependencies: [],
  },
  results: [],
  message: 'DECISION: raise\n\nWhy.\n',
  record:
    '---\nstatus: accepted\n---\n\n# raise <b>checkout</b>\n\n## Why\n\n<script>alert(1)</script> ![x](https://example.org/pixel)\n\n```mermaid\ngraph LR\n```\n',
  snapshot: {
    apiVersion: 'pilothouse.dev/v1alpha1',
    kind: 'Snapshot',
    decisionId: '01KAGZ6Q000000000000000000',
    base: null,
    environment: 'prod',
    edits: [],
    gate: { verdict: 'pass', items: [] },
    topology: {
      environment: 'prod',
      nodes: [
        { id: 'checkout', kind: 'service', services: [] },
        { id: 'db', kind: 'datastore', services: [] },
      ],
      edges: [
        {
          from: 'checkout',
          to: 'db',
          protocol: 'postgresql',
          class: 'app',
          state: 'inferred',
          confidence: 0.9,
          rate: null,
          evidence: [{ kind: 'env', file: 'a.yaml', line: 3, detail: 'DB=postgres://u:hunter2@db' }],
        },
      ],
      components: [],
      findings: [],
    },
  },
  files: [{ path: 'a.yaml', before: 'replicas: 3\n', after: 'replicas: 5 # </pre><img src=x>\n```\n' }],
}

test('HTML is one file with nothing to run and nothing to fetch', () => {
  const html = decisionsHtml([decision, { ...decision, record: null, snapshot: null }], 'All', 'en')
  expect(html).not.toMatch(/<script|<img src=x|https:\/\/example\.org\/pixel"\s*>|\ssrc="http|<link|@import|url\(/)
  expect(html.match(/ src="(?!data:)/g)).toBeNull()
  expect(html).toContain("default-src 'none'")
  expect(html).toContain('raise &lt;b&gt;checkout&lt;/b&gt;')
  expect(html).toContain('<span class="del">-replicas: 3</span>')
  expect(html).toContain('2025-11-19 19:23 -05:30')
  expect(html).not.toContain('hunter2')
  // The graph is drawn, so its source is left out.
  expect(html).not.toContain('graph LR')
  expect(decisionsHtml([decision], 'Eine', 'zh')).toContain('lang="zh-Hans"')
})

test('Markdown keeps the record, the changes and the evidence, and tells no credential', () => {
  const markdown = decisionsMarkdown([decision], 'All', 'en')
  expect(markdown).toContain('### Why')
  expect(markdown).not.toContain('status: accepted')
  expect(markdown).toContain('````diff\n@@ -1,1 +1,2 @@\n-replicas: 3\n')
  expect(markdown).toContain('| checkout → db (postgresql) | a.yaml:3')
  expect(markdown).not.toContain('hunter2')
})
