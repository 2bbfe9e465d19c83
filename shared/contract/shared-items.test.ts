import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ItemReader, ItemWriter } from './shared-items.ts'

type Wire = { bytes: number; items: number }
/** Sends an item as text and reads it again. */
function wire(): { pass: (item: unknown) => unknown } & Wire {
  const writer = new ItemWriter()
  const reader = new ItemReader()
  const across = (value: unknown): unknown => {
    const text = JSON.stringify(value)
    line.bytes += text.length
    return JSON.parse(text)
  }
  const line = {
    bytes: 0,
    items: 0,
    pass(item: unknown): unknown {
      const { given, value, shared, sweep } = writer.write(item)
      for (const entries of given) reader.give(across(entries) as unknown[])
      const arrived = across(value)
      line.items++
      return shared ? reader.read(arrived, sweep) : arrived
    },
  }
  return line
}

const nodes = (count: number) => Array.from({ length: count }, (_, id) => ({ id: `node-${id}`, replicas: id % 7 }))

describe('items of a stream', () => {
  it('cost what they change, and what did not change stays the same object', () => {
    const line = wire()
    const base = { nodes: nodes(1000), edges: nodes(3000), diff: { nodes: [] } }
    const first = line.pass({ base, draft: null }) as { base: typeof base }
    expect(first).toEqual({ base, draft: null })

    line.bytes = 0
    const changed = base.nodes.with(500, { id: 'node-500', replicas: 9 })
    const second = line.pass({ base, draft: { ...base, nodes: changed } }) as { base: typeof base; draft: typeof base }
    expect(second).toEqual({ base, draft: { ...base, nodes: changed } })
    expect(line.bytes).toBeLessThan(400)
    expect(second.base.nodes).toBe(first.base.nodes)
    expect(second.draft.edges).toBe(first.base.edges)
    expect(second.draft.nodes[499]).toBe(first.base.nodes[499])
  })

  it('give their entries in batches, so that no single text is long', () => {
    const { given } = new ItemWriter().write({ nodes: nodes(10_000) })
    expect(given.length).toBe(Math.ceil(10_000 / 256))
    expect(given.flat()).toEqual(nodes(10_000))
  })

  it('are forgotten where no later item holds them', () => {
    const writer = new ItemWriter()
    const reader = new ItemReader()
    for (let round = 0; round < 5; round++) {
      const item = { nodes: nodes(200) }
      const { given, value, sweep } = writer.write(item)
      for (const entries of given) reader.give(entries)
      expect(reader.read(value, sweep)).toEqual(item)
    }
    expect(writer.write({ nodes: [] })).toMatchObject({ value: { nodes: [] }, shared: true, sweep: true })
  })

  it('refuse what was never sent', () => {
    expect(() => new ItemReader().read({ '\u0000': ['same', 3] }, false)).toThrow(TypeError)
    expect(() => new ItemReader().read({ '\u0000': ['list', 0, [[0, 2]]] }, false)).toThrow(TypeError)
  })

  it('arrive as they were sent, whatever they are', () => {
    const entries = nodes(300)
    const list = fc.oneof(
      fc.subarray(entries, { minLength: 60 }),
      fc.shuffledSubarray(entries, { minLength: 60 }),
      fc.subarray(entries, { maxLength: 5 }),
      fc.array(fc.record({ id: fc.string(), at: fc.jsonValue() }), { minLength: 60, maxLength: 80 }),
    )
    const lists = fc.array(list, { minLength: 1, maxLength: 4 })
    const value = fc.oneof(
      fc.record({ a: list, b: fc.option(list), c: fc.jsonValue() }),
      fc.dictionary(fc.constantFrom('\u0000', 'x', '__proto', 'y'), list),
      list,
      fc.jsonValue(),
    )
    fc.assert(
      fc.property(lists, fc.array(fc.tuple(value, fc.nat(3), fc.boolean()), { maxLength: 8 }), (known, items) => {
        const line = wire()
        for (const [item, index, again] of items) {
          const sent = again ? { item, known: known[index % known.length] } : item
          expect(line.pass(sent)).toEqual(JSON.parse(JSON.stringify(sent)))
        }
      }),
      { numRuns: 50, seed: 20261120 },
    )
  })
})
