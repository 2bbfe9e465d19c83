import { parseYaml } from '../../yaml/parse-yaml.ts'
import { fromPlain } from './go-json.ts'
import { compileRegexp } from './go-regexp.ts'
import { lineAt } from './parse-template.ts'
import { type OriginsKept, readValues } from './read-values.ts'
import { fitsConstraint, readVersion } from './semantic-version.ts'
import { type Dict, isDict, isList, isTrue, TemplateError, textOf, type Value } from './value.ts'

export type Dependency = {
  readonly name: string
  readonly alias: string
  readonly version: string
  readonly repository: string
  readonly conditions: readonly string[]
  readonly tags: readonly string[]
  readonly imports: readonly ({ readonly child: string; readonly parent: string } | string)[]
  readonly file: string
  readonly line: number
}

export type Chart = {
  /** What templates and values of the one above call it. */
  readonly name: string
  /** As its own Chart.yaml names it. */
  readonly ownName: string
  /** Folder from the workspace root. */
  readonly folder: string
  readonly metadata: Dict
  readonly library: boolean
  readonly defaults: Dict
  /** What `values.schema.json` asks of values; null without one. */
  readonly schema: Dict | null
  /** Text by path from the chart's folder. */
  readonly templates: ReadonlyMap<string, string>
  readonly crds: ReadonlyMap<string, string>
  readonly files: ReadonlyMap<string, string>
  readonly dependencies: readonly Dependency[]
  /** Charts inside, not yet asked whether they are on. */
  readonly charts: readonly Chart[]
  /** What is declared and not there. */
  readonly missing: readonly Dependency[]
}

export type Report = (error: TemplateError, severity?: 'error' | 'warning') => void

const maximumDepth = 8

/** Reads the chart of a folder and those in its `charts/`. Null when there is no Chart.yaml that can be read. */
export function loadChart(
  files: ReadonlyMap<string, string>,
  folder: string,
  origins: OriginsKept,
  report: Report,
  depth = 0,
): Chart | null {
  const lead = folder === '.' || folder === '' ? '' : `${folder}/`
  const own = new Map<string, string>()
  for (const [path, text] of files) if (path.startsWith(lead)) own.set(path.slice(lead.length), text)
  const chartFile = `${lead}Chart.yaml`
  const chartText = own.get('Chart.yaml')
  if (chartText === undefined) {
    report(new TemplateError('helm.noChart', {}, { file: chartFile, line: 1 }))
    return null
  }
  const metadata = readMap(chartFile, chartText, report)
  if (!isTrue(metadata.get('name'))) report(new TemplateError('helm.noName', {}, { file: chartFile, line: 1 }))
  const ownName = textOf(metadata.get('name') ?? folder.split('/').at(-1) ?? '')
  const valuesText = own.get('values.yaml')
  let defaults: Dict = new Map()
  try {
    if (valuesText !== undefined) defaults = readValues(`${lead}values.yaml`, valuesText, origins)
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error
    report(error)
  }
  const schemaText = own.get('values.schema.json')
  const schema = schemaText === undefined ? null : readMap(`${lead}values.schema.json`, schemaText, report)
  const requirements = own.get('requirements.yaml')
  const dependencies = [
    ...readDependencies(chartFile, chartText, metadata),
    ...(requirements === undefined
      ? []
      : readDependencies(
          `${lead}requirements.yaml`,
          requirements,
          readMap(`${lead}requirements.yaml`, requirements, report),
        )),
  ]
  const ignored = readIgnore(own.get('.helmignore') ?? '')
  const pick = (test: (path: string) => boolean) =>
    new Map([...own].filter(([path]) => test(path) && !ignored(path)).sort(([a], [b]) => (a < b ? -1 : 1)))
  const charts: Chart[] = []
  const missing: Dependency[] = []
  if (depth < maximumDepth) {
    const names = new Set<string>()
    for (const path of own.keys()) {
      const inside = /^charts\/([^/]+)\/Chart\.yaml$/.exec(path)
      if (inside && !/^[_.]/.test(inside[1]!)) names.add(inside[1]!)
    }
    for (const name of [...names].sort()) {
      const chart = loadChart(files, `${lead}charts/${name}`, origins, report, depth + 1)
      if (chart) charts.push(chart)
    }
    for (const dependency of dependencies) {
      if (charts.some(chart => chart.ownName === dependency.name)) continue
      const beside = folderBeside(folder, dependency)
      const chart =
        beside !== null && files.has(`${beside}/Chart.yaml`)
          ? loadChart(files, beside, origins, report, depth + 1)
          : null
      // One that nobody points to has to be what would have been fetched.
      if (chart && (isLocal(dependency) || isWanted(dependency, chart))) charts.push(chart)
      else missing.push(dependency)
    }
  }
  return {
    name: ownName,
    ownName,
    folder: folder === '' ? '.' : folder,
    metadata,
    library: metadata.get('type') === 'library',
    defaults,
    schema,
    templates: pick(path => path.startsWith('templates/')),
    crds: pick(path => /^crds\/.*\.(ya?ml|json)$/.test(path)),
    files: pick(
      path =>
        !/^(templates|charts)\//.test(path) &&
        ![
          'Chart.yaml',
          'Chart.lock',
          'values.yaml',
          'values.schema.json',
          'requirements.yaml',
          'requirements.lock',
          '.helmignore',
        ].includes(path),
    ),
    dependencies,
    charts,
    missing,
  }
}

const isLocal = ({ repository }: Pick<Dependency, 'repository'>): boolean => repository.startsWith('file://')

/**
 * Where a dependency may lie that is not in `charts/`: where `file://` says, which is what `helm dependency build`
 * copies, or beside the chart, as in a repository of charts that are published together.
 */
export function folderBeside(chart: string, dependency: Pick<Dependency, 'name' | 'repository'>): string | null {
  const lead = chart === '.' || chart === '' ? '' : `${chart}/`
  if (isLocal(dependency)) return resolvePath(lead, dependency.repository.slice('file://'.length))
  return lead === '' || dependency.name.includes('/') ? null : resolvePath(lead, `../${dependency.name}`)
}

/** The chart is the one that is asked for: its name, and a version that fits. */
export function isWanted({ name, version }: Pick<Dependency, 'name' | 'version'>, chart: Chart): boolean {
  if (name !== chart.ownName) return false
  try {
    return fitsConstraint(version, readVersion(textOf(chart.metadata.get('version') ?? '')))
  } catch (error) {
    if (error instanceof TemplateError) return false
    throw error
  }
}

function readMap(file: string, source: string, report: Report): Dict {
  const [first] = parseYaml(source)
  const [error] = first?.yaml.errors ?? []
  if (error)
    report(
      new TemplateError(
        'helm.brokenYaml',
        { reason: error.message },
        { file, line: lineAt(source, (first?.start ?? 0) + error.offset) },
      ),
    )
  const value = fromPlain(first?.yaml.value ?? null)
  return isDict(value) ? value : new Map()
}

const items = (value: Value | undefined): readonly Value[] => (isList(value) ? value : [])

function readDependencies(file: string, source: string, metadata: Dict): Dependency[] {
  return items(metadata.get('dependencies')).flatMap(item => {
    if (!isDict(item) || !isTrue(item.get('name'))) return []
    const field = (name: string) => textOf(item.get(name) ?? '')
    const named = source.search(new RegExp(`name:\\s*["']?${field('name').replace(/[^\w-]/g, '.')}["']?\\s*$`, 'm'))
    return [
      {
        name: field('name'),
        alias: field('alias'),
        version: field('version'),
        repository: field('repository'),
        conditions: field('condition')
          .split(',')
          .map(path => path.trim())
          .filter(path => path !== ''),
        tags: items(item.get('tags')).map(tag => textOf(tag)),
        imports: items(item.get('import-values')).map(entry =>
          isDict(entry)
            ? { child: textOf(entry.get('child') ?? ''), parent: textOf(entry.get('parent') ?? '') }
            : textOf(entry),
        ),
        file,
        line: named < 0 ? 1 : lineAt(source, named),
      },
    ]
  })
}

function resolvePath(lead: string, relative: string): string | null {
  const parts = lead.split('/').filter(part => part !== '')
  for (const part of relative.split('/')) {
    if (part === '' || part === '.') continue
    if (part !== '..') parts.push(part)
    else if (parts.pop() === undefined) return null
  }
  return parts.join('/')
}

/** The patterns of `.helmignore` that are names, folders, or have `*`. */
function readIgnore(source: string): (path: string) => boolean {
  const rules = source
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '' && !line.startsWith('#'))
    .map(line => {
      const negative = line.startsWith('!')
      const pattern = negative ? line.slice(1) : line
      const folder = pattern.endsWith('/')
      const plain = pattern.replace(/^\//, '').replace(/\/$/, '')
      return { negative, folder, rooted: pattern.replace(/\/$/, '').includes('/'), test: glob(plain) }
    })
  return path => {
    const parts = path.split('/')
    let ignored = false
    for (const { negative, folder, rooted, test } of rules) {
      const hit = parts.some((part, index) => {
        if (folder && index === parts.length - 1) return false
        return test(rooted ? parts.slice(0, index + 1).join('/') : part)
      })
      if (hit) ignored = !negative
    }
    return ignored
  }
}

/** A glob of Helm's `.Files.Glob` and `.helmignore`: `*` stops at slashes, `**` does not. */
export function glob(pattern: string): (path: string) => boolean {
  let source = ''
  let rest = pattern
  while (rest !== '') {
    const [token] = /^(?:\*\*\/?|\*|\?|\{[^}]*\}|\[[^\]]*\]|[\s\S])/.exec(rest) ?? [rest]
    rest = rest.slice(token.length)
    if (token === '**/') source += '(?:[^/]+/)*'
    else if (token === '**') source += '.*'
    else if (token === '*') source += '[^/]*'
    else if (token === '?') source += '[^/]'
    else if (token.length > 1 && token.startsWith('{'))
      source += `(?:${token
        .slice(1, -1)
        .split(',')
        .map(one => one.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll('\\*', '[^/]*'))
        .join('|')})`
    else if (token.length > 1 && token.startsWith('['))
      source += `[${token
        .slice(1, -1)
        .replace(/[\\\]]/g, '\\$&')
        .replace(/^!/, '^')}]`
    else source += token.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  }
  // The pattern may be anybody's, so it does not run where it could take for ever.
  const test = compileRegexp(`^(?:${source})$`)
  return path => test.exec(path, 0) !== null
}
