import type { Origin } from '../environments/kustomize/origin.ts'
import type { Scalar } from '../environments/kustomize/tree.ts'

/**
 * Which parts of a text have to become what, so that the text becomes `wanted`: `1.2` of `shop/cart:1.2`. Null where
 * something that is no part would have to change.
 */
export function changedParts(
  scalar: Scalar,
  wanted: string,
): readonly { readonly origin: Origin; readonly value: string }[] | null {
  const parts = scalar.parts ?? []
  let pattern = ''
  let at = 0
  for (const part of parts) {
    const start = scalar.text.indexOf(part.text, at)
    if (start < 0) return null
    pattern += `${escaped(scalar.text.slice(at, start))}([\\s\\S]*)`
    at = start + part.text.length
  }
  const match = new RegExp(`^${pattern}${escaped(scalar.text.slice(at))}$`).exec(wanted)
  if (!match) return null
  const changes = parts.flatMap((part, index) => {
    const value = match[index + 1]!
    return value === part.text ? [] : [{ origin: part.origin, value }]
  })
  return changes.length > 0 ? changes : null
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')
