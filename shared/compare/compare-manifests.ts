import { fileAt, type Manifest } from '../manifests/manifest.ts'
import { identityOf } from '../topology/workload.ts'
import type { YamlValue } from '../yaml/yaml-value.ts'
import { type Change, type FieldDifference, fieldKey, type Subject } from './difference.ts'
import { manifestDifferences } from './manifest-differences.ts'
import { noiseOf, type Renamed, withoutHash } from './manifest-noise.ts'
import { shownValue } from './shown-value.ts'

export type ManifestSubject = Subject<Change> & {
  readonly before: Manifest | null
  readonly after: Manifest | null
}

/**
 * What differs between two sets of rendered objects, object by object and field by field: named things by their names,
 * whatever their order, comments and spelling. What means nothing for what runs is told as noise. `across`: the two are
 * different environments, whose namespaces and prefixes are their own.
 */
export function compareManifests(
  before: readonly Manifest[],
  after: readonly Manifest[],
  across = false,
): ManifestSubject[] {
  const pairs = pairManifests(before, after, across)
  const renamed = renamesOf(pairs, across)
  const subjects: ManifestSubject[] = []
  for (const { a, b } of pairs) {
    if (a === b) continue
    const key = identityOf((b ?? a)!)
    const keyA = a && b && identityOf(a) !== key ? { keyA: identityOf(a) } : {}
    if (!a || !b) {
      subjects.push({ key, change: a ? 'removed' : 'added', fields: [], before: a, after: b })
      continue
    }
    const fields = fieldsOf(key, a, b, renamed)
    if (fields.length > 0) subjects.push({ key, ...keyA, change: 'changed', fields, before: a, after: b })
  }
  return subjects.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
}

function fieldsOf(key: string, a: Manifest, b: Manifest, renamed: Renamed): FieldDifference[] {
  return manifestDifferences(a.value, b.value).map(({ path, field, before, after }) => {
    const noise =
      field === 'metadata.name' && a.name !== b.name
        ? withoutHash(a.name) !== null
          ? 'generated-name'
          : 'environment'
        : noiseOf(path, before, after, renamed)
    const shown = (value: YamlValue | undefined) => (value === undefined ? null : shownValue(b.kind, path, value))
    const [was, is] = [shown(before), shown(after)]
    return {
      key: fieldKey(key, field),
      field,
      before: was,
      after: is,
      ...(noise && { noise }),
      ...(was === is && { hidden: true as const }),
    }
  })
}

type Pair = { readonly a: Manifest | null; readonly b: Manifest | null }

/** The same object on both sides: by identity, then by the name it was generated from, then by where it is declared. */
export function pairManifests(before: readonly Manifest[], after: readonly Manifest[], across: boolean): Pair[] {
  const pairs: Pair[] = []
  let [olds, news] = [[...before], [...after]]
  const pair = (nameOf: (manifest: Manifest) => string | null) => {
    const byName = new Map<string, Manifest[]>()
    for (const manifest of olds) {
      const name = nameOf(manifest)
      if (name !== null) byName.set(name, [...(byName.get(name) ?? []), manifest])
    }
    const taken = new Set<Manifest>()
    const counts = new Map<string, number>()
    for (const manifest of news) {
      const name = nameOf(manifest)
      if (name !== null) counts.set(name, (counts.get(name) ?? 0) + 1)
    }
    news = news.filter(b => {
      const name = nameOf(b)
      const found = name === null ? undefined : byName.get(name)
      // Several of one name are told apart by their order only where both sides have as many.
      if (!found || name === null || (found.length === 0 && counts.get(name) !== 1)) return true
      const a = found.shift()
      if (!a) return true
      taken.add(a)
      pairs.push({ a, b })
      return false
    })
    olds = olds.filter(a => !taken.has(a))
  }
  pair(identityOf)
  pair(manifest => {
    const plain = isGenerated(manifest) ? withoutHash(manifest.name) : null
    return plain === null ? null : `${manifest.kind}/${manifest.namespace ?? ''}/${plain}`
  })
  if (across) {
    pair(({ group, kind, name }) => `${group}/${kind}/${(isData(kind) && withoutHash(name)) || name}`)
    pair(manifest => {
      const { group, kind } = manifest
      return `${group}/${kind} ${fileAt(manifest, ['kind'])}:${manifest.lineOf(['kind'])}`
    })
  }
  return [...pairs, ...olds.map(a => ({ a, b: null })), ...news.map(b => ({ a: null, b }))]
}

const isData = (kind: string): boolean => kind === 'ConfigMap' || kind === 'Secret'
const isGenerated = ({ group, kind, name }: Manifest): boolean =>
  group === '' && isData(kind) && withoutHash(name) !== null

function renamesOf(pairs: readonly Pair[], across: boolean): Renamed {
  const [generated, environment] = [new Map<string, string>(), new Map<string, string>()]
  for (const { a, b } of pairs) {
    if (!a || !b) continue
    if (a.name !== b.name) (isGenerated(a) ? generated : environment).set(a.name, b.name)
    if (across && a.namespace && b.namespace && a.namespace !== b.namespace) environment.set(a.namespace, b.namespace)
  }
  return { generated, environment }
}
