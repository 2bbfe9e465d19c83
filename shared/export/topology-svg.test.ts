import { expect, test } from 'vitest'
import type { Topology } from '../topology/topology.ts'
import { topologySvg } from './topology-svg.ts'

const topology = (names: readonly string[], pairs: readonly (readonly [string, string])[]): Topology => ({
  environment: 'prod <eu> & "us"',
  revision: '',
  nodes: names.map(id => ({ id, kind: 'service', services: [], replicas: 2 })),
  edges: pairs.map(([from, to]) => ({
    from,
    to,
    protocol: 'grpc',
    class: 'app',
    state: 'inferred',
    confidence: 1,
    rate: 12,
    evidence: [],
  })),
  components: [],
  findings: [{ kind: 'orphan', severity: 'warning', message: { key: 'app.close' }, node: names[0]! }],
})

/** Every tag closes what it opened, in order: enough XML for what is written here. */
function isBalanced(svg: string): boolean {
  const open: string[] = []
  for (const [, end, name, self] of svg.matchAll(/<(\/?)([a-z]+)(?:\s[^<>]*?)?(\/?)>/g)) {
    if (end) {
      if (open.pop() !== name) return false
    } else if (!self) open.push(name!)
  }
  return open.length === 0 && !/<(?![/a-z])/.test(svg)
}

test('a picture that needs nothing else, with names escaped and callers on the left', () => {
  const svg = topologySvg(
    topology(
      ['a<b', 'c&d', 'e"f'],
      [
        ['a<b', 'c&d'],
        ['c&d', 'e"f'],
      ],
    ),
    'light',
    'en',
  )
  expect(isBalanced(svg)).toBe(true)
  expect(svg).toContain('prod &lt;eu&gt; &amp; &quot;us&quot;')
  expect(svg).toContain('>grpc · 12/s<')
  expect(svg).not.toMatch(/href|url\(|<script|<style|@import/)
  const x = (name: string) => Number(new RegExp(`<title>${name}</title><rect x="(\\d+)"`).exec(svg)?.[1])
  expect(x('a&lt;b')).toBeLessThan(x('c&amp;d'))
  expect(x('c&amp;d')).toBeLessThan(x('e&quot;f'))
})

test('circles, loners and nothing at all are drawn', () => {
  const circle = topologySvg(
    topology(
      ['a', 'b', 'c'],
      [
        ['a', 'b'],
        ['b', 'a'],
      ],
    ),
    'dark',
    'zh',
  )
  expect(isBalanced(circle)).toBe(true)
  expect(circle.match(/<title>[abc]<\/title>/g)).toHaveLength(3)
  expect(isBalanced(topologySvg({ ...topology([''], []), nodes: [], findings: [] }, 'light', 'en'))).toBe(true)
})
