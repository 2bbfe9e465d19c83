import { versionedImage } from '../decisions/dependency-graph.ts'
import { readRecordTables } from '../decisions/record-tables.ts'
import type { ChangedField } from './changed-fields.ts'

/** What one commit touched, as far as a search asks for it. Kept by commit, since a commit never changes. */
export type Touched = {
  /** Fields by path. */
  readonly fields: readonly string[]
  /** Rules that spoke at its gate. */
  readonly rules: readonly string[]
  /** Names of dependencies with a version it moved from or to; without one where none is told. */
  readonly dependencies: readonly { readonly name: string; readonly version: string }[]
  /** Values of fields that place something: names of machines. */
  readonly nodes: readonly string[]
}

/** What a search asks of a commit beyond its message. All that is given must hold. */
export type TouchFilter = {
  readonly rule?: string
  /** `name` or `name@version`; the end of a name from a slash on will do. */
  readonly dependency?: string
  readonly node?: string
  /** A field's path or a part of it: `spec.replicas`, `replicas`. */
  readonly field?: string
}

export const untouched: Touched = { fields: [], rules: [], dependencies: [], nodes: [] }

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase()

/** Does a commit pass? */
export function passes(touched: Touched, { rule, dependency, node, field }: TouchFilter): boolean {
  return (
    (rule === undefined || touched.rules.some(id => same(id, rule))) &&
    (node === undefined || touched.nodes.some(name => same(name, node))) &&
    (field === undefined || touched.fields.some(path => isAt(path, field))) &&
    (dependency === undefined || touched.dependencies.some(each => isDependency(each, dependency)))
  )
}

/** Is it this field, or one below it? Positions in lists count only where they are asked for. */
function isAt(path: string, wanted: string): boolean {
  const asked = stepsOf(wanted)
  const steps = stepsOf(path, wanted.includes('['))
  if (asked.length === 0) return false
  return steps.some((_, at) => asked.every((step, index) => steps[at + index] === step))
}

const stepsOf = (path: string, named = true): readonly string[] =>
  (named ? path.replace(/\[([^\]]*)\]/g, '.$1') : path.replace(/\[[^\]]*\]/g, ''))
    .toLowerCase()
    // What an object is called stands in front of its field.
    .split(/[.\s]+/)
    .filter(step => step !== '')

function isDependency({ name, version }: Touched['dependencies'][number], wanted: string): boolean {
  const at = wanted.lastIndexOf('@')
  const [asked, wantedVersion] = at > 0 ? [wanted.slice(0, at), wanted.slice(at + 1)] : [wanted, null]
  const isNamed = same(name, asked) || name.toLowerCase().endsWith(`/${asked.toLowerCase()}`)
  const bare = (text: string): string => text.toLowerCase().replace(/^v(?=\d)/, '')
  return isNamed && (wantedVersion === null || bare(version) === bare(wantedVersion))
}

/** Where a machine is named: a selector, an affinity, a placement. */
const placing = /node|host|device|edge|affinit|placement/i

/** What a file's changed fields touch. Files that say which machines there are name them in any field. */
export function touchedByFields(file: string, fields: readonly ChangedField[]): Touched {
  const ofMachines = /(^|\/)\.pilothouse\/edge\//.test(file)
  const images = fields.filter(({ path, value }) => /(^|\.)image$/.test(path) && value !== '')
  return {
    ...untouched,
    fields: [...new Set(fields.map(({ path }) => path))],
    dependencies: images.map(({ value }) => versionedImage(value)),
    nodes: fields
      .filter(({ path, value }) => value !== '' && (ofMachines || placing.test(path)))
      .map(each => each.value),
  }
}

/** What a decision's own record says it touched. */
export function touchedByRecord(markdown: string): Touched {
  const { changes, gate } = readRecordTables(markdown)
  const values = changes.flatMap(({ field, before, after }) => [
    { path: field, value: before },
    { path: field, value: after },
  ])
  return { ...touchedByFields('', values), rules: [...new Set(gate.map(({ rule }) => rule))] }
}

/** Several at once. */
export function joinTouched(all: readonly Touched[]): Touched {
  const dependencies = new Map(
    all.flatMap(each => each.dependencies).map(each => [`${each.name}@${each.version}`, each] as const),
  )
  return {
    fields: [...new Set(all.flatMap(each => each.fields))],
    rules: [...new Set(all.flatMap(each => each.rules))],
    dependencies: [...dependencies.values()],
    nodes: [...new Set(all.flatMap(each => each.nodes))],
  }
}
