import { isYamlList, isYamlMap, sameValue, valueAt, type YamlPath, type YamlValue } from '../yaml/yaml-value.ts'

/** A place where two values differ; a side that does not exist there is undefined. */
export type Difference = {
  readonly path: YamlPath
  readonly before?: YamlValue | undefined
  readonly after?: YamlValue | undefined
}

/** Where two values differ, as deep as both have the same shape; lists of another length differ as a whole. */
export function differences(before: YamlValue | undefined, after: YamlValue | undefined, path: YamlPath): Difference[] {
  if (sameValue(before, after)) return []
  if (isYamlMap(before) && isYamlMap(after))
    return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap(key =>
      differences(valueAt(before, [key]), valueAt(after, [key]), [...path, key]),
    )
  if (isYamlList(before) && isYamlList(after) && before.length === after.length)
    return before.flatMap((item, index) => differences(item, after[index], [...path, index]))
  return [{ path, before, after }]
}

/**
 * The same value with lists of named things (containers, variables, ports) as maps by their names, so that one more or
 * another order in front of a thing is no difference of it. Paths in it are those a `set-field` takes: in a list a text
 * is the `name` of the item.
 */
export function byName(value: YamlValue): YamlValue {
  if (isYamlList(value)) {
    const names = value.map(item => (isYamlMap(item) ? item['name'] : undefined))
    const named = names.every(name => typeof name === 'string') && new Set(names).size === names.length
    if (!named || value.length === 0) return value.map(byName)
    return Object.fromEntries(value.map((item, index) => [names[index] as string, byName(item)]))
  }
  if (!isYamlMap(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, byName(item)]))
}

/** Where two objects differ, named things told by their names. */
export const namedDifferences = (before: YamlValue | undefined, after: YamlValue | undefined): readonly Difference[] =>
  differences(before === undefined ? undefined : byName(before), after === undefined ? undefined : byName(after), [])
