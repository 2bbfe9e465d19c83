import { expect, test } from 'vitest'
import { only, told } from './formats-fixture.ts'

const npmManifest =
  '{"name":"shop","dependencies":{"a":"^1.0.0","alias":"npm:real@^2.0.0"},"devDependencies":{"d":"^4.0.0"}}'
const npmTold = {
  ecosystem: 'npm',
  packages: ['a@1.0.1', 'alias@2.1.0', 'b@3.0.0', 'd@4.0.0'],
  direct: ['dev d ^4.0.0 → d@4.0.0', 'runtime a ^1.0.0 → a@1.0.1', 'runtime alias npm:real@^2.0.0 → alias@2.1.0'],
  edges: ['a@1.0.1 b@3.0.0', 'shop a@1.0.1', 'shop alias@2.1.0', 'shop d@4.0.0'],
}

test('package-lock: versions 1 and 3 say the same', () => {
  const one = `{"name":"shop","lockfileVersion":1,"dependencies":{
    "a":{"version":"1.0.1","requires":{"b":"^3.0.0"},"dependencies":{"b":{"version":"3.0.0"}}},
    "alias":{"version":"npm:real@2.1.0"},"d":{"version":"4.0.0","dev":true}}}`
  const three = `{"name":"shop","lockfileVersion":3,"packages":{
    "":{"name":"shop","dependencies":{"a":"^1.0.0","alias":"npm:real@^2.0.0"},"devDependencies":{"d":"^4.0.0"}},
    "node_modules/a":{"version":"1.0.1","dependencies":{"b":"^3.0.0"}},
    "node_modules/a/node_modules/b":{"version":"3.0.0"},
    "node_modules/alias":{"name":"real","version":"2.1.0"},"node_modules/d":{"version":"4.0.0","dev":true}}}`
  for (const lock of [one, three]) {
    const set = only({ 'package.json': npmManifest, 'package-lock.json': lock })
    expect(told(set)).toEqual(npmTold)
    expect(set.packages.get('alias@2.1.0')?.realName).toBe('real')
    expect([...set.contents!.keys()]).toContain('node_modules/a/node_modules/b')
  }
})

test('package-lock: members of a workspace are no packages, and each asks for its own', () => {
  const set = only({
    'package-lock.json': `{"name":"root","lockfileVersion":3,"packages":{
      "":{"name":"root","workspaces":["packages/*"]},
      "node_modules/left":{"resolved":"packages/left","link":true},
      "node_modules/x":{"version":"2.0.0"},
      "packages/left":{"name":"left","version":"0.1.0","dependencies":{"x":"^1.0.0"},"peerDependencies":{"gone":"*"}},
      "packages/left/node_modules/x":{"version":"1.0.0","resolved":"git+ssh://git@example.com/x.git#abc"}}}`,
  })
  expect(told(set)).toEqual({
    ecosystem: 'npm',
    packages: ['x@1.0.0', 'x@2.0.0'],
    direct: ['peer gone * → null', 'runtime x ^1.0.0 → x@1.0.0'],
    edges: ['left x@1.0.0'],
  })
  expect(set.packages.get('x@1.0.0')?.source).toBe('git+ssh://git@example.com/x.git#abc')
})

test('yarn.lock, classic and berry', () => {
  const classic = `# yarn lockfile v1

a@^1.0.0, a@~1.0.0:
  version "1.0.1"
  resolved "https://npm.example.com/a/-/a-1.0.1.tgz#ab"
  dependencies:
    b "^3.0.0"

"alias@npm:real@^2.0.0":
  version "2.1.0"

b@^3.0.0:
  version "3.0.0"

d@^4.0.0:
  version "4.0.0"
`
  expect(told(only({ 'package.json': npmManifest, 'yarn.lock': classic }))).toEqual(npmTold)
  const berry = `__metadata:
  version: 8

"a@npm:^1.0.0":
  version: 1.0.1
  resolution: "a@npm:1.0.1"
  dependencies:
    b: "npm:^3.0.0"

"alias@npm:real@^2.0.0":
  version: 2.1.0
  resolution: "real@npm:2.1.0"

"b@npm:^3.0.0":
  version: 3.0.0
  resolution: "b@npm:3.0.0"

"d@npm:^4.0.0":
  version: 4.0.0
  resolution: "d@npm:4.0.0"

"shop@workspace:.":
  version: 0.0.0-use.local
  resolution: "shop@workspace:."
  dependencies:
    a: "npm:^1.0.0"
    alias: "npm:real@^2.0.0"
    d: "npm:^4.0.0"
`
  expect(told(only({ 'package.json': npmManifest, 'yarn.lock': berry }))).toEqual(npmTold)
})

test('pnpm-lock, versions 5, 6 and 9', () => {
  const plain = '{"name":"shop","dependencies":{"a":"^1.0.0"}}'
  const five = `lockfileVersion: 5.4
specifiers:
  a: ^1.0.0
dependencies:
  a: 1.0.1_b@3.0.0
packages:
  /a/1.0.1_b@3.0.0:
    dependencies:
      '@s/b': 3.0.0
  /@s/b/3.0.0:
    dev: false
`
  const six = `lockfileVersion: '6.0'
dependencies:
  a:
    specifier: ^1.0.0
    version: 1.0.1(@s/b@3.0.0)
packages:
  /a@1.0.1(@s/b@3.0.0):
    dependencies:
      '@s/b': 3.0.0
  /@s/b@3.0.0:
    dev: false
`
  const nine = `lockfileVersion: '9.0'
importers:
  .:
    dependencies:
      a:
        specifier: ^1.0.0
        version: 1.0.1(@s/b@3.0.0)
      sibling:
        specifier: workspace:*
        version: link:../sibling
packages:
  a@1.0.1: {}
  '@s/b@3.0.0': {}
snapshots:
  a@1.0.1(@s/b@3.0.0):
    dependencies:
      '@s/b': 3.0.0
  '@s/b@3.0.0': {}
`
  for (const lock of [five, six, nine])
    expect(told(only({ 'package.json': plain, 'pnpm-lock.yaml': lock }))).toEqual({
      ecosystem: 'npm',
      packages: ['@s/b@3.0.0', 'a@1.0.1'],
      direct: ['runtime a ^1.0.0 → a@1.0.1'],
      edges: ['a@1.0.1 @s/b@3.0.0', 'shop a@1.0.1'],
    })
})

test('bun.lock: trailing commas, nested packages', () => {
  const lock = `{
  "lockfileVersion": 1,
  "workspaces": { "": { "name": "shop", "dependencies": { "a": "^1.0.0", "b": "^2.0.0", }, }, },
  "packages": {
    "a": ["a@1.0.1", "", { "dependencies": { "b": "^1.0.0" } }, "sha512-x"],
    "a/b": ["b@1.5.0", "", {}, "sha512-x"],
    "b": ["b@2.0.0", "", {}, "sha512-x"],
  }
}`
  expect(told(only({ 'bun.lock': lock }))).toEqual({
    ecosystem: 'npm',
    packages: ['a@1.0.1', 'b@1.5.0', 'b@2.0.0'],
    direct: ['runtime a ^1.0.0 → a@1.0.1', 'runtime b ^2.0.0 → b@2.0.0'],
    edges: ['a@1.0.1 b@1.5.0', 'shop a@1.0.1', 'shop b@2.0.0'],
  })
})
