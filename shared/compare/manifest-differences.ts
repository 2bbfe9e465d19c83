import { isYamlList, isYamlMap, sameValue, valueAt, type YamlPath, type YamlValue } from '../yaml/yaml-value.ts'

/** A place where two objects differ; a side that does not exist there is undefined. */
export type ManifestDifference = {
  /** In a list of named things a text is the name of the item. */
  readonly path: YamlPath
  /** `spec.template.spec.containers[web].image`; a key with dots in it stands in brackets. */
  readonly field: string
  readonly before: YamlValue | undefined
  readonly after: YamlValue | undefined
}

/** A map that only one side has is told key by key up to so many of them, else as a whole. */
const mostApart = 8

/**
 * Where two objects differ, as deep as a person would name it: named things (containers, variables, ports) by their
 * names, so that one more of them, or another order, is no difference of the others.
 */
export function manifestDifferences(before: YamlValue, after: YamlValue): ManifestDifference[] {
  const found: ManifestDifference[] = []
  differ({ path: [], field: '', before, after }, found)
  return found
}

function differ(at: ManifestDifference, found: ManifestDifference[]): void {
  const { before, after } = at
  if (sameValue(before, after)) return
  const below = partsOf(before, after)
  if (below) for (const each of below) differ(within(at, each), found)
  else found.push(at)
}

type Below = {
  readonly step: string | number
  readonly inList: boolean
  readonly a?: YamlValue
  readonly b?: YamlValue
}

function partsOf(a: YamlValue | undefined, b: YamlValue | undefined): Below[] | null {
  if ((isYamlMap(a) && isYamlMap(b)) || isFewKeys(a, b) || isFewKeys(b, a)) {
    const keys = new Set([...(isYamlMap(a) ? Object.keys(a) : []), ...(isYamlMap(b) ? Object.keys(b) : [])])
    return [...keys].map(step => below(step, false, valueAt(a, [step]), valueAt(b, [step])))
  }
  const [named, other] = [namesOf(a), namesOf(b)]
  // An empty list, and none, have no named things.
  if ((named && other && named.size + other.size > 0) || (named && b === undefined) || (other && a === undefined)) {
    const names = new Set([...(other?.keys() ?? []), ...(named?.keys() ?? [])])
    return [...names].map(step => below(step, true, named?.get(step), other?.get(step)))
  }
  if (isYamlList(a) && isYamlList(b) && a.length === b.length)
    return a.map((item, index) => below(index, true, item, b[index]))
  return null
}

const below = (step: string | number, inList: boolean, a: YamlValue | undefined, b: YamlValue | undefined): Below => ({
  step,
  inList,
  ...(a !== undefined && { a }),
  ...(b !== undefined && { b }),
})

/** A map of plain values where the other side has nothing; a named thing stands as a whole. */
function isFewKeys(map: YamlValue | undefined, other: YamlValue | undefined): boolean {
  if (other !== undefined || !isYamlMap(map) || typeof map['name'] === 'string') return false
  const size = leaves(map)
  return size > 0 && size <= mostApart
}

const leaves = (value: YamlValue): number =>
  isYamlMap(value) ? Object.values(value).reduce<number>((sum, item) => sum + leaves(item), 0) : 1

function namesOf(list: YamlValue | undefined): Map<string, YamlValue> | null {
  if (!isYamlList(list)) return null
  const names = new Map<string, YamlValue>()
  for (const item of list) {
    const name = isYamlMap(item) ? item['name'] : undefined
    if (typeof name !== 'string' || names.has(name)) return null
    names.set(name, item)
  }
  return names
}

function within({ path, field }: ManifestDifference, { step, inList, a, b }: Below): ManifestDifference {
  const bracketed = inList || /[.[\]]/.test(String(step))
  return {
    path: [...path, step],
    field: bracketed ? `${field}[${step}]` : `${field}${field === '' ? '' : '.'}${step}`,
    before: a,
    after: b,
  }
}
