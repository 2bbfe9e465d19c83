import type { Edit } from '../edits/edit.ts'
import { isObject, type Json, type JsonObject } from '../manifests/manifest.ts'
import type { ResourceRef } from '../manifests/resource-ref.ts'
import type { JudgedDifference } from './drift-of-object.ts'
import { pathOn, trailNames, valueOn } from './live-path.ts'

/**
 * The edit that makes Git say what is live in one place; null where it cannot: a credential does not go into Git, and
 * an item of a list that only the cluster tells apart has no name in Git.
 */
export function adoptEdit(
  resource: ResourceRef,
  desired: JsonObject,
  { difference, drift }: JudgedDifference,
): Edit | null {
  if (drift.hidden || holdsCredential(drift.live)) return null
  const { trail, live } = difference
  const names = trailNames(trail)
  if (live !== undefined && names.join('.') === 'spec.replicas' && typeof live === 'number')
    return { kind: 'set-replicas', resource, replicas: live }
  const [list, container, field] = names.slice(-3)
  if (
    (list === 'containers' || list === 'initContainers') &&
    container &&
    field === 'image' &&
    typeof live === 'string'
  )
    return { kind: 'set-image', resource, container, image: live }
  const last = trail.at(-1)
  const path = pathOn(desired, trail)
  if (difference.desired === undefined && last && !('key' in last)) {
    if (live === undefined) return null
    const list = trail.slice(0, -1)
    const at = placeOf(desired, list)
    return at && { kind: 'set-item', resource, at, item: live, present: true }
  }
  const at = placeOf(desired, trail)
  if (!at) return null
  if (live !== undefined) return { kind: 'set-field', resource, at, value: live }
  return path.length === trail.length ? { kind: 'set-field', resource, at, value: null } : null
}

const holdsCredential = (shown: string | null): boolean => shown?.includes('***') ?? false

/** The place as an edit names it: keys, and in a list the `name` of the item, else its position in Git. */
function placeOf(desired: JsonObject, trail: JudgedDifference['difference']['trail']): (string | number)[] | null {
  const at: (string | number)[] = []
  for (const [index, step] of trail.entries()) {
    if ('key' in step) at.push(step.key)
    else {
      const item: Json | undefined = valueOn(desired, trail.slice(0, index + 1))
      if (item === undefined) return null
      const position = pathOn(desired, trail.slice(0, index + 1)).at(-1)
      const name = isObject(item) && 'keys' in step && step.keys.join() === 'name' ? item['name'] : position
      if (typeof name !== 'string' && typeof name !== 'number') return null
      at.push(name)
    }
  }
  return at
}
