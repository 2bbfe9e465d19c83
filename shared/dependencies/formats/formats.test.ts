import { expect, test } from 'vitest'
import { AppError } from '../../errors.ts'
import { edgeLines } from '../edges.ts'
import type { PackageSet } from '../package-set.ts'
import { readPackageSets } from '../read-package-sets.ts'

const setsOf = (files: { readonly [path: string]: string }) =>
  readPackageSets(Object.entries(files).map(([path, text]) => ({ path, text })))
const only = (files: { readonly [path: string]: string }): PackageSet => {
  const sets = setsOf(files)
  expect(sets.length, 'one set').toBe(1)
  return sets[0]!.set
}
const told = (set: PackageSet) => ({
  ecosystem: set.ecosystem,
  packages: [...set.packages.keys()].sort(),
  direct: set.direct.map(({ name, id, range, scope }) => `${scope} ${name} ${range} → ${id}`).sort(),
  edges: edgeLines(set.edges).sort(),
})

test('go.mod: blocks, comments, replacements, exclusions, tools', () => {
  const set = only({
    'go.mod': `module example.com/app // the app
go 1.24
toolchain go1.24.2
require example.com/one v1.2.0 // indirect; for tests
require (
	example.com/two/v2 v2.0.0-20250101000000-abcdefabcdef
	"example.com/three" v3.0.0+incompatible // why
	example.com/four v0.1.0 // indirect
)
exclude example.com/one v1.1.0
replace (
	example.com/two/v2 => ../two
	example.com/four v0.1.0 => example.com/fork v0.1.1
)
retract [v1.0.0, v1.1.0]
tool example.com/three/cmd/gen
`,
    'go.sum': 'example.com/zero v1.0.0 h1:x=\n',
  })
  expect(told(set)).toEqual({
    ecosystem: 'golang',
    packages: [
      'example.com/four@v0.1.0',
      'example.com/one@v1.2.0',
      'example.com/three@v3.0.0+incompatible',
      'example.com/two/v2@v2.0.0-20250101000000-abcdefabcdef',
    ],
    direct: [
      'runtime example.com/three v3.0.0+incompatible → example.com/three@v3.0.0+incompatible',
      'runtime example.com/two/v2 v2.0.0-20250101000000-abcdefabcdef → example.com/two/v2@v2.0.0-20250101000000-abcdefabcdef',
    ],
    edges: [...set.packages.keys()].map(id => `example.com/app ${id}`).sort(),
  })
  expect([...set.replacements]).toEqual([
    ['example.com/two/v2', '../two'],
    ['example.com/four@v0.1.0', 'example.com/fork@v0.1.1'],
  ])
})

test('a graph of Go builds the highest version that anything reachable asks for; another holds all it names', () => {
  const go = only({
    'app.graph': 'app a@v1.0.0\napp go@1.24\na@v1.0.0 b@v1.9.0\nb@v1.9.0 a@v1.1.0\nz@v1.0.0 b@v1.10.0\n',
  })
  expect([...go.packages.keys()].sort()).toEqual(['a@v1.1.0', 'b@v1.9.0'])
  const images = only({ 'app.graph': 'app nginx@1.27\napp redis@7@sha256:ab\n' })
  expect([...images.packages.values()]).toEqual([
    { name: 'nginx', version: '1.27' },
    { name: 'redis', version: '7@sha256:ab' },
  ])
})

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

test('Cargo.lock, version 1 with its root and version 3 with members; Cargo.toml says ranges and renames', () => {
  const registry = 'registry+https://github.com/rust-lang/crates.io-index'
  const one = `[root]
name = "app"
version = "0.1.0"
dependencies = ["syn 1.0.0 (${registry})"]

[[package]]
name = "syn"
version = "1.0.0"
source = "${registry}"
`
  expect(told(only({ 'Cargo.lock': one })).direct).toEqual(['runtime syn  → syn@1.0.0'])
  const three = `version = 3
[[package]]
name = "app"
version = "0.1.0"
dependencies = ["forked", "syn 2.0.0"]

[[package]]
name = "forked"
version = "0.5.0"
source = "git+https://example.com/forked?branch=main#abc"
dependencies = ["syn 1.0.0"]

[[package]]
name = "syn"
version = "1.0.0"
source = "${registry}"

[[package]]
name = "syn"
version = "2.0.0"
source = "${registry}"
`
  const set = only({
    'Cargo.lock': three,
    'Cargo.toml': '[workspace]\nmembers = ["app"]\n[workspace.dependencies]\nsyn = "2"\n',
    'app/Cargo.toml':
      '[package]\nname = "app"\n[target."cfg(unix)".dependencies]\nsyn = { workspace = true }\n[dev-dependencies]\nother = { package = "forked", git = "https://example.com/forked", version = "0.5" }\n',
  })
  expect(told(set)).toEqual({
    ecosystem: 'cargo',
    packages: ['app@0.1.0', 'forked@0.5.0', 'syn@1.0.0', 'syn@2.0.0'],
    direct: ['dev forked 0.5 → forked@0.5.0', 'runtime syn 2 → syn@2.0.0'],
    edges: ['app forked@0.5.0', 'app syn@2.0.0', 'forked@0.5.0 syn@1.0.0'],
  })
})

test('poetry.lock, uv.lock and pdm.lock', () => {
  const poetry = `# This file is automatically @generated by Poetry 2.0.0
[[package]]
name = "flask"
version = "3.0.0"
[package.dependencies]
jinja2 = ">=3.1"
Werkzeug = {version = ">=3", markers = "x"}

[[package]]
name = "jinja2"
version = "3.1.4"

[[package]]
name = "werkzeug"
version = "3.0.1"

[metadata]
lock-version = "2.1"
`
  const expected = {
    ecosystem: 'pypi',
    packages: ['flask@3.0.0', 'jinja2@3.1.4', 'werkzeug@3.0.1'],
    direct: ['dev jinja2 >=3.1 → jinja2@3.1.4', 'runtime flask ^3.0 → flask@3.0.0'],
    edges: ['flask@3.0.0 jinja2@3.1.4', 'flask@3.0.0 werkzeug@3.0.1', 'shop flask@3.0.0', 'shop jinja2@3.1.4'],
  }
  const project = `[tool.poetry]
name = "shop"
[tool.poetry.dependencies]
python = "^3.12"
Flask = "^3.0"
[tool.poetry.group.dev.dependencies]
jinja2 = {version = ">=3.1"}
`
  expect(told(only({ 'poetry.lock': poetry, 'pyproject.toml': project }))).toEqual(expected)
  const uv = `version = 1
requires-python = ">=3.12"
[[package]]
name = "shop"
version = "0.1.0"
source = { virtual = "." }
dependencies = [{ name = "flask" }]
[package.dev-dependencies]
dev = [{ name = "jinja2" }]
[package.metadata]
requires-dist = [{ name = "flask", specifier = ">=3.0" }]

[[package]]
name = "flask"
version = "3.0.0"
source = { registry = "https://pypi.org/simple" }
dependencies = [{ name = "jinja2" }, { name = "werkzeug", marker = "x" }]

[[package]]
name = "jinja2"
version = "3.1.4"
source = { registry = "https://pypi.org/simple" }

[[package]]
name = "werkzeug"
version = "3.0.1"
source = { git = "https://example.com/w?rev=main#abc" }
`
  const read = only({ 'uv.lock': uv })
  expect(told(read)).toEqual({
    ...expected,
    packages: ['flask@3.0.0', 'jinja2@3.1.4', 'shop@0.1.0', 'werkzeug@3.0.1'],
    direct: ['dev jinja2  → jinja2@3.1.4', 'runtime flask >=3.0 → flask@3.0.0'],
  })
  expect(read.packages.get('werkzeug@3.0.1')?.source).toContain('git https://example.com/w')
  const pdm = `# This file is @generated by PDM.
[[package]]
name = "flask"
version = "3.0.0"
dependencies = ["jinja2>=3.1", "werkzeug>=3; python_version > '3'"]

[[package]]
name = "jinja2"
version = "3.1.4"

[[package]]
name = "werkzeug"
version = "3.0.1"
`
  const pep621 =
    '[project]\nname = "shop"\ndependencies = ["Flask[async] ^3.0 ; x", "flask>=3"]\n[dependency-groups]\ndev = ["jinja2>=3.1", {include-group = "x"}]\n'
  expect(told(only({ 'pdm.lock': pdm, 'pyproject.toml': pep621 })).direct).toEqual([
    'dev jinja2 >=3.1 → jinja2@3.1.4',
    'runtime flask >=3 → flask@3.0.0',
  ])
})

test('requirements: comments of pip-compile say who asks; without them all is asked for', () => {
  const compiled = `# compiled
Flask[async]==3.0.0 \\
    --hash=sha256:ab \\
    --hash=sha256:cd
    # via -r requirements.in
jinja2==3.1.4 ; python_version > "3.8"
    # via
    #   flask
    #   shop (pyproject.toml)
werkzeug==3.0.1  # via flask
`
  expect(told(only({ 'requirements.txt': compiled }))).toEqual({
    ecosystem: 'pypi',
    packages: ['Flask@3.0.0', 'jinja2@3.1.4', 'werkzeug@3.0.1'],
    direct: ['runtime Flask ==3.0.0 → Flask@3.0.0', 'runtime jinja2 ==3.1.4 → jinja2@3.1.4'],
    edges: ['Flask@3.0.0 jinja2@3.1.4', 'Flask@3.0.0 werkzeug@3.0.1'],
  })
  const plain =
    'Django>=4,<5\n-r base.txt\n--index-url https://example.com\ngit+https://example.com/t.git@v1#egg=tool\nlib @ https://example.com/l.whl\n'
  const set = only({ 'requirements.txt': plain })
  expect([...set.packages.keys()]).toEqual(['Django@>=4,<5', 'tool@v1', 'lib@https://example.com/l.whl'])
  expect(set.direct.length).toBe(3)
  expect(set.locked).toBe(false)
})

test('what an address holds of passwords and tokens is told nowhere', () => {
  const python = only({
    'requirements.txt': 'lib @ https://ada:secret@example.com/l.whl\ngit+https://token@example.com/t.git@v1#egg=t\n',
  })
  const npm = only({ 'package.json': '{"dependencies":{"a":"git+https://x:secret@example.com/a.git"}}' })
  const locked = only({
    'package-lock.json':
      '{"lockfileVersion":3,"packages":{"node_modules/a":{"version":"1.0.0","resolved":"git+https://token@example.com/a.git#abc"},"node_modules/b":{"version":"1.0.0","resolved":"git+ssh://git@example.com/b.git#abc"}}}',
  })
  const said = JSON.stringify([python, npm, locked].map(({ packages, direct }) => [[...packages], direct]))
  expect(said).not.toMatch(/secret|token/)
  expect(said).toContain('git+https://example.com/a.git#abc')
  expect(said).toContain('git+ssh://git@example.com/b.git#abc')
})

test('Pipfile.lock', () => {
  const lock =
    '{"_meta":{"pipfile-spec":6},"default":{"flask":{"version":"==3.0.0"},"jinja2":{"version":"==3.1.4"}},"develop":{}}'
  const set = only({ 'Pipfile.lock': lock, Pipfile: '[packages]\nFlask = "*"\n' })
  expect(told(set).direct).toEqual(['runtime flask * → flask@3.0.0'])
})

test('pom.xml: properties, managed versions and parents that are there', () => {
  const parent = `<project><modelVersion>4.0.0</modelVersion><groupId>com.shop</groupId><artifactId>parent</artifactId><version>1</version>
    <parent><groupId>org.boot</groupId><artifactId>starter</artifactId><version>3.2.0</version><relativePath/></parent>
    <properties><lib.version>2.1</lib.version></properties>
    <dependencyManagement><dependencies><dependency><groupId>org.x</groupId><artifactId>managed</artifactId><version>\${lib.version}</version></dependency></dependencies></dependencyManagement></project>`
  const child = `<?xml version="1.0"?><!-- c --><project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
    <parent><groupId>com.shop</groupId><artifactId>parent</artifactId><version>1</version></parent><artifactId>app</artifactId>
    <dependencies><dependency><groupId>org.x</groupId><artifactId>managed</artifactId></dependency>
    <dependency><groupId>\${project.groupId}</groupId><artifactId>sib</artifactId><version>\${project.version}</version><scope>test</scope></dependency></dependencies></project>`
  const [root, app] = setsOf({ 'pom.xml': parent, 'app/pom.xml': child })
  expect(told(root!.set).packages).toEqual(['org.boot:starter@3.2.0'])
  expect(told(app!.set).direct).toEqual([
    'runtime org.x:managed 2.1 → org.x:managed@2.1',
    'test com.shop:sib 1 → com.shop:sib@1',
  ])
})

test('mvn dependency:tree', () => {
  const tree = `[INFO] --- dependency:3.6.0:tree (default-cli) @ app ---
[INFO] com.shop:app:jar:1.0
[INFO] +- org.x:web:jar:2.0:compile
[INFO] |  +- org.x:core:jar:linux:2.0:compile
[INFO] |  \\- (org.y:old:jar:1.0:compile - omitted for conflict with 1.1)
[INFO] \\- org.y:old:jar:1.1:test
`
  expect(told(only({ 'tree.txt': tree }))).toEqual({
    ecosystem: 'maven',
    packages: ['org.x:core@2.0', 'org.x:web@2.0', 'org.y:old@1.1'],
    direct: ['runtime org.x:web 2.0 → org.x:web@2.0', 'test org.y:old 1.1 → org.y:old@1.1'],
    edges: ['com.shop:app org.x:web@2.0', 'com.shop:app org.y:old@1.1', 'org.x:web@2.0 org.x:core@2.0'],
  })
})

test('Gradle: lock, build file and catalog', () => {
  const set = only({
    'gradle.lockfile':
      '# This is a Gradle generated file for dependency locking.\norg.x:core:2.0=compileClasspath\norg.x:web:2.0=compileClasspath,runtimeClasspath\nempty=annotationProcessor\n',
    'build.gradle.kts':
      'dependencies {\n  implementation(libs.x.web)\n  // api("org.no:no:1")\n  testImplementation("org.t:t:1.0")\n}\n',
    'libs.versions.toml': '[versions]\nx = "2.0"\n[libraries]\nx-web = { module = "org.x:web", version.ref = "x" }\n',
  })
  expect(told(set)).toEqual({
    ecosystem: 'maven',
    packages: ['org.x:core@2.0', 'org.x:web@2.0'],
    direct: ['runtime org.x:web 2.0 → org.x:web@2.0', 'test org.t:t 1.0 → null'],
    edges: [],
  })
})

test('Gemfile.lock, composer.lock, packages.lock.json, mix.lock, Chart.lock', () => {
  const gem = `GIT
  remote: https://example.com/own.git
  revision: abc
  specs:
    own (0.1.0)

GEM
  remote: https://rubygems.org/
  specs:
    nokogiri (1.16.0-x86_64-linux)
      racc (~> 1.4)
    racc (1.7.3)

DEPENDENCIES
  nokogiri (~> 1.16)
  own!
`
  expect(told(only({ 'Gemfile.lock': gem }))).toEqual({
    ecosystem: 'gem',
    packages: ['nokogiri@1.16.0', 'own@0.1.0', 'racc@1.7.3'],
    direct: ['runtime nokogiri ~> 1.16 → nokogiri@1.16.0', 'runtime own  → own@0.1.0'],
    edges: ['nokogiri@1.16.0 racc@1.7.3'],
  })
  const composer =
    '{"content-hash":"x","packages":[{"name":"v/a","version":"v1.0.0","require":{"php":">=8","V/B":"^2"}},{"name":"v/b","version":"2.0.0"}],"packages-dev":[]}'
  expect(
    told(only({ 'composer.lock': composer, 'composer.json': '{"require":{"php":">=8","ext-json":"*","v/a":"^1"}}' })),
  ).toEqual({
    ecosystem: 'composer',
    packages: ['v/a@v1.0.0', 'v/b@2.0.0'],
    direct: ['runtime v/a ^1 → v/a@v1.0.0'],
    edges: ['v/a@v1.0.0 v/b@2.0.0'],
  })
  const nuget =
    '{"version":1,"dependencies":{"net8.0":{"A":{"type":"Direct","requested":"[1.0.0, )","resolved":"1.0.0","dependencies":{"b":"2.0.0"}},"B":{"type":"Transitive","resolved":"2.0.0"},"own":{"type":"Project"}}}}'
  expect(told(only({ 'packages.lock.json': nuget }))).toEqual({
    ecosystem: 'nuget',
    packages: ['A@1.0.0', 'B@2.0.0'],
    direct: ['runtime A [1.0.0, ) → A@1.0.0'],
    edges: ['A@1.0.0 B@2.0.0'],
  })
  const mix =
    '%{\n  "jason": {:hex, :jason, "1.4.1", "ab", [:mix], [{:decimal, "~> 2.0", [hex: :decimal, repo: "hexpm", optional: true]}], "hexpm", "cd"},\n  "decimal": {:hex, :decimal, "2.1.1", "ab", [:mix], [], "hexpm", "cd"},\n}\n'
  expect(told(only({ 'mix.lock': mix, 'mix.exs': 'defp deps do\n    [{:jason, "~> 1.4"}]\n  end\n' }))).toEqual({
    ecosystem: 'hex',
    packages: ['decimal@2.1.1', 'jason@1.4.1'],
    direct: ['runtime jason ~> 1.4 → jason@1.4.1'],
    edges: ['jason@1.4.1 decimal@2.1.1'],
  })
  const set = only({
    'Chart.yaml':
      'name: shop\ndependencies:\n  - name: redis\n    version: ~18.0\n    repository: https://example.com\n',
    'Chart.lock':
      'dependencies:\n- name: redis\n  repository: https://example.com\n  version: 18.4.0\ndigest: sha256:x\n',
  })
  expect(told(set).direct).toEqual(['runtime redis ~18.0 → redis@18.4.0'])
})

test('images of manifests and base images of Dockerfiles', () => {
  const set = only({
    'deploy.yaml':
      'spec:\n  containers:\n  - image: registry:5000/team/app:1.2@sha256:ab # c\n  - name: x\n    image: "{{ .Values.image }}"\n',
    Dockerfile: `ARG GO=1.24\nFROM --platform=x golang:\${GO} AS build\nFROM build\nFROM scratch\nFROM nginx\n`,
  })
  expect(told(set).packages).toEqual(['golang@1.24', 'nginx@latest', 'registry:5000/team/app@1.2@sha256:ab'])
})

test('SBOM: CycloneDX as JSON and XML, SPDX as JSON and text, Syft', () => {
  const expected = {
    ecosystem: 'npm',
    packages: ['@s/b@2.0.0', 'a@1.0.0'],
    direct: ['runtime a  → a@1.0.0'],
    edges: ['a@1.0.0 @s/b@2.0.0', 'shop a@1.0.0'],
  }
  const cyclone = `{"bomFormat":"CycloneDX","specVersion":"1.6","metadata":{"component":{"bom-ref":"r","name":"shop","type":"application"}},
    "components":[{"bom-ref":"1","type":"library","name":"a","version":"1.0.0","purl":"pkg:npm/a@1.0.0"},
    {"bom-ref":"2","type":"library","group":"@s","name":"b","version":"2.0.0","purl":"pkg:npm/%40s/b@2.0.0"},{"type":"file","name":"/bin/x"}],
    "dependencies":[{"ref":"r","dependsOn":["1"]},{"ref":"1","dependsOn":["2"]}]}`
  expect(told(only({ 'sbom.json': cyclone }))).toEqual(expected)
  const xml = `<?xml version="1.0"?><bom xmlns="http://cyclonedx.org/schema/bom/1.6"><metadata><component type="application" bom-ref="r"><name>shop</name></component></metadata>
    <components><component type="library" bom-ref="1"><name>a</name><version>1.0.0</version><purl>pkg:npm/a@1.0.0</purl></component>
    <component type="library" bom-ref="2"><group>@s</group><name>b</name><version>2.0.0</version><purl>pkg:npm/%40s/b@2.0.0</purl></component></components>
    <dependencies><dependency ref="r"><dependency ref="1"/></dependency><dependency ref="1"><dependency ref="2"/></dependency></dependencies></bom>`
  expect(told(only({ 'bom.xml': xml }))).toEqual(expected)
  const purl = (locator: string) =>
    `"externalRefs":[{"referenceCategory":"PACKAGE-MANAGER","referenceType":"purl","referenceLocator":"${locator}"}]`
  const spdx = `{"spdxVersion":"SPDX-2.3","packages":[{"SPDXID":"R","name":"shop"},{"SPDXID":"A","name":"a","versionInfo":"1.0.0",${purl('pkg:npm/a@1.0.0')}},
    {"SPDXID":"B","name":"@s/b","versionInfo":"2.0.0",${purl('pkg:npm/%40s/b@2.0.0')}}],
    "relationships":[{"spdxElementId":"SPDXRef-DOCUMENT","relationshipType":"DESCRIBES","relatedSpdxElement":"R"},
    {"spdxElementId":"R","relationshipType":"DEPENDS_ON","relatedSpdxElement":"A"},{"spdxElementId":"B","relationshipType":"DEPENDENCY_OF","relatedSpdxElement":"A"}]}`
  expect(told(setsOf({ 'sbom.json': spdx }).find(({ set }) => set.ecosystem === 'npm')!.set)).toEqual(expected)
  const text = `SPDXVersion: SPDX-2.3
PackageName: shop
SPDXID: R
PackageName: a
SPDXID: A
PackageVersion: 1.0.0
ExternalRef: PACKAGE-MANAGER purl pkg:npm/a@1.0.0
PackageName: @s/b
SPDXID: B
PackageVersion: 2.0.0
ExternalRef: PACKAGE-MANAGER purl pkg:npm/%40s/b@2.0.0
Relationship: SPDXRef-DOCUMENT DESCRIBES R
Relationship: R DEPENDS_ON A
Relationship: A DEPENDS_ON B
`
  expect(told(setsOf({ 'x.spdx': text }).find(({ set }) => set.ecosystem === 'npm')!.set)).toEqual(expected)
  const syft = `{"artifacts":[{"id":"1","name":"a","version":"1.0.0","purl":"pkg:npm/a@1.0.0"},{"id":"2","name":"@s/b","version":"2.0.0","purl":"pkg:npm/%40s/b@2.0.0"}],
    "artifactRelationships":[{"parent":"2","child":"1","type":"dependency-of"}],"source":{"name":"shop"},"descriptor":{"name":"syft"}}`
  expect(told(only({ 'out.json': syft }))).toEqual({ ...expected, direct: [], edges: ['a@1.0.0 @s/b@2.0.0'] })
})

test('a broken file is refused with its line', () => {
  const refusal = (files: { readonly [path: string]: string }): string => {
    try {
      setsOf(files)
    } catch (error) {
      if (error instanceof AppError) return error.message
      throw error
    }
    return 'read'
  }
  expect(refusal({ 'a/go.mod': 'module x\nrequire y\n' })).toContain('a/go.mod:2')
  expect(refusal({ 'package-lock.json': '{\n"packages": {\n' })).toContain('package-lock.json:3')
  expect(refusal({ 'Cargo.lock': '[[package]]\nname = \n' })).toContain('Cargo.lock:2')
  expect(refusal({ 'pom.xml': '<project>\n<a></b>' })).toContain('pom.xml:2')
  expect(refusal({ 'x.graph': 'a b@1\nhello\n' })).toContain('x.graph:2')
  expect(refusal({ 'pnpm-lock.yaml': 'a: [\n' })).toContain('pnpm-lock.yaml:')
})
