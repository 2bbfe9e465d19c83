import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { translate } from '../../messages/index.ts'
import { parseYaml } from '../../yaml/parse-yaml.ts'
import { sameValue, valueAt, type YamlValue } from '../../yaml/yaml-value.ts'
import { fromPlain } from './go-json.ts'
import { toYaml } from './go-yaml.ts'
import { type ChartOptions, renderChart } from './render-chart.ts'

const clock = Date.UTC(2024, 4, 6, 7, 8, 9)
const chart = (files: { [path: string]: string }, options: Partial<ChartOptions> = {}) =>
  renderChart(
    new Map(
      Object.entries({ 'c/Chart.yaml': 'apiVersion: v2\nname: c\nversion: 1.2.3\nappVersion: "9.9"\n', ...files }),
    ),
    'c',
    { clock, ...options },
  )
const sentences = (rendered: ReturnType<typeof chart>) =>
  rendered.findings.map(finding => translate('en', finding.message))

const identity = (value: YamlValue): string => {
  const at = value as { kind?: string; metadata?: { name?: string; namespace?: string } }
  return `${at.kind} ${at.metadata?.namespace ?? ''}/${at.metadata?.name}`
}

const corpus = process.env['PILOTHOUSE_CORPUS'] ?? '../shared/corpus'
if (!existsSync(join(corpus, 'dev'))) console.log(`NOT RUN: no corpus at ${corpus}`)
test.runIf(existsSync(join(corpus, 'dev')))('charts of the corpus render to what stands beside them', () => {
  const failures: string[] = []
  for (const rendered of globSync('dev/*/rendered/helm*.yaml', { cwd: corpus })) {
    const root = join(corpus, rendered, '../../repo')
    const text = readFileSync(join(corpus, rendered), 'utf8')
    const folder = globSync('**/Chart.yaml', { cwd: root })
      .map(path => path.replace(/\/?Chart\.yaml$/, ''))
      .find(path => {
        const { name } = (parseYaml(readFileSync(join(root, path, 'Chart.yaml'), 'utf8'))[0]?.yaml.value ?? {}) as {
          name?: string
        }
        return [path.split('/').at(-1), name].some(one => text.includes(`# Source: ${one}/`))
      })!
    const files = new Map(
      readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
        .filter(entry => entry.isFile())
        .map(entry => join(entry.parentPath, entry.name))
        .map((path): [string, string] => [relative(root, path), readFileSync(path, 'utf8')]),
    )
    const result = renderChart(files, folder, { clock })
    const expected = parseYaml(text)
      .map(one => one.yaml.value)
      .filter(value => value !== null)
    let equal = 0
    const notes: string[] = result.findings.map(finding => translate('en', finding.message))
    for (const value of expected) {
      const own = result.documents.find(document => identity(document.value) === identity(value))
      if (own && sameValue(own.value, value)) equal += 1
      else
        notes.push(
          `${own ? 'differs' : 'missing'}: ${identity(value)} ${own ? firstDifference(own.value, value, '') : ''}`,
        )
    }
    for (const document of result.documents)
      if (!expected.some(value => identity(value) === identity(document.value)))
        notes.push(`only here: ${identity(document.value)}`)
    const origins = result.documents.flatMap(document => document.origins)
    console.log(
      `${rendered}: ${equal} of ${expected.length} documents equal, ${result.documents.length} rendered, ${origins.length} scalars with an origin (${origins.filter(one => one.whole).length} whole)`,
    )
    const distinct = new Map(
      result.documents.flatMap((document, index) =>
        document.origins
          .filter(origin => origin.whole)
          .map(({ path, from }) => [from[0]!.path.join('.'), { index, path, from: from[0]! }]),
      ),
    )
    let lines = 0
    let changed = 0
    const tried = [...distinct].slice(0, 25)
    for (const [key, { index, path, from }] of tried) {
      if (
        files
          .get(from.file)
          ?.split('\n')
          [from.line - 1]?.includes(`${from.path.at(-1)}:`)
      )
        lines += 1
      const again = renderChart(files, folder, { clock, values: { setString: [`${key}=swapped`] } })
      const document = again.documents[index]
      if (document && JSON.stringify(valueAt(document.value, path)) === '"swapped"') changed += 1
    }
    console.log(
      `  of ${tried.length} values tried, ${lines} stand on the line told, ${changed} change the scalar they own`,
    )
    expect([lines, changed]).toEqual([tried.length, tried.length])
    for (const note of notes) console.log(`  ${note}`)
    if (notes.some(note => note.startsWith('differs'))) failures.push(rendered)
  }
  expect(failures).toEqual([])
})

function firstDifference(a: YamlValue | undefined, b: YamlValue | undefined, path: string): string {
  if (sameValue(a, b)) return ''
  if (typeof a === 'object' && a !== null && typeof b === 'object' && b !== null)
    for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
      const [left, right] = [a, b].map(one => (one as { readonly [key: string]: YamlValue })[key])
      if (!sameValue(left, right)) return firstDifference(left, right, `${path}/${key}`)
    }
  return `${path}: ${JSON.stringify(a)} for ${JSON.stringify(b)}`
}

const one = (template: string, values = '', options: Partial<ChartOptions> = {}) => {
  const rendered = chart({ 'c/templates/a.yaml': `out: |-\n  ${template}\n`, 'c/values.yaml': values }, options)
  if (rendered.findings.length > 0) return sentences(rendered).join('\n')
  return (rendered.documents[0]!.value as { out: string }).out
}

const values = `num: 3
f: 1.5
big: 1000000
s: text
t: "true"
b: true
z: 0
e: ""
nothing: null
l: [c, a, b, a]
m: {b: 2, a: 1, c: {x: why}}
swap: "\${2}$1"
one: "\${1}W"
`

/** Template, and what Go's text/template, fmt, Sprig and Helm are documented to give. */
const cases: [template: string, expected: string][] = [
  ['{{ .Values.num }} {{ .Values.f }} {{ .Values.big }} {{ .Values.b }}', '3 1.5 1e+06 true'],
  ['{{ .Values.m }} {{ .Values.l }}', 'map[a:1 b:2 c:map[x:why]] [c a b a]'],
  ['[{{ .Values.nothing }}{{ .Values.absent }}]', '[]'],
  ['{{ if .Values.z }}y{{ else if .Values.s }}s{{ else }}n{{ end }}', 's'],
  ['{{ with .Values.e }}y{{ else }}n{{ end }}{{ with .Values.m.c }}{{ .x }}{{ end }}', 'nwhy'],
  ['{{ range $i, $v := .Values.l }}{{ if eq $i 2 }}{{ break }}{{ end }}{{ $i }}={{ $v }};{{ end }}', '0=c;1=a;'],
  ['{{ range $k, $v := .Values.m }}{{ if eq $k "b" }}{{ continue }}{{ end }}{{ $k }} {{ end }}|', 'a c |'],
  ['{{ range .Values.absent }}x{{ else }}none{{ end }}', 'none'],
  ['{{ range until 3 }}{{ . }}{{ end }}{{ range 2 }}{{ . }}{{ end }}', '01201'],
  ['a {{- /* gone */ -}} b', 'ab'],
  ['a {{- " x " -}} b', 'a x b'],
  ['{{ $x := 1 }}{{ if true }}{{ $x = 2 }}{{ $y := 9 }}{{ end }}{{ $x }}', '2'],
  ['{{ define "t" }}<{{ . }}>{{ end }}{{ template "t" .Values.s }}{{ include "t" 7 | upper }}', '<text><7>'],
  ['{{ block "b" .Values.s }}({{ . }}){{ end }}', '(text)'],
  ['{{ and 1 0 2 }} {{ or "" "x" }} {{ not 0 }} {{ and .Values.absent .Values.absent.deep }}.', '0 x true .'],
  [
    '{{ eq "a" "b" "a" }} {{ ne 1 2 }} {{ lt 1 2 }} {{ ge "b" "a" }} {{ eq .Values.absent nil }}',
    'true true true true true',
  ],
  [
    '{{ printf "%s|%5d|%-5s|%05.1f|%q|%v|%t|%x|%%" "a" 42 "b" 3.14159 "q\\"" .Values.m.c true 255 }}',
    'a|   42|b    |003.1|"q\\""|map[x:why]|true|ff|%',
  ],
  ['{{ printf "%d" "x" }} {{ printf "%s" }} {{ printf "a" 1 }}', '%!d(string=x) %!s(MISSING) a%!(EXTRA int64=1)'],
  ['{{ printf "%d" .Values.num }} {{ printf "%s" .Values.nothing }}', '%!d(float64=3) %!s(<nil>)'],
  ['{{ index .Values.l 1 }}{{ index .Values.m "c" "x" }}{{ len .Values.m }}{{ slice "abcdef" 1 3 }}', 'awhy3bc'],
  ['{{ html "<a&\'>" }} {{ js "it\'s" }} {{ urlquery "a b&c" }}', "&lt;a&amp;&#39;&gt; it\\'s a+b%26c"],
  ['{{ (.Values.absent).deep.deeper | default "safe" }}', 'safe'],
  ['{{ "x" | quote }} {{ .Values.num | quote }} {{ squote "y" }} {{ quote "a" nil "b" }}', '"x" "3" \'y\' "a" "b"'],
  [
    '{{ default "d" .Values.e }} {{ coalesce "" 0 "c" }} {{ ternary "y" "n" .Values.b }} {{ empty .Values.z }}',
    'd c y true',
  ],
  [
    '{{ trunc 3 "abcdef" }} {{ trunc -2 "abcdef" }} {{ trimSuffix "-" "a-" }} {{ "a_b" | replace "_" "-" }}',
    'abc ef a a-b',
  ],
  [
    '{{ upper "a" }}{{ title "hello world" }}{{ snakecase "FirstName" }}{{ camelcase "http_server" }}{{ kebabcase "FirstName" }}',
    'AHello Worldfirst_nameHttpServerfirst-name',
  ],
  [
    '{{ list 1 2 3 | join "," }} {{ splitList "," "a,b" | last }} {{ (split "-" "x-y")._1 }} {{ .Values.l | uniq | sortAlpha }}',
    '1,2,3 b y [a b c]',
  ],
  [
    '{{ has "a" .Values.l }} {{ without .Values.l "a" }} {{ first .Values.l }} {{ rest .Values.l }} {{ compact (list 0 1 "") }}',
    'true [c b] c [a b a] [1]',
  ],
  [
    '{{ $d := dict "a" 1 }}{{ $_ := set $d "b" 2 }}{{ $d }} {{ hasKey $d "b" }} {{ keys $d | sortAlpha }} {{ pick $d "a" }}',
    'map[a:1 b:2] true [a b] map[a:1]',
  ],
  [
    '{{ merge (dict "a" 1) (dict "a" 2 "b" 3) }} {{ mergeOverwrite (dict "a" 1) (dict "a" 2) }} {{ dig "c" "x" "no" .Values.m }}',
    'map[a:1 b:3] map[a:2] why',
  ],
  [
    '{{ add 1 "2" .Values.num }} {{ sub 5 2 }} {{ mul 2 3 }} {{ div 7 2 }} {{ mod 7 2 }} {{ max 1 5 }} {{ round 2.345 2 }} {{ floor 1.9 }}',
    '6 3 6 3 1 5 2.35 1',
  ],
  [
    '{{ int "12" }} {{ int64 3.9 }} {{ float64 "1.25" }} {{ kindOf .Values.num }} {{ typeOf .Values.m }} {{ kindIs "map" .Values.m }}',
    '12 3 1.25 float64 map[string]interface {} true',
  ],
  [
    '{{ now | date "2006-01-02T15:04:05Z07:00" }} {{ now | dateModify "-1h" | date "15:04" }} {{ duration "95" }} {{ now | unixEpoch }}',
    '2024-05-06T07:08:09Z 06:08 1m35s 1714979289',
  ],
  [
    '{{ b64enc "hi" }} {{ b64dec "aGk=" }} {{ sha256sum "" | trunc 8 }} {{ sha1sum "abc" }} {{ adler32sum "abc" }}',
    'aGk= hi e3b0c442 a9993e364706816aba3e25717850c26c9cd0d89d 38600999',
  ],
  ['{{ sha512sum "abc" | trunc 16 }}', 'ddaf35a193617aba'],
  [
    '{{ toJson .Values.m }} {{ toJson "<&>" }} {{ (fromJson "{\\"a\\":[1]}").a }}',
    '{"a":1,"b":2,"c":{"x":"why"}} "\\u003c\\u0026\\u003e" [1]',
  ],
  [
    '{{ semverCompare ">=1.19-0" "v1.20.3-gke.1" }} {{ semverCompare "^1.2" "1.9.0" }} {{ semverCompare "~1.2.3" "1.3.0" }} {{ (semver "1.2.3-a").Minor }}',
    'true true false 2',
  ],
  [
    '{{ semverCompare ">=1.0 <2.0 || 3.x" "3.4.5" }} {{ semverCompare "1.2 - 1.4" "1.3.9" }} {{ semverCompare ">1.0" "1.1.0-beta" }}',
    'true true false',
  ],
  [
    '{{ regexMatch "^[a-z]+$" "abc" }} {{ regexReplaceAll "(a)(b)" "abab" .Values.swap }} {{ regexFind "[0-9]+" "a12b" }} {{ regexSplit ",\\\\s*" "a, b,c" -1 }}',
    'true baba 12 [a b c]',
  ],
  [
    '{{ regexReplaceAll "\\\\W+" "a--b" "_" }} {{ regexFindAll "a|b" "abc" -1 }} {{ regexMatch "(a*)*$" "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab" }}',
    'a_b [a b] true',
  ],
  [
    '{{ tpl "{{ .Values.s }}-{{ .Release.Name }}" . }} {{ .Chart.Name }}-{{ .Chart.Version | replace "+" "_" }} {{ .Template.Name }}',
    'text-release-name c-1.2.3 c/templates/a.yaml',
  ],
  [
    '{{ .Release.Namespace }} {{ .Release.IsInstall }} {{ .Capabilities.KubeVersion.Version }} {{ .Capabilities.APIVersions.Has "apps/v1" }}',
    'default true v1.33.0 true',
  ],
  ['{{ (lookup "v1" "Secret" "a" "b").data | default "none" }}', 'none'],
  [
    '{{ abbrev 5 "hello world" }} {{ nospace "a b" }} {{ repeat 2 "ab" }} {{ substr 1 3 "abcd" }} {{ contains "el" "hello" }} {{ plural "one" "many" 2 }}',
    'he... ab abab bc true many',
  ],
  // Examples of Sprig's own documentation.
  [
    '{{ abbrevboth 5 10 "1234 5678 9123" }} {{ initials "First Try" }} {{ untitle "Hello World" }} {{ cat "a" "b" 3 }} {{ substr 0 5 "hello world" }}',
    '...5678... FT hello world a b 3 hello',
  ],
  [
    '{{ regexFindAll "[2,4,6,8]" "123456789" -1 }} {{ regexReplaceAll "a(x*)b" "-ab-axxb-" .Values.one }} {{ regexReplaceAllLiteral "a(x*)b" "-ab-axxb-" .Values.one }} {{ regexSplit "z+" "pizza" -1 }}',
    `[2 4 6 8] -W-xxW- -\${1}W-\${1}W- [pi a]`,
  ],
  [
    '{{ untilStep 3 6 2 }} {{ seq 5 }} {{ seq -3 }} {{ seq 2 -2 }} {{ seq 0 2 10 }} {{ seq 0 -2 -5 }}',
    '[3 5] 1 2 3 4 5 1 0 -1 -2 -3 2 1 0 -1 -2 0 2 4 6 8 10 0 -2 -4',
  ],
  [
    '{{ durationRound "2h10m5s" }} {{ durationRound "2400h10m5s" }} {{ round 123.555555 3 }} {{ round 123.9999 0 }} {{ ceil 123.001 }} {{ toDecimal "777" }} {{ maxf 1 2.5 3 }}',
    '2h 3mo 123.556 124 124 511 3',
  ],
  [
    '{{ $u := urlParse "http://admin:secret@server.com:8080/api?list=false#anchor" }}{{ $u.host }} {{ $u.hostname }} {{ $u.path }} {{ $u.query }} {{ $u.fragment }} {{ $u.userinfo }} {{ urlJoin $u }}',
    'server.com:8080 server.com /api list=false anchor admin:secret http://admin:secret@server.com:8080/api?list=false#anchor',
  ],
  [
    '{{ chunk 3 (list 1 2 3 4 5 6 7 8) }} {{ $d := dict "u" (dict "n" "x") }}{{ dig "u" "role" "guest" $d }} {{ pluck "n" (dict "n" 1) (dict "m" 2) (dict "n" 3) }} {{ omit (dict "a" 1 "b" 2) "a" }}',
    '[[1 2 3] [4 5 6] [7 8]] guest [1 3] map[b:2]',
  ],
  [
    '{{ base "foo/bar.yaml" }} {{ dir "foo/bar/baz" }} {{ ext "foo.bar" }} {{ clean "foo/bar/../baz" }} {{ isAbs "/x" }} {{ b32enc "hi" }} {{ (toDate "2006-01-02" "2017-12-31") | date "02/01/2006" }}',
    'bar.yaml foo/bar .bar foo/baz true NBUQ==== 31/12/2017',
  ],
  [
    '{{ addf 1.5 2 2 }} {{ divf 10 2 4 }} {{ mulf 1.5 2 2 }} {{ all 0 1 }} {{ any 0 1 }} {{ compact (list 1 "" "a") }} {{ reverse (list 1 2) }} {{ concat (list 1) (list 2 3) }} {{ prepend (list 2) 1 }} {{ append (list 1) 2 }}',
    '5.5 1.25 6 false true [1 a] [2 1] [1 2 3] [1 2] [1 2]',
  ],
  ["{{ 'a' }} {{ 0x10 }} {{ 1e3 }} {{ `raw` }}", '97 16 1000 raw'],
  [
    '{{ mulf 1.5 0x1p10 }} {{ 0x.8p1 }} {{ $none := (lookup "v1" "Secret" "a" "b").data }}{{ hasKey $none "a" }} {{ .Capabilities.APIVersions | toJson | trunc 5 }} {{ (.Files.Glob "none/*").AsConfig }}',
    '1536 1 false ["v1" {}',
  ],
  ['{{ printf "%.2f %e %g %+d" 2.0 1234.5 0.00001 5 }}', '2.00 1.234500e+03 1e-05 +5'],
]

test('templates give what Go and Sprig give', () => {
  const wrong: string[] = []
  for (const [template, expected] of cases) {
    const got = one(template, values)
    if (got !== expected) wrong.push(`${template}\n  ${got}\n  ${expected}`)
  }
  console.log(`${cases.length - wrong.length} of ${cases.length} template cases`)
  expect(wrong).toEqual([])
})

const yamlOf = (values: string) =>
  chart({ 'c/templates/a.yaml': '{{ toYaml .Values.v }}\n', 'c/values.yaml': values }).documents[0]!.text.trimEnd()

test('toYaml prints as sigs.k8s.io/yaml does', () => {
  const printed = yamlOf(`v:
  z: [1, {b: x, a: [y1, [p, q]]}]
  on1: "true"
  num: "12"
  float: 1.0
  big: 123456789
  long: 1234567.5
  time: "2024-01-01"
  empty: ""
  nil: null
  none: {}
  nolist: []
  colon: "a: b"
  hash: "a #b"
  star: "*x"
  tab: "a\\tb"
  quote: "it's"
  lead: " x"
  block: |
    one
      two
  strip: |-
    one

    two
  keep: "one\\n\\n"
  item10: a
  item9: b
  "y": "n"
  "yes": "off"
  "1": one
  oct: "0755"
  dash: "-"
  url: http://a.b:80/c
`)
  expect(printed).toBe(`"1": one
big: 123456789
block: |
  one
    two
colon: 'a: b'
dash: '-'
empty: ""
float: 1
hash: 'a #b'
item9: b
item10: a
keep: |+
  one

lead: ' x'
long: 1.2345675e+06
nil: null
nolist: []
none: {}
num: "12"
oct: "0755"
on1: "true"
quote: it's
star: '*x'
strip: |-
  one

  two
tab: "a\\tb"
time: "2024-01-01"
url: http://a.b:80/c
"y": "n"
"yes": "off"
z:
- 1
- a:
  - y1
  - - p
    - q
  b: x`)
})

test('toYamlPretty indents lists, and prints numbers of values as the floats they are', () => {
  const [document] = chart({
    'c/templates/a.yaml': 'x: |\n{{ toYamlPretty .Values.v | indent 2 }}\n',
    'c/values.yaml': 'v: {l: [1, {m: [2]}], big: 1000000}\n',
  }).documents
  expect((document!.value as { x: string }).x).toBe('big: 1e+06\nl:\n  - 1\n  - m:\n      - 2\n')
})

test('a value that stands in a document as it is written knows its file and line', () => {
  const rendered = chart(
    {
      'c/values.yaml':
        'image:\n  repo: acme/web\n  tag: "1.2"\nreplicas: 2\nenv:\n  - name: A\n    value: "x"\nresources:\n  limits:\n    cpu: 100m\n',
      'c/prod.yaml': 'image:\n  tag: "1.3"\n',
      'c/templates/_h.tpl': `{{ define "image" }}{{ .Values.image.repo }}:{{ .Values.image.tag }}{{ end }}
{{- define "printed" -}}
{{- $tag := .root.tag | toString -}}
{{- printf "%s/%s:%s" "reg" .repo $tag -}}
{{- end }}`,
      'c/templates/a.yaml': `{{- if true }}
kind: Deployment
metadata:
  name: {{ .Release.Name }}
spec:
  replicas: {{ .Values.replicas }}
  image: "{{ .Values.image.repo }}:{{ .Values.image.tag | default .Chart.AppVersion }}"
  again: {{ include "image" . | quote }}
  printed: {{ include "printed" (dict "root" .Values.image "repo" .Values.image.repo) }}
  env:
  {{- range .Values.env }}
    - name: {{ .name }}
      value: {{ .value | quote }}
  {{- end }}
  resources:
    {{- toYaml .Values.resources | nindent 4 }}
{{- end }}
`,
    },
    { values: { files: ['c/prod.yaml'], set: ['replicas=5'] } },
  )
  expect(sentences(rendered)).toEqual([])
  const [document] = rendered.documents
  expect(document?.line).toBe(2)
  expect(
    document?.origins.map(origin => [
      origin.path.join('.'),
      origin.whole,
      origin.from.map(({ file, line, path, text }) => `${file}:${line} ${path.join('.')} ${text}`),
    ]),
  ).toEqual([
    ['spec.replicas', true, ['--set:1 replicas 5']],
    ['spec.image', false, ['c/values.yaml:2 image.repo acme/web', 'c/prod.yaml:2 image.tag 1.3']],
    ['spec.again', false, ['c/values.yaml:2 image.repo acme/web', 'c/prod.yaml:2 image.tag 1.3']],
    ['spec.printed', false, ['c/values.yaml:2 image.repo acme/web', 'c/prod.yaml:2 image.tag 1.3']],
    ['spec.env.0.name', true, ['c/values.yaml:6 env.0.name A']],
    ['spec.env.0.value', true, ['c/values.yaml:7 env.0.value "x"']],
    ['spec.resources.limits.cpu', true, ['c/values.yaml:10 resources.limits.cpu 100m']],
  ])
})

test('one template that fails does not stop the others, and says where', () => {
  const rendered = chart({
    'c/values.yaml': 'a: {}\nnum: 3\n',
    'c/templates/_h.tpl': '{{ define "inner" }}\n{{ required "set .Values.host" .Values.host }}{{ end }}',
    'c/templates/good.yaml': 'kind: A\n',
    'c/templates/nil.yaml': 'kind: B\nx: {{ .Values.a.b.c }}\n',
    'c/templates/need.yaml': 'kind: C\nx: {{ include "inner" . }}\n',
    'c/templates/type.yaml': '\n\nx: {{ trunc 5 .Values.num }}\n',
    'c/templates/compare.yaml': '{{ if eq .Values.num 3 }}{{ end }}\n',
    'c/templates/syntax.yaml': 'x: 1\n{{ if true }}\n',
    'c/templates/yaml.yaml': 'x: 1\n  y: 2\n',
    'c/templates/fail.yaml': '{{ fail "no" }}',
    'c/templates/unknown.yaml': '{{ nope 1 }}',
    'c/templates/loop.yaml': '{{ define "l" }}{{ include "l" . }}{{ end }}{{ include "l" . }}',
    'c/templates/deep.yaml': `{{ ${'('.repeat(20_000)} }}`,
    'c/templates/wide.yaml': '{{ until 100000000 }}{{ printf "%999999999d" 1 }}',
    'c/templates/NOTES.txt': '{{ nope }}',
  })
  expect(rendered.documents.map(document => document.template)).toEqual(['c/templates/good.yaml'])
  expect(
    rendered.findings.map(({ template, file, line, message }) => [template, `${file}:${line}`, message.key]),
  ).toEqual([
    ['c/templates/syntax.yaml', 'c/templates/syntax.yaml:2', 'helm.unclosed'],
    ['c/templates/deep.yaml', 'c/templates/deep.yaml:1', 'helm.tooNested'],
    ['c/templates/NOTES.txt', 'c/templates/NOTES.txt:1', 'helm.noFunction'],
    ['c/templates/compare.yaml', 'c/templates/compare.yaml:1', 'helm.incomparable'],
    ['c/templates/fail.yaml', 'c/templates/fail.yaml:1', 'helm.failed'],
    ['c/templates/loop.yaml', 'c/templates/loop.yaml:1', 'helm.tooDeep'],
    ['c/templates/need.yaml', 'c/templates/_h.tpl:2', 'helm.required'],
    ['c/templates/nil.yaml', 'c/templates/nil.yaml:2', 'helm.nilField'],
    ['c/templates/type.yaml', 'c/templates/type.yaml:3', 'helm.argumentType'],
    ['c/templates/unknown.yaml', 'c/templates/unknown.yaml:1', 'helm.noFunction'],
    ['c/templates/wide.yaml', 'c/templates/wide.yaml:1', 'helm.tooLong'],
    ['c/templates/yaml.yaml', 'c/templates/yaml.yaml:1', 'helm.brokenOutput'],
  ])
  for (const sentence of sentences(rendered)) expect(sentence).not.toContain('{{file}}')
})

test('long texts go on in further lines where Go breaks them', () => {
  const words = 'aaaa bbbb cccc dddd eeee ffff gggg hhhh iiii jjjj kkkk llll mmmm nnnn oooo pppp  qqqq rrrr'
  const long = { plain: words, single: `a: ${words}`, double: `a\t${words}`, list: [words] }
  expect(toYaml(fromPlain(long))).toBe(
    `double: "a\\taaaa bbbb cccc dddd eeee ffff gggg hhhh iiii jjjj kkkk llll mmmm nnnn
  oooo pppp  qqqq rrrr"
list:
- aaaa bbbb cccc dddd eeee ffff gggg hhhh iiii jjjj kkkk llll mmmm nnnn oooo pppp  qqqq
  rrrr
plain: aaaa bbbb cccc dddd eeee ffff gggg hhhh iiii jjjj kkkk llll mmmm nnnn oooo
  pppp  qqqq rrrr
single: 'a: aaaa bbbb cccc dddd eeee ffff gggg hhhh iiii jjjj kkkk llll mmmm nnnn
  oooo pppp  qqqq rrrr'`,
  )
})

test('manifests are taken apart as Helm takes them apart', () => {
  const { documents, findings } = renderChart(
    new Map([
      ['c/Chart.yaml', 'apiVersion: v2\nname: c\nversion: 1.0.0\n'],
      [
        'c/templates/a.yaml',
        'kind: A\ntext: |-\n  one\n\n---# about the next one\nkind: B\n---   \n---kind: C\ntext: |+\n  two\n\n\n',
      ],
    ]),
    'c',
    { clock: 0 },
  )
  expect(findings).toEqual([])
  expect(documents.map(({ value, line }) => [value, line])).toEqual([
    [{ kind: 'A', text: 'one' }, 1],
    [{ kind: 'B' }, 6],
    [{ kind: 'C', text: 'two\n' }, 8],
  ])
})

test('a dependency that lies beside the chart is taken where its version fits', () => {
  const named = (version: string) =>
    renderChart(
      new Map([
        [
          'charts/c/Chart.yaml',
          'apiVersion: v2\nname: c\nversion: 1.0.0\ndependencies:\n- {name: d, version: 1.x.x, repository: "oci://example.org/charts"}\n',
        ],
        ['charts/c/templates/a.yaml', 'kind: A\nname: {{ include "d.name" . }}\n'],
        ['charts/d/Chart.yaml', `apiVersion: v2\nname: d\nversion: ${version}\ntype: library\n`],
        ['charts/d/templates/_a.tpl', '{{- define "d.name" -}}told{{- end -}}'],
      ]),
      'charts/c',
      { clock: 0 },
    )
  expect(named('1.4.0')).toMatchObject({ findings: [], documents: [{ value: { name: 'told' } }] })
  expect(named('2.0.0').findings.map(({ message }) => message.key)).toEqual(['helm.noDependency', 'helm.noTemplate'])
})

test('a chart of another version than was asked for is no dependency of it', () => {
  const inner = (version: string) => ({
    'c/charts/d/Chart.yaml': `apiVersion: v2\nname: d\nversion: ${version}\n`,
    'c/charts/d/templates/a.yaml': 'kind: A\nname: {{ .Chart.Name }}\n',
  })
  const named = (version: string, on: boolean) =>
    renderChart(
      new Map(
        Object.entries({
          'c/Chart.yaml':
            'apiVersion: v2\nname: c\nversion: 1.0.0\ndependencies:\n- {name: d, version: ~1.2.0, alias: other, condition: on}\n',
          'c/values.yaml': `on: ${on}\n`,
          ...inner(version),
        }),
      ),
      'c',
      { clock: 0 },
    ).documents.map(({ value }) => (value as { name: string }).name)
  expect(named('1.2.9', true)).toEqual(['other'])
  expect(named('1.2.9', false)).toEqual([])
  expect(named('1.3.0', true)).toEqual(['d'])
  expect(named('1.3.0', false)).toEqual(['d'])
})

test('subcharts take values from above, and are switched by condition and tags', () => {
  const files = {
    'c/Chart.yaml': `apiVersion: v2
name: c
version: 1.0.0
dependencies:
  - {name: db, version: 1.x, condition: db.enabled}
  - {name: db, alias: second, version: 1.x, tags: [extra]}
  - name: gone
    version: 2.0.0
    condition: gone.enabled
  - name: lib
    version: 1.0.0
    import-values: [{child: defaults, parent: shared}, data]
`,
    'c/values.yaml':
      'global: {region: eu}\ndb: {port: 1, drop: null}\nsecond: {port: 2}\ntags: {extra: true}\ngone: {enabled: false}\nshared: {own: 1}\n',
    'c/templates/a.yaml':
      'kind: Top\nport: {{ .Values.db.port }}\nshared: {{ toJson .Values.shared }}\nx: {{ .Values.imported }}\n',
    'c/charts/db/Chart.yaml': 'name: db\nversion: 1.0.0\n',
    'c/charts/db/values.yaml': 'enabled: true\nport: 9\nname: data\ndrop: here\nglobal: {region: us, zone: a}\n',
    'c/charts/db/templates/a.yaml':
      'kind: Db\nname: {{ .Chart.Name }}-{{ .Values.name }}\nport: {{ .Values.port }}\nglobal: {{ toJson .Values.global }}\ndrop: "{{ .Values.drop }}"\nfile: {{ .Template.Name }}\n',
    'c/charts/lib/Chart.yaml': 'name: lib\nversion: 1.0.0\ntype: library\n',
    'c/charts/lib/values.yaml': 'defaults: {own: 7, other: 8}\nexports: {data: {imported: yes1}}\n',
    'c/charts/lib/templates/a.yaml': 'kind: Never\n',
  }
  const of = (set: readonly string[]) => chart(files, { values: { set } })
  const rendered = of([])
  expect(sentences(rendered)).toEqual([])
  expect(rendered.documents.map(document => document.value)).toEqual([
    {
      kind: 'Db',
      name: 'db-data',
      port: 1,
      global: { region: 'eu', zone: 'a' },
      drop: '',
      file: 'c/charts/db/templates/a.yaml',
    },
    {
      kind: 'Db',
      name: 'second-data',
      port: 2,
      global: { region: 'eu', zone: 'a' },
      drop: 'here',
      file: 'c/charts/second/templates/a.yaml',
    },
    { kind: 'Top', port: 1, shared: { own: 1, other: 8 }, x: 'yes1' },
  ])
  expect(
    of(['db.enabled=false', 'tags.extra=false']).documents.map(({ value }) => (value as { kind: string }).kind),
  ).toEqual(['Top'])
  expect(of(['gone.enabled=true']).findings.map(({ message, line }) => [message.key, line])).toEqual([
    ['helm.noDependency', 7],
  ])
})

test('values that the schema of the chart refuses are told where they stand', () => {
  const schema = {
    type: 'object',
    required: ['image'],
    additionalProperties: false,
    properties: {
      image: { type: 'string', pattern: '^[a-z]+$' },
      replicas: { type: 'integer', minimum: 1, maximum: 9 },
      mode: { enum: ['a', 'b'] },
      port: { $ref: '#/definitions/port' },
      list: { type: 'array', maxItems: 2, items: { type: 'string' } },
      either: { oneOf: [{ type: 'string' }, { type: 'integer' }] },
      password: { type: 'string', minLength: 8 },
      global: {},
    },
    definitions: { port: { type: 'integer', exclusiveMinimum: 0 } },
  }
  const told = (values: string, given = '') =>
    sentences(
      chart(
        { 'c/values.yaml': values, 'c/values.schema.json': JSON.stringify(schema), 'c/given.yaml': given },
        { values: { files: ['c/given.yaml'] } },
      ),
    ).map(said => said.slice(0, 71))
  expect(told('image: web\nreplicas: 2\nmode: a\nport: 80\nlist: [x]\neither: 5\n')).toEqual([])
  expect(told('')).toEqual(["c/values.schema.json:1: the chart's schema requires image, and no value"])
  expect(told('image: web\nreplicas: 0\n', 'mode: c\n')).toEqual([
    expect.stringContaining('c/values.yaml:2: '),
    expect.stringContaining('c/given.yaml:1: '),
  ])
  for (const wrong of [
    'replicas: "2"',
    'port: 0',
    'list: [a, b, c]',
    'list: [5]',
    'either: true',
    'extra: 1',
    'image: W',
    'password: short',
  ])
    expect([wrong, told(`image: web\n${wrong}\n`.replace('image: web\nimage', 'image'))[0]]).toEqual([
      wrong,
      expect.stringMatching(/^c\/values\.yaml:[12]: /),
    ])
  expect(
    sentences(chart({ 'c/values.yaml': 'password: hush', 'c/values.schema.json': JSON.stringify(schema) })).join(),
  ).not.toContain('hush')
})

test('the schema of a chart inside is asked of its own values', () => {
  const files = {
    'c/values.yaml': 'sub: {port: x}\n',
    'c/charts/sub/Chart.yaml': 'apiVersion: v2\nname: sub\nversion: 1.0.0\n',
    'c/charts/sub/values.schema.json': '{"properties": {"port": {"type": "integer"}}}',
    'c/templates/a.yaml': 'kind: ConfigMap\n',
  }
  const rendered = chart(files)
  expect(rendered.findings).toMatchObject([{ severity: 'error', file: 'c/values.yaml', line: 1 }])
  expect(rendered.documents).toHaveLength(1)
  expect(chart({ ...files, 'c/values.yaml': 'sub: {port: 5}\n' }).findings).toEqual([])
})

test('values given replace, add and take away; --set has its own grammar', () => {
  const rendered = chart(
    { 'c/values.yaml': 'a: {b: 1, c: 2}\nl: [1, 2]\n', 'c/templates/a.yaml': '{{ toJson .Values }}' },
    { values: { set: ['a.b=null,a.d=x\\,y', 'l[1]=9', 'n=5,t={p,q},s.x-y=true'], setString: ['v=12'] } },
  )
  expect(rendered.documents[0]?.value).toEqual({
    a: { c: 2, d: 'x,y' },
    l: [null, 9],
    n: 5,
    s: { 'x-y': true },
    t: ['p', 'q'],
    v: '12',
  })
})

test('hooks, crds, files and what is only approximate are told', () => {
  const rendered = chart({
    'c/crds/crd.yaml': 'kind: CustomResourceDefinition\nmetadata: {name: "{{ not.a.template }}"}\n',
    'c/conf/a.ini': 'x=1\n',
    'c/conf/b.ini': 'y=2\n',
    'c/templates/job.yaml': 'kind: Job\nmetadata:\n  annotations:\n    "helm.sh/hook": pre-install, post-upgrade\n',
    'c/templates/map.yaml':
      'kind: ConfigMap\ndata:\n{{ (.Files.Glob "conf/*").AsConfig | indent 2 }}\nall: {{ .Files.Get "conf/a.ini" | quote }}\nlines: {{ .Files.Lines "conf/b.ini" | toJson }}\nnames: [{{ range $path, $_ := .Files.Glob "**.ini" }}{{ $path }},{{ end }}]\n',
    'c/templates/secret.yaml':
      'kind: Secret\nca: {{ (genCA "x" 1).Cert | quote }}\npass: {{ randAlphaNum 8 }}\nsum: {{ include (print $.Template.BasePath "/job.yaml") . | sha256sum | trunc 6 }}\n',
  })
  expect(sentences(rendered)).toEqual([])
  expect(rendered.documents.map(document => [document.template, document.crd, document.hooks])).toEqual([
    ['c/crds/crd.yaml', true, []],
    ['c/templates/job.yaml', false, ['pre-install', 'post-upgrade']],
    ['c/templates/map.yaml', false, []],
    ['c/templates/secret.yaml', false, []],
  ])
  expect(rendered.documents[2]?.value).toEqual({
    kind: 'ConfigMap',
    data: { 'a.ini': 'x=1\n', 'b.ini': 'y=2\n' },
    all: 'x=1\n',
    lines: ['y=2'],
    names: ['conf/a.ini', 'conf/b.ini'],
  })
  expect(rendered.approximate).toEqual(['renderer', 'genCA', 'randAlphaNum'])
})

test('no template brings the renderer down', () => {
  const words = [
    ...[
      '{{',
      '}}',
      '{{-',
      '-}}',
      '|',
      '(',
      ')',
      '"',
      '`',
      '$',
      '$x',
      ':=',
      '=',
      ',',
      '.',
      '.Values',
      '.a',
      '.num',
      'nil',
    ],
    ...[
      'if',
      'else',
      'end',
      'range',
      'with',
      'define "t"',
      'template "t"',
      'include "t" .',
      'block "b" .',
      'break',
      'tpl',
    ],
    ...[
      'toYaml',
      'index',
      'eq',
      'and',
      'printf "%5s"',
      'list',
      'dict',
      'set',
      'until 3',
      '7',
      '-1.5',
      ' ',
      '\n',
      'x: ',
      '- ',
      '/*',
      '*/',
    ],
  ]
  const templates = fc.array(fc.constantFrom(...words), { maxLength: 14 }).map(parts => parts.join(' '))
  const actions = templates.map(text => `{{ ${text.replace(/[{}]/g, '')} }}`)
  fc.assert(
    fc.property(fc.oneof(templates, actions), text => {
      const rendered = chart({ 'c/templates/a.yaml': text, 'c/values.yaml': 'a: {b: [1]}\nnum: 3\n' })
      for (const sentence of sentences(rendered)) expect(sentence).toContain('c/templates/a.yaml:')
    }),
    { numRuns: 1_000 },
  )
})
