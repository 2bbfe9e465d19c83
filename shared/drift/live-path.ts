import { isObject, type Json, type JsonObject, type Path } from '../manifests/manifest.ts'
import { itemKey } from './list-keys.ts'

/** A step into an object: a key, the item of a list that these fields tell apart, or a position. */
export type Step =
  | { readonly key: string }
  | { readonly keys: readonly string[]; readonly item: JsonObject }
  | { readonly index: number }
export type Trail = readonly Step[]

/** `spec.template.spec.containers[web].ports[8080]` */
export function trailText(trail: Trail): string {
  let text = ''
  for (const step of trail)
    if ('key' in step) text += /[.[\]/]/.test(step.key) ? `[${step.key}]` : `${text === '' ? '' : '.'}${step.key}`
    else text += `[${'index' in step ? step.index : String(step.item[step.keys[0]!])}]`
  return text
}

/** Keys and names, without the fields that tell items apart: for rules that ask where a value stands. */
export const trailNames = (trail: Trail): readonly string[] =>
  trail.map(step =>
    'key' in step ? step.key : 'index' in step ? String(step.index) : String(step.item[step.keys[0]!]),
  )

/** The value at the end of a trail; undefined where there is none. */
export function valueOn(value: Json | undefined, trail: Trail): Json | undefined {
  let at = value
  for (const step of trail) {
    if ('key' in step) at = isObject(at) && Object.hasOwn(at, step.key) ? at[step.key] : undefined
    else if (!Array.isArray(at)) return undefined
    else if ('index' in step) at = (at as readonly Json[])[step.index]
    else at = (at as readonly Json[]).find(item => isSameItem(item, step))
  }
  return at
}

/** The same as keys and positions of one object, as far as it goes. */
export function pathOn(value: Json, trail: Trail): Path {
  const path: (string | number)[] = []
  let at: Json | undefined = value
  for (const step of trail) {
    if ('key' in step) {
      if (!isObject(at) || !Object.hasOwn(at, step.key)) return path
      path.push(step.key)
      at = at[step.key]
    } else {
      const items: readonly Json[] = Array.isArray(at) ? at : []
      const index = 'index' in step ? step.index : items.findIndex(item => isSameItem(item, step))
      if (items[index] === undefined) return path
      path.push(index)
      at = items[index]
    }
  }
  return path
}

const isSameItem = (item: Json, { keys, item: other }: Extract<Step, { keys: readonly string[] }>): boolean =>
  isObject(item) && itemKey(item, keys) === itemKey(other, keys)
