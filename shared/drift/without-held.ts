import type { JsonObject } from '../manifests/manifest.ts'
import { withoutValueAt } from '../yaml/yaml-value.ts'
import type { JudgedDifference } from './drift-of-object.ts'
import { pathOn } from './live-path.ts'

/** What Git says, without the fields that others hold now: applying them would take them away. */
export function withoutHeld(desired: JsonObject, others: readonly JudgedDifference[]): JsonObject {
  // From the back, so that positions in a list stay what they are.
  const paths = others
    .filter(({ difference }) => difference.desired !== undefined)
    .map(({ difference }) => pathOn(desired, difference.trail))
    .reverse()
  let object = desired
  for (const path of paths) object = withoutValueAt(object, path) as JsonObject
  return object
}
