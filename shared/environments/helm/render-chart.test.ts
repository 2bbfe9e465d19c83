import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { expect, test } from 'vitest'
import { translate } from '../../messages/index.ts'
import { parseYaml } from '../../yaml/parse-yaml.ts'
import { sameValue, type YamlValue } from '../../yaml/yaml-value.ts'
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
  ['{{ and 1 0 2 }} {{ or "" "x" }} {{ not 0 }} {{ and .Values.absent .Values.absent.deep }}', '0 x true '],
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
  ["{{ 'a' }} {{ 0x10 }} {{ 1e3 }} {{ `raw` }}", '97 16 1000 raw'],
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
