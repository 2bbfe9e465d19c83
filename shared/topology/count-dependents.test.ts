import fc from 'fast-check'
import { expect, it } from 'vitest'
import { countDependents } from './count-dependents.ts'

it('counts whoever reaches a node, however far', () => {
  const edges = ['web cart', 'cart db', 'admin db', 'db cart', 'web web'].map(each => {
    const [from, to] = each.split(' ') as [string, string]
    return { from, to }
  })
  expect(Object.fromEntries(countDependents(['web', 'cart', 'db', 'admin', 'alone'], edges))).toEqual({
    web: 0,
    cart: 3,
    db: 3,
    admin: 0,
    alone: 0,
  })
})

it('is what walking back from each node finds', () => {
  const node = fc.nat(45).map(String)
  const nodes = Array.from({ length: 46 }, (_, index) => String(index))
  fc.assert(
    fc.property(fc.array(fc.record({ from: node, to: node }), { maxLength: 90 }), edges => {
      const counts = countDependents(nodes, edges)
      for (const id of nodes) {
        const seen = new Set([id])
        for (const each of seen) for (const { from, to } of edges) if (to === each) seen.add(from)
        expect(counts.get(id)).toBe(seen.size - 1)
      }
    }),
    { numRuns: 40, seed: 20261120 },
  )
})
