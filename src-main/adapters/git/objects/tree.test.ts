import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { differingLines, encodeTree, parseTree, type TreeEntry } from './tree.ts'

// Few digits, so that ends and beginnings of lines look alike.
const oid = fc.array(fc.constantFrom('00', '31', '61'), { minLength: 20, maxLength: 20 }).map(bytes => bytes.join(''))
const entry = fc.record({
  mode: fc.constantFrom('100644', '100755', '40000'),
  name: fc.string({ unit: fc.constantFrom('a', '1', '-'), minLength: 1, maxLength: 4 }),
  oid,
})
const tree = fc.uniqueArray(entry, { selector: ({ name }) => name, maxLength: 12 })

test('the lines of two trees that may differ leave none out that does', () => {
  fc.assert(
    fc.property(tree, tree, fc.nat(), (common, other, at) => {
      // Most pairs share most of their lines.
      const changed = [...common.slice(0, at % (common.length + 1)), ...other.slice(0, 2)]
      const mixed = [...new Map([...common, ...changed].map(each => [each.name, each])).values()]
      for (const [x, y] of [
        [common, other],
        [common, mixed],
        [mixed, common],
      ] as const) {
        const [a, b] = [encodeTree(x), encodeTree(y)]
        const told = differences(...differingLines(a, b))
        expect(told).toEqual(differences(parseTree(a), parseTree(b)))
      }
    }),
  )
})

test('of a large tree with one line changed, one line is read', () => {
  const lines = Array.from({ length: 500 }, (_, k) => ({ mode: '100644', name: `file-${k}`, oid: '12'.repeat(20) }))
  const changed = lines.with(250, { ...lines[250]!, oid: '34'.repeat(20) })
  const [old, now] = differingLines(encodeTree(lines), encodeTree(changed))
  expect([old.map(({ name }) => name), now.map(({ name }) => name)]).toEqual([['file-250'], ['file-250']])
  expect(() => differingLines(Buffer.from('100644 a\0short'), Buffer.from('100644 b\0short'))).toThrow('damaged')
})

function differences(a: readonly TreeEntry[], b: readonly TreeEntry[]): readonly string[] {
  const key = ({ mode, name, oid: id }: TreeEntry): string => `${mode} ${name} ${id}`
  const [x, y] = [new Set(a.map(key)), new Set(b.map(key))]
  return [...[...x].filter(each => !y.has(each)), '|', ...[...y].filter(each => !x.has(each))].sort()
}
