import { expect, test } from 'vitest'
import { AppError } from '../../errors.ts'
import { only, setsOf, told } from './formats-fixture.ts'

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
