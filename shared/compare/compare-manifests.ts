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
  let [olds, news] = [before, after]
  /** `exact`: several of one name are told apart by their order; else a name that is not the only one names none. */
  const pair = (nameOf: (manifest: Manifest) => string | null, exact = false): void => {
    const left = Map.groupBy(olds, nameOf)
    const right = Map.groupBy(news, nameOf)
    const taken = new Set<Manifest>()
    for (const [name, mine] of left) {
      const theirs = right.get(name)
      if (name === null || !theirs || (!exact && (mine.length > 1 || theirs.length > 1))) continue
      for (const [index, a] of mine.entries()) {
        const b = theirs[index]
        if (!b) break
        pairs.push({ a, b })
        taken.add(a).add(b)
      }
    }
    olds = olds.filter(manifest => !taken.has(manifest))
    news = news.filter(manifest => !taken.has(manifest))
  }
  pair(identityOf, true)
  pair(manifest => {
    const plain = isGenerated(manifest) ? withoutHash(manifest.name) : null
    return plain === null ? null : `${manifest.kind}/${manifest.namespace ?? ''}/${plain}`
  })
  // What moved to another namespace is still the same.
  pair(({ group, kind, name }) => `${group}/${kind}/${(isData(kind) && withoutHash(name)) || name}`)
  if (across)
    pair(manifest => {
      const { group, kind } = manifest
      return `${group}/${kind} ${fileAt(manifest, ['kind'])}:${manifest.lineOf(['kind'])}`
    })
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
  return { generated, environment, across }
}
