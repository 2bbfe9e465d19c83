import { environmentInPath, environmentWordIn, isEnvironmentWord } from '../environment-word.ts'
import type { KustomizeReader } from '../kustomize/kustomization-files.ts'
import { folderOfPath, isWithin } from '../kustomize/paths.ts'
import { isMapping, itemsIn, type Mapping, textIn } from '../kustomize/tree.ts'
import { partOfChart } from './chart-folders.ts'
import type { Release } from './render-release.ts'

/** Charts of the repository with the values of one environment. */
export type ChartEnvironment = {
  readonly id: string
  /** The environment's name, or the chart's for its default values. */
  readonly name: string
  /** Folder of the chart, or of all the charts. */
  readonly path: string
  readonly releases: readonly Release[]
}

type FoundChart = {
  readonly folder: string
  readonly name: string
  readonly keys: ReadonlySet<string>
  readonly defaults: string | null
  readonly values: Map<string, string>
}

/**
 * Environments that charts make: of each chart its default values, and one for each further values file that belongs to
 * it. Charts beside each other are one environment, as each of them is a part of what runs, where they `agree`: no two
 * of them declare the same object. Left out are libraries,
 * charts inside of charts, and charts that another one takes in.
 */
export function findChartEnvironments(
  reader: KustomizeReader,
  agree: (releases: readonly Release[]) => boolean,
): readonly ChartEnvironment[] {
  const charts = chartsIn(reader)
  if (charts.length === 0) return []
  assignValues(reader, charts)
  return [...Map.groupBy(charts, chart => folderOfPath(chart.folder))].flatMap(([folder, beside]) => {
    const isOne = beside.length > 1 && agree(beside.map(chart => releaseOf(beside, chart, null)))
    return isOne ? environmentsOf(folder, beside) : beside.flatMap(chart => environmentsOf(folder, [chart]))
  })
}

function releaseOf(beside: readonly FoundChart[], chart: FoundChart, environment: string | null): Release {
  const file = environment === null ? undefined : chart.values.get(environment)
  // Where values of the environment are, or would be: as the charts beside it have them.
  const own = environment === null ? chart.defaults : (file ?? fileLike(beside, chart, environment))
  return {
    chart: chart.folder,
    name: chart.name,
    files: file === undefined ? [] : [file],
    inline: [],
    parameters: [],
    sites: own === null ? [] : [{ kind: 'values-file', file: own, chart: chart.folder }],
  }
}

/** The default values of charts, and one environment for each name that any of them has values for. */
function environmentsOf(folder: string, beside: readonly FoundChart[]): readonly ChartEnvironment[] {
  const [first] = beside
  const alone = beside.length === 1 ? first : undefined
  const path = alone?.folder ?? folder
  const id = alone?.folder ?? (folder === '.' ? 'helm' : folder)
  const name = alone?.name ?? (folder === '.' ? 'charts' : folder.split('/').at(-1)!)
  const releases = (environment: string | null) => beside.map(chart => releaseOf(beside, chart, environment))
  const names = new Set(beside.flatMap(chart => [...chart.values.keys()]))
  return [
    { id, name, path, releases: releases(null) },
    ...[...names].sort().map(environment => ({
      id: alone?.values.get(environment) ?? `${id}@${environment}`,
      name: environment,
      path,
      releases: releases(environment),
    })),
  ]
}

/** The values file of an environment that another chart has, as this one would have it. */
function fileLike(charts: readonly FoundChart[], chart: FoundChart, environment: string): string | null {
  for (const other of charts) {
    const file = other.values.get(environment)
    if (file !== undefined && isWithin(other.folder, file)) return chart.folder + file.slice(other.folder.length)
  }
  return null
}

/** The chart of a folder with its default values; null where there is none. */
export function chartAt(reader: KustomizeReader, folder: string): Release | null {
  const lead = folder === '.' ? '' : `${folder}/`
  const metadata = metadataOf(reader, `${lead}Chart.yaml`)
  if (!metadata) return null
  const defaults = `${lead}values.yaml`
  return {
    chart: folder,
    name: textIn(metadata, 'name') ?? folder.split('/').at(-1)!,
    files: [],
    inline: [],
    parameters: [],
    sites: reader.content(defaults) === undefined ? [] : [{ kind: 'values-file', file: defaults, chart: folder }],
  }
}

function metadataOf(reader: KustomizeReader, path: string): Mapping | undefined {
  const read = reader.trees(path, 'resource')
  const tree = read && 'documents' in read ? read.documents[0] : undefined
  return isMapping(tree) ? tree : undefined
}

function chartsIn(reader: KustomizeReader): FoundChart[] {
  const folders = reader
    .paths()
    .filter(path => /(^|\/)Chart\.yaml$/.test(path) && !/(^|\/)(charts\/[^/]+\/charts|testdata|fixtures)\//.test(path))
    .map(folderOfPath)
  const isPart = partOfChart(folders)
  const found: FoundChart[] = []
  const taken = new Set<string>()
  for (const folder of folders) {
    // Inside of another chart it is a part of that one.
    if (isPart(`${folder}/`)) continue
    const lead = folder === '.' ? '' : `${folder}/`
    const metadata = metadataOf(reader, `${lead}Chart.yaml`)
    if (!metadata) continue
    for (const dependency of itemsIn(metadata, 'dependencies')) {
      const relative = /^file:\/\/(.*)$/.exec(textIn(dependency, 'repository') ?? '')?.[1]
      const beside = relative === undefined ? null : joined(folder, relative)
      if (beside !== null) taken.add(beside)
    }
    if (textIn(metadata, 'type') === 'library') continue
    const values = valuesIn(reader, `${lead}values.yaml`)
    found.push({
      folder,
      name: textIn(metadata, 'name') ?? folder.split('/').at(-1)!,
      keys: new Set([
        ...(values ? values.entries.keys() : []),
        ...itemsIn(metadata, 'dependencies').flatMap(one => textIn(one, 'alias') ?? textIn(one, 'name') ?? []),
        'global',
      ]),
      defaults: values ? `${lead}values.yaml` : null,
      values: new Map(),
    })
  }
  return found.filter(chart => !taken.has(chart.folder))
}

function joined(folder: string, relative: string): string | null {
  const steps = folder === '.' ? [] : folder.split('/')
  for (const step of relative.split('/')) {
    if (step === '..') {
      if (steps.pop() === undefined) return null
    } else if (step !== '' && step !== '.') steps.push(step)
  }
  return steps.join('/') || '.'
}

/** The map of a file that is no Kubernetes object. */
function valuesIn(reader: KustomizeReader, path: string): Mapping | undefined {
  const text = reader.content(path)
  if (typeof text !== 'string' || text.length > 500_000 || /^apiVersion:/m.test(text) || text.includes('{{'))
    return undefined
  return metadataOf(reader, path)
}

/** Gives each further values file to the chart it is for: the one it lies in, or else the one it is most like. */
function assignValues(reader: KustomizeReader, charts: readonly FoundChart[]): void {
  const byFolder = new Map(charts.map(chart => [chart.folder, chart]))
  for (const path of reader.paths()) {
    const name = environmentOfValues(path)
    if (name === undefined) continue
    const around = chartAround(byFolder, path)
    if (around) {
      const inside = around.folder === '.' ? path : path.slice(around.folder.length + 1)
      if (/^(templates|charts|crds|ci|files|tests?)\//.test(inside)) continue
      const values = valuesIn(reader, path)
      if (values && (/values/i.test(inside) || isLike(around, values))) put(around, name, path)
      continue
    }
    const values = valuesIn(reader, path)
    if (!values) continue
    const fits = charts
      .filter(chart => isLike(chart, values))
      .map(chart => ({ chart, near: nearness(chart, path) }))
      .toSorted((a, b) => b.near - a.near)
    const [best, second] = fits
    if (best && best.near > 0 && best.near !== second?.near) put(best.chart, name, path)
  }
}

function chartAround(charts: ReadonlyMap<string, FoundChart>, path: string): FoundChart | undefined {
  for (let folder = folderOfPath(path); folder !== '.'; folder = folderOfPath(folder)) {
    const chart = charts.get(folder)
    if (chart) return chart
  }
  return charts.get('.')
}

/** Most of the keys are those of the chart's own values. */
function isLike(chart: FoundChart, values: Mapping): boolean {
  const keys = [...values.entries.keys()]
  return keys.length > 0 && keys.filter(key => chart.keys.has(key)).length * 10 >= keys.length * 7
}

/** A second file of one environment is another one: named by its whole path. */
const put = (chart: FoundChart, name: string, path: string): void => {
  chart.values.set(chart.values.has(name) ? path : name, path)
}

/** How much of a path names the chart or lies around it. */
function nearness(chart: FoundChart, path: string): number {
  const own = chart.folder.split('/')
  const steps = path.replace(/\.ya?ml$/, '').split('/')
  const named = steps.some(
    step => step === own.at(-1) || step === chart.name || step.split(/[-_.]/).includes(chart.name),
  )
  let shared = 0
  while (shared < own.length && own[shared] === steps[shared]) shared += 1
  return (named ? 100 : 0) + shared + 1
}

/** `prod` of `values-prod.yaml`, `values/prod.yaml`, `prod.values.yaml`, `environments/prod/values.yaml`. */
function environmentOfValues(path: string): string | undefined {
  const match = /^(.*?)([^/]+)\.ya?ml$/.exec(path)
  if (!match) return undefined
  const [, folders, stem] = match as unknown as [string, string, string]
  if (/^(Chart|requirements|kustomization|helmfile|skaffold|docker-compose.*|compose)$/i.test(stem)) return undefined
  if (/schema|example|sample|template/i.test(stem)) return undefined
  const steps = folders.split('/').filter(step => step !== '')
  const parent = steps.at(-1) ?? ''
  const own = /^values[-_.](.+)$/i.exec(stem)?.[1] ?? /^(.+)[-_.]values$/i.exec(stem)?.[1]
  if (own !== undefined) return environmentInPath(folders) && !isEnvironmentWord(own) ? environmentInPath(folders) : own
  if (/^values$/i.test(stem)) return environmentInPath(folders)
  if (/^(values|env|envs|environments?|overlays|stages?|config|configs)$/i.test(parent))
    return /^values$/i.test(parent) || isEnvironmentWord(stem) ? stem : undefined
  return environmentWordIn(stem) === stem
    ? stem
    : environmentInPath(folders) && !folders.includes('templates')
      ? environmentInPath(folders)
      : undefined
}
