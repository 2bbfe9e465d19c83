import { type Chart, type Dependency, isWanted, type Report } from './load-chart.ts'
import { copyWithOrigins, layValues, type OriginsKept } from './read-values.ts'
import { type Dict, isDict, TemplateError, type Value } from './value.ts'

/** A chart that takes part, with the values it renders with. Its own charts see a part of them. */
export type EnabledChart = { readonly chart: Chart; readonly values: Dict; readonly charts: readonly EnabledChart[] }

/**
 * Switches charts on and off by condition and tags, names them by alias, takes in what `import-values` asks for, and
 * lays values over each other as Helm does (dependencies.go, coalesce.go): what is given, then the parent's, then the
 * chart's own; `global` goes down.
 */
export function enableCharts(chart: Chart, given: Dict, origins: OriginsKept, report: Report): EnabledChart {
  const switched = switchCharts(chart, given, '', null, origins, report)
  const imported = importValues(switched, origins)
  return coalesce(imported, given, origins)
}

function switchCharts(
  chart: Chart,
  given: Dict,
  path: string,
  top: Dict | null,
  origins: OriginsKept,
  report: Report,
): Chart {
  // A chart of another version than was asked for is no dependency to Helm: nothing renames it.
  const declared = (one: Chart): readonly Dependency[] => chart.dependencies.filter(wanted => isWanted(wanted, one))
  // One chart may be used several times under other names.
  const named = chart.charts.flatMap((one): { chart: Chart; dependency: Dependency | undefined }[] => {
    const uses = declared(one)
    if (uses.length === 0) return [{ chart: one, dependency: undefined }]
    return uses.map(dependency => ({
      chart: dependency.alias === '' ? one : { ...one, name: dependency.alias },
      dependency,
    }))
  })
  const candidate: Chart = { ...chart, charts: named.map(one => one.chart) }
  const values = top ?? coalesce(candidate, given, origins).values
  for (const dependency of chart.missing) {
    if (!isOn(dependency, values, path)) continue
    const { name, version } = dependency
    report(new TemplateError('helm.noDependency', { name, version, folder: chart.folder }, dependency), 'warning')
  }
  const charts = named
    .filter(({ chart: one, dependency }) =>
      dependency
        ? isOn(dependency, values, path)
        : chart.dependencies.every(other => (other.alias || other.name) !== one.ownName || isOn(other, values, path)),
    )
    .map(one => switchCharts(one.chart, given, `${path}${one.chart.name}.`, values, origins, report))
  return { ...chart, charts }
}

function isOn(dependency: Dependency, values: Dict, path: string): boolean {
  let on = true
  const tags = values.get('tags')
  if (isDict(tags)) {
    const said = dependency.tags.map(tag => tags.get(tag))
    if (!said.includes(true) && said.includes(false)) on = false
  }
  for (const condition of dependency.conditions) {
    const found = valueAtPath(values, `${path}${condition}`)
    if (typeof found === 'boolean') return found
  }
  return on
}

function valueAtPath(values: Dict, path: string): Value | undefined {
  let at: Value | undefined = values
  for (const step of path.split('.')) at = isDict(at) ? at.get(step) : undefined
  return at
}

function importValues(chart: Chart, origins: OriginsKept): Chart {
  const charts = chart.charts.map(one => importValues(one, origins))
  let defaults = chart.defaults
  for (const dependency of chart.dependencies) {
    const name = dependency.alias || dependency.name
    const child = charts.find(one => one.name === name)
    if (!child) continue
    const own = defaults.get(name)
    const values = coalesce(child, isDict(own) ? own : new Map(), origins).values
    for (const entry of dependency.imports) {
      const from = typeof entry === 'string' ? `exports.${entry}` : entry.child
      const to = typeof entry === 'string' || entry.parent === '.' ? [] : entry.parent.split('.')
      const found = valueAtPath(values, from)
      if (!isDict(found)) continue
      const lifted = to.reduceRight<Dict>((inner, step) => new Map([[step, inner]]), found)
      // What the parent says itself wins.
      defaults = layValues(defaults, lifted, origins, true)
    }
  }
  return { ...chart, defaults, charts }
}

function coalesce(chart: Chart, given: Dict, origins: OriginsKept): EnabledChart {
  const values = layValues(given, chart.defaults, origins)
  const charts = chart.charts.map(child => {
    const own = values.get(child.name)
    const inside: Dict = isDict(own) ? own : new Map()
    const shared = values.get('global')
    const below = inside.get('global')
    if (isDict(shared))
      inside.set('global', isDict(below) ? layValues(shared, below, origins) : copyWithOrigins(shared, origins))
    else if (!isDict(below)) inside.set('global', new Map())
    const enabled = coalesce(child, inside, origins)
    values.set(child.name, enabled.values)
    return enabled
  })
  return { chart, values, charts }
}
