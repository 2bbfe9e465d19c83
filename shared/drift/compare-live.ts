import { amountOf } from '../compare/manifest-noise.ts'
import { encoded } from '../delivery/applicable.ts'
import { isObject, type Json, type JsonObject, objectAt, textsAt } from '../manifests/manifest.ts'
import { isUnordered, itemKey, keysOfItems } from './list-keys.ts'
import type { Step, Trail } from './live-path.ts'

export type LiveDifference = {
  readonly trail: Trail
  /** Absent where Git says nothing of it. */
  readonly desired?: Json
  /** Absent where it is not live. */
  readonly live?: Json
}

/** What the API server writes of its own accord, and tools leave behind. */
const serverAnnotations =
  /^(kubectl\.kubernetes\.io\/last-applied-configuration$|deployment\.kubernetes\.io\/|control-plane\.alpha\.kubernetes\.io\/|autoscaling\.alpha\.kubernetes\.io\/|endpoints\.kubernetes\.io\/|pv\.kubernetes\.io\/|volume\.(beta\.)?kubernetes\.io\/)/
const deliveryKeys =
  /^(argocd\.argoproj\.io\/(tracking-id|instance|hook.*)|(kustomize|helm)\.toolkit\.fluxcd\.io\/.+|meta\.helm\.sh\/.+|helm\.sh\/hook.*|objectset\.rio\.cattle\.io\/.+|pilothouse\.dev\/(set|environment))$/

/**
 * Where what is live is not what Git says, as deep as both have a shape: maps by key, lists by the API's merge keys,
 * quantities by their amount. Status and what the server keeps for itself are not compared; what is empty in Git and
 * not live is the same, as the server drops it.
 */
export function compareLive(desired: JsonObject, live: JsonObject): readonly LiveDifference[] {
  const found: LiveDifference[] = []
  const [a, b] = [comparable(desired), comparable(live)]
  compareMaps(a, b, [])
  return found

  function compareMaps(left: JsonObject, right: JsonObject, trail: Trail): void {
    for (const [key, value] of Object.entries(left)) compare(value, right[key], [...trail, { key }])
    for (const [key, value] of Object.entries(right)) if (!Object.hasOwn(left, key)) extra(value, [...trail, { key }])
  }

  function compare(left: Json, right: Json | undefined, trail: Trail): void {
    if (right === undefined) {
      if (!isEmpty(left)) found.push({ trail, desired: left })
    } else if (isObject(left) && isObject(right)) compareMaps(left, right, trail)
    else if (Array.isArray(left) && Array.isArray(right)) compareLists(left, right, trail)
    else if (!isSame(left, right, trail)) found.push({ trail, desired: left, live: right })
  }

  function compareLists(left: readonly Json[], right: readonly Json[], trail: Trail): void {
    const list = nameOfList(trail)
    const keys = left.length > 0 ? keysOfItems(list, left, right) : null
    if (keys) {
      const rest = new Map(right.map(item => [itemKey(item as JsonObject, keys), item as JsonObject]))
      for (const item of left as readonly JsonObject[]) {
        const other = rest.get(itemKey(item, keys))
        rest.delete(itemKey(item, keys))
        compare(item, other, [...trail, { keys, item }])
      }
      for (const item of rest.values()) found.push({ trail: [...trail, { keys, item }], live: item })
    } else if (left.length === right.length && left.some(isObject))
      for (const [index, item] of left.entries()) compare(item, right[index], [...trail, { index }])
    else if (left.length === 0) extra(right, trail)
    else if (!sameLists(left, right, list)) found.push({ trail, desired: left, live: right })
  }

  /** What is live only, taken apart where its parts may be of different people. */
  function extra(value: Json, trail: Trail): void {
    if (isObject(value) && Object.keys(value).length > 0)
      for (const [key, item] of Object.entries(value)) extra(item, [...trail, { key }])
    else if (Array.isArray(value) && value.length > 0) {
      const items = value as readonly Json[]
      const keys = keysOfItems(nameOfList(trail), items, items)
      if (!keys) found.push({ trail, live: value })
      else
        for (const item of items as readonly JsonObject[]) found.push({ trail: [...trail, { keys, item }], live: item })
    } else if (!isEmpty(value)) found.push({ trail, live: value })
  }
}

const nameOfList = (trail: Trail): string => {
  const last: Step | undefined = trail.at(-1)
  return last && 'key' in last ? last.key : ''
}

const isEmpty = (value: Json): boolean =>
  value === null ||
  value === '' ||
  value === false ||
  value === 0 ||
  (Array.isArray(value) ? value.length === 0 : isObject(value) && Object.values(value).every(isEmpty))

/** An object without what is not Git's to say; secrets with their values as the server keeps them. */
function comparable(object: JsonObject): JsonObject {
  const { apiVersion: _, kind, metadata, status: __, sops: ___, stringData, ...rest } = object
  const kept = (key: 'labels' | 'annotations') =>
    Object.fromEntries(
      Object.entries(textsAt(metadata, key)).filter(
        ([name]) => !serverAnnotations.test(name) && !deliveryKeys.test(name),
      ),
    )
  const data =
    kind === 'Secret'
      ? { data: { ...objectAt(rest['data']), ...encoded(textsAt(stringData)) } }
      : stringData === undefined
        ? {}
        : { stringData }
  return { metadata: { labels: kept('labels'), annotations: kept('annotations') }, ...rest, ...data }
}

const amounts = new Set(['requests', 'limits', 'capacity', 'hard', 'default', 'defaultRequest', 'max', 'min'])
const ofAmount = new Set(['sizeLimit', 'storage', 'averageValue', 'value', 'divisor', 'cpu', 'memory'])

/** The same value to Kubernetes: `1000m` is `1`, `"80"` is `80`; what is encrypted in Git cannot be told. */
function isSame(left: Json, right: Json, trail: Trail): boolean {
  if (left === right) return true
  if (typeof left === 'string' && left.startsWith('ENC[')) return true
  if (Array.isArray(left) || Array.isArray(right) || isObject(left) || isObject(right)) return false
  if (String(left) === String(right)) return true
  const names = trail.flatMap(step => ('key' in step ? step.key : []))
  const last = names.at(-1) ?? ''
  if (names.some(name => amounts.has(name)) || ofAmount.has(last)) {
    const [a, b] = [amountOf(left), amountOf(right)]
    if (a !== null && a === b) return true
  }
  const inSecret = names.length === 2 && names[0] === 'data'
  return inSecret && typeof left === 'string' && typeof right === 'string' && packed(left) === packed(right)
}
const packed = (text: string): string => text.replaceAll(/\s/g, '')

function sameLists(left: readonly Json[], right: readonly Json[], list: string): boolean {
  const text = (items: readonly Json[]) => items.map(item => JSON.stringify(item))
  const [a, b] = isUnordered(list) ? [text(left).sort(), text(right).sort()] : [text(left), text(right)]
  return a.join('\n') === b.join('\n')
}

/** Annotations a client-side apply left behind of what it was given; null where there are none. */
export function lastApplied(live: JsonObject): JsonObject | null {
  const text = textsAt(live, 'metadata', 'annotations')['kubectl.kubernetes.io/last-applied-configuration']
  if (text === undefined) return null
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value as Json) ? (value as JsonObject) : null
  } catch {
    return null
  }
}
