import { isMap, isScalar, isSeq } from 'yaml'
import type { Message } from '../../messages/index.ts'
import { keyOf, type PlacedDocument, parseOnce } from '../../yaml/parse-yaml.ts'
import type { YamlValue } from '../../yaml/yaml-value.ts'
import { capabilitiesObject, chartObject, filesObject } from './chart-objects.ts'
import { checkValues } from './check-values.ts'
import { type EnabledChart, enableCharts } from './enable-charts.ts'
import { type Mark, newRun, type Output, type Segment, type ValueOrigin } from './evaluate.ts'
import { chartFunctions } from './helm-functions.ts'
import { loadChart } from './load-chart.ts'
import { lineAt, parseTemplate, type Template } from './parse-template.ts'
import { layValues, type OriginsKept, readSet, readValues } from './read-values.ts'
import { type Dict, TemplateError, type Value } from './value.ts'

export type ChartValues = {
  /** Values files in order, by their path among the files given. */
  readonly files?: readonly string[]
  /** Values that stand in another document: `spec.values` of a HelmRelease. `name` is what errors and origins call it. */
  readonly texts?: readonly { readonly name: string; readonly text: string }[]
  /** As `--set` takes them. */
  readonly set?: readonly string[]
  /** As `--set-string` takes them. */
  readonly setString?: readonly string[]
}
export type ChartRelease = {
  readonly name?: string
  readonly namespace?: string
  readonly revision?: number
  readonly upgrade?: boolean
}
export type ChartOptions = {
  readonly values?: ChartValues
  readonly release?: ChartRelease
  /** What `now` gives, in milliseconds since 1970. */
  readonly clock: number
  readonly kubeVersion?: string
  readonly apiVersions?: readonly string[]
}

/** Where a scalar of a rendered document comes from. */
export type ScalarOrigin = {
  readonly path: readonly (string | number)[]
  /** True when the scalar is exactly this one value; false when it is only a part, as a tag is of an image. */
  readonly whole: boolean
  readonly from: readonly (ValueOrigin & { readonly text: string })[]
}
export type ChartDocument = {
  /** The template file, from the workspace root. */
  readonly template: string
  /** 1-based line of the template that wrote the document's first value. */
  readonly line: number
  readonly text: string
  readonly value: YamlValue
  /** `helm.sh/hook` of the document: it is no part of what stays running. */
  readonly hooks: readonly string[]
  /** From `crds/`, which Helm installs first and never templates. */
  readonly crd: boolean
  /** Scalars that hold a value of the chart as it is written. Best effort: what is not here may come from values too. */
  readonly origins: readonly ScalarOrigin[]
  /** 1-based line of the template that wrote this offset of `text`. */
  readonly lineAt: (offset: number) => number
}
export type ChartFinding = {
  readonly severity: 'error' | 'warning'
  readonly file: string
  readonly line: number
  readonly message: Message
  /** The template that could not be rendered because of it. */
  readonly template?: string
}
export type RenderedChart = {
  readonly documents: readonly ChartDocument[]
  readonly findings: readonly ChartFinding[]
  /**
   * Why this may differ from what `helm template` gives. Always `renderer`; then the functions whose result only a
   * cluster or chance gives (`lookup`, `genCA`, `randAlphaNum` …), and `zone` for time zones.
   */
  readonly approximate: readonly string[]
}

/**
 * Renders a chart as `helm template` does, without Helm, network or cluster. A template that fails is a finding and
 * the others are rendered all the same; Helm itself would stop.
 *
 * `files` are texts by path from the workspace root; of them the chart's own folder counts, the values files named,
 * and charts that `file://` dependencies name.
 */
export function renderChart(
  files: ReadonlyMap<string, string>,
  chartFolder: string,
  options: ChartOptions,
): RenderedChart {
  const findings: ChartFinding[] = []
  const approximate = new Set<string>(['renderer'])
  const folder = chartFolder.replace(/^\.\/|\/+$/g, '').replace(/^\.$/, '')
  const here = { file: folder === '' ? 'Chart.yaml' : `${folder}/Chart.yaml`, line: 1 }
  const report = (error: TemplateError, severity: 'error' | 'warning' = 'error', template?: string) => {
    const { file, line } = error.place ?? here
    const message: Message = { key: error.key, params: { ...error.params, file, line } }
    findings.push({ severity, file, line, message, ...(template === undefined ? {} : { template }) })
  }
  const attempt = <T>(work: () => T, template?: string): T | undefined => {
    try {
      return work()
    } catch (error) {
      // Nested so deep that the reader itself runs out of room.
      const failure = error instanceof RangeError ? new TemplateError('helm.tooNested') : error
      if (!(failure instanceof TemplateError)) throw error
      if (template !== undefined) failure.place ??= { file: template, line: 1 }
      report(failure, 'error', template)
      return undefined
    }
  }
  const origins: OriginsKept = new WeakMap<object, Map<string | number, ValueOrigin>>()
  const chart = attempt(() => loadChart(files, folder, origins, report))
  if (!chart) return { documents: [], findings, approximate: [...approximate] }

  let given: Dict = new Map()
  const lay = (read: () => Dict) => {
    const next = attempt(read)
    if (next) given = layValues(next, given, origins, true)
  }
  for (const path of options.values?.files ?? []) {
    const text = files.get(path)
    if (text === undefined) report(new TemplateError('helm.noValuesFile', { path }, { file: path, line: 1 }))
    else lay(() => readValues(path, text, origins))
  }
  for (const { name, text } of options.values?.texts ?? []) lay(() => readValues(name, text, origins))
  for (const argument of options.values?.set ?? []) lay(() => readSet(argument, false, origins))
  for (const argument of options.values?.setString ?? []) lay(() => readSet(argument, true, origins))

  const enabled = enableCharts(chart, given, origins, report)
  for (const { chart: one, values } of withInner(enabled))
    if (one.schema) {
      const file = `${one.folder === '.' ? '' : `${one.folder}/`}values.schema.json`
      for (const error of checkValues(one.schema, values, { file, line: 1 }, origins)) report(error)
    }
  const release = releaseOf(options.release)
  const capabilities = capabilitiesObject(options.kubeVersion ?? '1.33.0', options.apiVersions ?? [])
  const sources: Source[] = []
  collectSources(enabled, enabled.chart.name, true, { release, capabilities }, sources)

  const templates = new Map<string, Template>()
  // The deepest first, so that a chart above may define what one below does, again.
  for (const source of sources.toSorted(byDepth)) {
    const parsed = attempt(() => parseTemplate(source.name, source.file, source.text), source.file)
    for (const template of parsed ?? []) {
      const known = templates.get(template.name)
      const isEmpty = template.nodes.every(node => node.type === 'text' && node.text.trim() === '')
      if (!known || !isEmpty) templates.set(template.name, template)
    }
  }
  const documents: ChartDocument[] = crdDocuments(enabled, attempt)
  const run = newRun({
    templates,
    functions: chartFunctions,
    origins,
    clock: options.clock,
    approximate: reason => approximate.add(reason),
    spent: { depth: 0, steps: 0, written: 0 },
  })
  for (const source of sources) {
    if (!source.renders || !templates.has(source.name)) continue
    run.spent.depth = 0
    run.spent.steps = 0
    run.spent.written = 0
    const output = attempt(() => run.execute(source.name, source.data()), source.file)
    if (output && source.writes) documents.push(...documentsOf(source.file, output, attempt))
  }
  return { documents, findings, approximate: [...approximate] }
}

/** A chart and all that take part in it. */
const withInner = (enabled: EnabledChart): EnabledChart[] => [enabled, ...enabled.charts.flatMap(withInner)]

type Attempt = <T>(work: () => T, template?: string) => T | undefined
type Source = {
  readonly name: string
  readonly file: string
  readonly text: string
  readonly renders: boolean
  /** Makes manifests; notes are rendered too, as a chart may refuse its values there. */
  readonly writes: boolean
  readonly data: () => Value
}

function releaseOf(release: ChartRelease | undefined): Dict {
  const upgrade = release?.upgrade ?? false
  return new Map<string, Value>([
    ['Name', release?.name ?? 'release-name'],
    ['Namespace', release?.namespace ?? 'default'],
    ['Revision', BigInt(release?.revision ?? 1)],
    ['IsInstall', !upgrade],
    ['IsUpgrade', upgrade],
    ['Service', 'Helm'],
  ])
}

function collectSources(
  enabled: EnabledChart,
  name: string,
  isRoot: boolean,
  shared: { readonly release: Dict; readonly capabilities: Value },
  sources: Source[],
): Dict {
  const { chart } = enabled
  const inner: Dict = new Map()
  const scope: Dict = new Map<string, Value>([
    ['Values', enabled.values],
    ['Chart', chartObject(chart, isRoot)],
    ['Files', filesObject(chart.files)],
    ['Release', shared.release],
    ['Capabilities', shared.capabilities],
    ['Subcharts', inner],
  ])
  for (const child of enabled.charts)
    inner.set(child.chart.name, collectSources(child, `${name}/charts/${child.chart.name}`, false, shared, sources))
  for (const [path, text] of chart.templates) {
    const base = path.split('/').at(-1)!
    const file = chart.folder === '.' ? path : `${chart.folder}/${path}`
    const template: Dict = new Map([
      ['Name', `${name}/${path}`],
      ['BasePath', `${name}/templates`],
    ])
    sources.push({
      name: `${name}/${path}`,
      file,
      text,
      renders: !chart.library && !base.startsWith('_'),
      writes: base !== 'NOTES.txt',
      data: () => new Map([...scope, ['Template', template]]),
    })
  }
  return scope
}

const depthOf = (source: Source): number => source.name.split('/').length
const byDepth = (a: Source, b: Source): number => depthOf(b) - depthOf(a) || (a.name < b.name ? 1 : -1)

function crdDocuments(enabled: EnabledChart, attempt: Attempt): ChartDocument[] {
  const own = [...enabled.chart.crds].flatMap(([path, text]) => {
    const file = enabled.chart.folder === '.' ? path : `${enabled.chart.folder}/${path}`
    const segments: Segment[] = [{ at: 0, line: 1 }]
    return documentsOf(file, { text, marks: [], segments }, attempt).map(document => ({ ...document, crd: true }))
  })
  return [...own, ...enabled.charts.flatMap(child => crdDocuments(child, attempt))]
}

function documentsOf(template: string, output: Output, attempt: Attempt): ChartDocument[] {
  const documents: ChartDocument[] = []
  for (const placed of manifestsIn(output.text)) {
    const [error] = placed.yaml.errors
    if (error) {
      attempt(() => {
        const line = templateLine(output, placed.start + error.offset)
        throw new TemplateError('helm.brokenOutput', { reason: error.message }, { file: template, line })
      }, template)
      continue
    }
    const { value } = placed.yaml
    if (value === null) continue
    const first = (placed.yaml.document.contents as { range?: readonly number[] } | null)?.range?.[0] ?? 0
    documents.push({
      template,
      line: templateLine(output, placed.start + first),
      text: placed.yaml.text,
      value,
      hooks: hooksOf(value),
      crd: false,
      origins: originsOf(placed, output.marks),
      lineAt: offset => templateLine(output, placed.start + offset),
    })
  }
  return documents
}

/**
 * The manifests of a template as Helm takes them apart: at every line that starts with `---`, whatever follows, which
 * is part of the next one. (releaseutil, SplitManifests)
 */
function manifestsIn(text: string): readonly PlacedDocument[] {
  const separators = [...text.matchAll(/(?:^|\n)---[ \t\r]*/g)]
  const ends = [...separators.map(({ index }) => index), text.length]
  return [0, ...separators.map(match => match.index + match[0].length)].flatMap((from, part) => {
    // Helm prints each without the space around it and a line break at its end.
    const piece = text.slice(from, Math.max(from, ends[part]!))
    const start = from + piece.length - piece.trimStart().length
    const manifest = piece.trim()
    return manifest === ''
      ? []
      : parseOnce(`${manifest}\n`).map(one => ({ ...one, start: one.start + start, end: one.end + start }))
  })
}

function templateLine(output: Output, offset: number): number {
  const segment = output.segments.findLast(one => one.at <= offset)
  if (!segment) return 1
  const written = output.text.slice(segment.at, offset)
  return segment.line + (segment.counts === false ? 0 : lineAt(written, written.length) - 1)
}

function hooksOf(value: YamlValue): readonly string[] {
  const field = (at: YamlValue | undefined, name: string): YamlValue | undefined =>
    typeof at === 'object' && at !== null && !Array.isArray(at) && Object.hasOwn(at, name)
      ? (at as { readonly [key: string]: YamlValue })[name]
      : undefined
  const hook = field(field(field(value, 'metadata'), 'annotations'), 'helm.sh/hook')
  if (typeof hook !== 'string') return []
  return hook
    .split(',')
    .map(one => one.trim())
    .filter(one => one !== '')
}

/** Finds the scalars in which a value of the chart was written, by where it was written. */
function originsOf(placed: PlacedDocument, marks: readonly Mark[]): readonly ScalarOrigin[] {
  const inside = marks.filter(mark => mark.start >= placed.start && mark.end <= placed.end)
  if (inside.length === 0) return []
  const found: ScalarOrigin[] = []
  const walk = (node: unknown, path: readonly (string | number)[]): void => {
    if (isMap(node)) {
      for (const pair of node.items) walk(pair.value, [...path, keyOf(pair.key)])
      return
    }
    if (isSeq(node)) {
      for (const [index, item] of node.items.entries()) walk(item, [...path, index])
      return
    }
    if (!isScalar(node) || !node.range) return
    const start = placed.start + node.range[0]
    const end = placed.start + node.range[1]
    const parts = inside.filter(mark => mark.start < end && mark.end > start && mark.start >= start && mark.end <= end)
    if (parts.length === 0) return
    const quoted = node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE' ? 1 : 0
    const [only] = parts
    const whole =
      parts.length === 1 &&
      ((only!.start === start && only!.end === end) || (only!.start === start + quoted && only!.end === end - quoted))
    found.push({
      path,
      whole,
      from: parts.map(part => ({
        ...part.origin,
        text: placed.yaml.text.slice(part.start - placed.start, part.end - placed.start),
      })),
    })
  }
  walk(placed.yaml.document.contents, [])
  return found
}
