import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { compareSets } from './compare-sets.ts'
import { diffToJson } from './diff-to-json.ts'
import { readPackageSets } from './read-package-sets.ts'

const corpus = join(process.env['PILOTHOUSE_CORPUS'] ?? join(import.meta.dirname, '../../../shared/corpus'), 'deps')

type Item = { name: string; version?: string; from?: string; to?: string; direction?: string }
type Lists = { readonly added: readonly Item[]; readonly removed: readonly Item[]; readonly changed: readonly Item[] }
type Truth = { direct: Lists; lock?: Lists; buildList?: Lists; becameDirect?: string[]; becameIndirect?: string[] }

const sides = (lists: Lists) =>
  Object.fromEntries(
    (['added', 'removed', 'changed'] as const).map(side => [
      side,
      lists[side]
        .map(({ name, version, from, to, direction }) => [name, version, from, to, direction].join(' '))
        .sort(),
    ]),
  )

test('pairs of real repositories differ as their truth says, directly and in their locks', () => {
  if (!existsSync(corpus)) return console.log('NOT RUN: no corpus (PILOTHOUSE_CORPUS)')
  const pairs = readdirSync(corpus, { withFileTypes: true }).filter(entry => entry.isDirectory())
  expect(pairs.length).toBeGreaterThan(0)
  for (const { name } of pairs) {
    const setsOf = (side: string) => {
      const root = join(corpus, name, side)
      const files = globSync('**/*', { cwd: root, withFileTypes: true }).filter(entry => entry.isFile())
      return readPackageSets(
        files.map(entry => ({ path: entry.name, text: readFileSync(join(entry.parentPath, entry.name), 'utf8') })),
      )
    }
    const truth: Truth = JSON.parse(readFileSync(join(corpus, name, 'truth.json'), 'utf8'))
    const told = diffToJson(compareSets(setsOf('before'), setsOf('after')))
    expect({ name, ...sides(told.direct) }).toEqual({ name, ...sides(truth.direct) })
    expect({ name, ...sides(told.lock) }).toEqual({ name, ...sides((truth.lock ?? truth.buildList)!) })
    expect([name, told.becameDirect]).toEqual([name, truth.becameDirect ?? []])
    expect([name, told.becameIndirect]).toEqual([name, truth.becameIndirect ?? []])
    const direct = told.changed.filter(each => each.direct).map(({ name, from, to }) => `${name} ${from} ${to}`)
    expect([name, direct.sort()]).toEqual([
      name,
      truth.direct.changed.map(each => `${each.name} ${each.from} ${each.to}`).sort(),
    ])
  }
})
