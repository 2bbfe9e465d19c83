import type { MergeShape } from '../environments/kustomize/merge-keys.ts'
import { isYamlList, isYamlMap, sameValue, type YamlMap, type YamlValue } from '../yaml/yaml-value.ts'

/**
 * The strategic merge that makes one value of another, with no more than what differs: null takes a key out, and items
 * of lists that have keys are named by these. Undefined where the two are the same.
 */
export function patchFor(before: YamlValue, after: YamlValue, shape: MergeShape | undefined): YamlValue | undefined {
  if (sameValue(before, after)) return undefined
  if (isYamlMap(before) && isYamlMap(after)) return patchOfMap(before, after, shape)
  const keys = shape?.keys
  if (!isYamlList(before) || !isYamlList(after) || !keys || keys.length === 0) return after
  const items: YamlValue[] = []
  for (const item of after) {
    const old = before.find(other => sameItem(other, item, keys))
    const change = old === undefined ? item : patchFor(old, item, shape.fields && { fields: shape.fields })
    if (change !== undefined) items.push(old === undefined ? item : { ...keysOf(item, keys), ...asMap(change) })
  }
  for (const item of before)
    if (!after.some(other => sameItem(item, other, keys))) items.push({ ...keysOf(item, keys), $patch: 'delete' })
  return items
}

function patchOfMap(before: YamlMap, after: YamlMap, shape: MergeShape | undefined): YamlMap {
  const patch: Record<string, YamlValue> = {}
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const [old, now] = [before[key], after[key]]
    if (now === undefined) patch[key] = null
    else if (old === undefined) patch[key] = now
    else {
      const change = patchFor(old, now, shape?.fields?.[key])
      if (change !== undefined) patch[key] = change
    }
  }
  return patch
}

const asMap = (value: YamlValue): YamlMap => (isYamlMap(value) ? value : {})
const keysOf = (item: YamlValue, keys: readonly string[]): YamlMap => {
  const map = asMap(item)
  return Object.fromEntries(keys.flatMap(key => (map[key] === undefined ? [] : [[key, map[key]]])))
}
const sameItem = (a: YamlValue, b: YamlValue, keys: readonly string[]): boolean =>
  isYamlMap(a) && isYamlMap(b) && keys.every(key => sameValue(a[key], b[key]))

/** True when two values are the same but for the order of items in lists that have keys, which is not theirs to say. */
export function sameMerged(a: YamlValue | undefined, b: YamlValue | undefined, shape: MergeShape | undefined): boolean {
  if (isYamlMap(a) && isYamlMap(b)) {
    const keys = new Set([...Object.keys(a), ...Object.keys(b)])
    return [...keys].every(key => sameMerged(a[key], b[key], shape?.fields?.[key]))
  }
  const keys = shape?.keys
  if (!isYamlList(a) || !isYamlList(b) || !keys || keys.length === 0) return sameValue(a, b)
  const inner = shape.fields && { fields: shape.fields }
  return (
    a.length === b.length &&
    a.every(item => b.some(other => sameItem(item, other, keys) && sameMerged(item, other, inner)))
  )
}
