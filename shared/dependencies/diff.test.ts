import fc from 'fast-check'
import { expect, test } from 'vitest'
import { assignServices } from './assign-services.ts'
import { compareSets } from './compare-sets.ts'
import { diffPackageSets } from './diff-package-sets.ts'
import { diffToJson } from './diff-to-json.ts'
import { readGraphFile } from './formats/go.ts'
import { behindIn, librariesOf, summarizeServices } from './overview.ts'
import { type PackageSet, PackageSetBuilder } from './package-set.ts'
import { libraryOf, purlOf, readPurl } from './purl.ts'
import { readPackageSets } from './read-package-sets.ts'
import { updateCommand } from './update-command.ts'

const setsOf = (files: { readonly [path: string]: string }) =>
  readPackageSets(Object.entries(files).map(([path, text]) => ({ path, text })))
const compared = (before: { readonly [path: string]: string }, after: { readonly [path: string]: string }) =>
  compareSets(setsOf(before), setsOf(after))

/** A lock with `app` on top: what it asks for, and edges as `a@1 b@2`. */
function setOf(ecosystem: PackageSet['ecosystem'], direct: readonly string[], edges: readonly string[]): PackageSet {
  const builder = new PackageSetBuilder(ecosystem, 'lock')
  builder.roots.add('app')
  const add = (id: string): string => {
    const [name = '', version = ''] = id.split('@')
    return builder.add(name, version)
  }
  for (const id of direct) {
    builder.require(id.split('@')[0]!, add(id), '')
    builder.edge('app', id)
  }
  for (const line of edges) {
    const [from = '', to = ''] = line.split(' ')
    builder.edge(add(from), add(to))
  }
  return builder.build()
}

test('versions of one name are paired as they moved; a direct one first', () => {
  const before = setOf('npm', ['a@1.0.0', 'p@1.0.0'], ['a@1.0.0 p@0.9.0', 'a@1.0.0 q@1.0.0'])
  const after = setOf('npm', ['a@1.0.0', 'p@2.0.0'], ['a@1.0.0 p@1.0.0', 'a@1.0.0 q@1.0.0', 'a@1.0.0 q@2.0.0'])
  const { added, removed, changed, direct, lock } = diffPackageSets(before, after)
  expect(changed.map(({ name, from, to, direct }) => [name, from, to, direct])).toEqual([['p', '1.0.0', '2.0.0', true]])
  expect(removed.map(({ name, version }) => `${name}@${version}`)).toEqual(['p@0.9.0'])
  expect(added.map(({ name, version }) => `${name}@${version}`)).toEqual(['q@2.0.0'])
  expect(direct.changed.map(({ name, from, to }) => [name, from, to])).toEqual([['p', '1.0.0', '2.0.0']])
  expect(lock.changed.map(({ name, from, to }) => [name, from, to])).toEqual([
    ['p', '0.9.0, 1.0.0', '1.0.0, 2.0.0'],
    ['q', '1.0.0', '1.0.0, 2.0.0'],
  ])
})

test('what a direct change dragged in is told with the way it came, and what it took away with the way it went', () => {
  const [{ explanation, diff }] = compareSets(
    [{ folder: '', set: setOf('npm', ['a@1', 'z@1'], ['a@1 b@1', 'b@1 gone@1', 'z@1 y@1']) }],
    [{ folder: '', set: setOf('npm', ['a@2', 'z@1'], ['a@2 b@2', 'b@2 new@1', 'z@1 y@2']) }],
  ) as [ReturnType<typeof compareSets>[number]]
  expect(explanation.groups.map(({ cause }) => cause.name)).toEqual(['a'])
  expect(explanation.groups[0]!.dragged.map(({ change, name, path }) => [change, name, path.join(' › ')])).toEqual([
    ['changed', 'b', 'a@2 › b@2'],
    ['added', 'new', 'a@2 › b@2 › new@1'],
    ['removed', 'gone', 'a@1 › b@1 › gone@1'],
  ])
  expect(explanation.rest.map(({ name, path }) => [name, path.join(' › ')])).toEqual([['y', 'z@1 › y@2']])
  expect(diff.edges.added).toEqual(['a@2 b@2', 'app a@2', 'b@2 new@1', 'z@1 y@2'])
})

test('moved between direct and indirect, and replaced', () => {
  const mod = (requires: string, replace = ''): { [path: string]: string } => ({
    'go.mod': `module example.com/app\ngo 1.24\nrequire (\n${requires}\n)\n${replace}`,
  })
  const [{ diff }] = compared(
    mod('a.com/x v1.0.0\na.com/y v1.0.0 // indirect'),
    mod('a.com/x v1.0.0 // indirect\na.com/y v1.1.0', 'replace a.com/x => ../x\n'),
  ) as [ReturnType<typeof compareSets>[number]]
  expect([diff.becameDirect, diff.becameIndirect]).toEqual([['a.com/y'], ['a.com/x']])
  expect(diff.changed.map(({ name, direct }) => [name, direct])).toEqual([['a.com/y', false]])
  expect(diff.direct.added).toEqual([{ name: 'a.com/y', version: 'v1.1.0' }])
  expect(diff.direct.removed).toEqual([{ name: 'a.com/x', version: 'v1.0.0' }])
  expect(diff.replaced).toEqual([{ name: 'a.com/x', from: null, to: '../x' }])
})

test('the JSON has the keys of the contract, item by item', () => {
  const sets = compared(
    { 'go.mod': 'module m\nrequire a.com/x v1.0.0\nrequire a.com/old v1.0.0 // indirect\n' },
    { 'go.mod': 'module m\nrequire a.com/x v1.1.0\nrequire a.com/new v0.1.0\n' },
  )
  const { added, removed, changed, edges } = diffToJson(sets)
  expect({ added, removed, changed, edges }).toEqual({
    added: [{ name: 'a.com/new', version: 'v0.1.0' }],
    removed: [{ name: 'a.com/old', version: 'v1.0.0' }],
    changed: [{ name: 'a.com/x', from: 'v1.0.0', to: 'v1.1.0', direct: true }],
    edges: {
      added: [
        ['m', 'a.com/new@v0.1.0'],
        ['m', 'a.com/x@v1.1.0'],
      ],
      removed: [
        ['m', 'a.com/old@v1.0.0'],
        ['m', 'a.com/x@v1.0.0'],
      ],
    },
  })
})

test('a name spelled another way is the same package', () => {
  const [{ diff }] = compared(
    { 'requirements.txt': 'Flask==1.0\nA_b==1\n' },
    { 'requirements.txt': 'flask==2.0\na-B==1\n' },
  ) as [ReturnType<typeof compareSets>[number]]
  expect(diff.changed.map(({ name, from, to }) => [name, from, to])).toEqual([['flask', '1.0', '2.0']])
  expect([diff.added, diff.removed]).toEqual([[], []])
})

test('edges that differ are those of the lines that differ, whatever the graphs', () => {
  const id = fc
    .tuple(fc.constantFrom('a', 'b', 'c', 'd/e', '@s/f'), fc.constantFrom('v1.0.0', 'v1.1.0', 'v2.0.0'))
    .map(([name, version]) => `${name}@${version}`)
  const lines = fc.uniqueArray(
    fc.tuple(id, id).map(pair => pair.join(' ')),
    { maxLength: 60 },
  )
  fc.assert(
    fc.property(lines, lines, (before, after) => {
      const set = (all: readonly string[]) =>
        readGraphFile({ path: 'x.graph', text: all.map(line => `${line}\n`).join('') })
      const { edges } = diffPackageSets(set(before), set(after))
      expect(edges.added).toEqual(after.filter(line => !before.includes(line)).sort())
      expect(edges.removed).toEqual(before.filter(line => !after.includes(line)).sort())
    }),
    { numRuns: 150 },
  )
})

test('package-urls', () => {
  const one = (name: string, version: string, realName?: string) => ({ name, version, ...(realName && { realName }) })
  expect(purlOf('npm', one('@scope/name', '1.0.0'))).toBe('pkg:npm/%40scope/name@1.0.0')
  expect(purlOf('npm', one('alias', '1.0.0', 'real'))).toBe('pkg:npm/real@1.0.0')
  expect(purlOf('golang', one('github.com/a/b/v2', 'v2.0.0'))).toBe('pkg:golang/github.com/a/b/v2@v2.0.0')
  expect(purlOf('maven', one('org.x:lib', '1.0'))).toBe('pkg:maven/org.x/lib@1.0')
  expect(libraryOf('pypi', one('My_Lib', '1'))).toBe('pkg:pypi/my-lib')
  expect(purlOf('oci', one('ghcr.io/team/app', '1.2'))).toBe('pkg:oci/app@1.2?repository_url=ghcr.io/team/app')
  expect(readPurl('pkg:npm/%40scope/name@1.0.0?x=y#z')).toMatchObject({
    ecosystem: 'npm',
    name: '@scope/name',
    version: '1.0.0',
  })
  expect(readPurl('pkg:maven/org.x/lib@1.0')?.name).toBe('org.x:lib')
  expect(readPurl('pkg:docker/app@1?repository_url=ghcr.io/team/app')).toMatchObject({
    ecosystem: 'oci',
    name: 'ghcr.io/team/app',
  })
  expect(readPurl('nothing')).toBeNull()
})

test('services are made of what is in their folders, or of the module above them', () => {
  const sets = setsOf({
    'go.mod': 'module m\nrequire a.com/x v1.0.0\n',
    'src/web/package.json': '{"dependencies":{"x":"1.0.0"}}',
    'src/web/tool/Cargo.toml': '[package]\nname = "tool"\n[dependencies]\nserde = "1"\n',
    'docs/requirements.txt': 'mkdocs==1.0\n',
    'deps/cart.graph': 'cart lib@v1.0.0\n',
  })
  const owned = assignServices(sets, [
    { service: 'web', folder: 'src/web' },
    { service: 'cart', folder: 'cmd/cart' },
    { service: 'shop', folder: null },
  ])
  expect(owned.map(({ folder, set, services }) => [folder, set.ecosystem, services])).toEqual([
    ['', 'golang', []],
    ['deps', 'golang', ['cart']],
    ['docs', 'pypi', []],
    ['src/web', 'npm', ['web']],
    ['src/web/tool', 'cargo', ['web']],
  ])
  const shared = assignServices(setsOf({ 'go.mod': 'module m\nrequire a.com/x v1.0.0\n' }), [
    { service: 'cart', folder: 'cmd/cart' },
    { service: 'pay', folder: 'cmd/pay' },
  ])
  expect(shared[0]!.services).toEqual(['cart', 'pay'])
  // What is above is no service's whose programs are in another language.
  const tools = setsOf({ 'package.json': '{"dependencies":{"x":"1.0.0"}}' })
  const speaks = (folder: string) => folder === 'web'
  const python = { service: 'auth', folder: 'auth' }
  expect(assignServices(tools, [python, { service: 'web', folder: 'web' }], speaks)[0]!.services).toEqual(['web'])
})

test('a library in several versions: who has which, who is behind', () => {
  const lock = (x: string, nested = '') =>
    `{"name":"p","lockfileVersion":3,"packages":{"":{"name":"p","dependencies":{"x":"*"}},"node_modules/x":{"version":"${x}"}${nested}}}`
  const sets = assignServices(
    setsOf({
      'a/package-lock.json': lock('2.0.0'),
      'b/package-lock.json': lock('1.0.0'),
      // Old and new in one lock: it is not behind.
      'c/package-lock.json': lock(
        '2.0.0',
        ',"node_modules/y":{"version":"1.0.0"},"node_modules/y/node_modules/x":{"version":"1.0.0"}',
      ),
    }),
    ['a', 'b', 'c'].map(service => ({ service, folder: service })),
  )
  const libraries = librariesOf(sets)
  const [x] = libraries
  expect([
    x!.library,
    x!.spread,
    x!.versions.map(({ version, uses }) => [version, uses.map(({ service }) => service)]),
  ]).toEqual([
    'pkg:npm/x',
    2,
    [
      ['2.0.0', ['a', 'c']],
      ['1.0.0', ['b', 'c']],
    ],
  ])
  expect(behindIn(x!).map(({ service }) => service)).toEqual(['b'])
  const services = summarizeServices(sets, new Map(['a', 'b', 'c'].map(each => [each, each])), libraries)
  expect(services.map(({ service, behind }) => [service, behind.direct, behind.all])).toEqual([
    ['a', 0, 0],
    ['b', 1, 1],
    ['c', 0, 0],
  ])
})

test('the command that moves a library is that of the tool that keeps the lock; a name that is no name has none', () => {
  const move = { name: 'x', old: '1.0.0', version: '2.0.0', direct: true }
  expect(updateCommand('npm', ['a/pnpm-lock.yaml', 'a/package.json'], move)).toBe('pnpm add x@2.0.0')
  expect(updateCommand('npm', ['a/package-lock.json'], { ...move, direct: false })).toBe('npm update x')
  expect(updateCommand('golang', ['go.mod'], move)).toBe('go get x@2.0.0 && go mod tidy')
  expect(updateCommand('npm', ['package-lock.json'], { ...move, name: 'x; rm -rf ~' })).toBeNull()
})
