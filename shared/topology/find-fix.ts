import { addressesInText } from '../edits/address-in-text.ts'
import type { Edit } from '../edits/edit.ts'
import { isObject, type Json, type Manifest, type Path, valueAt } from '../manifests/manifest.ts'

/** A value in an object. */
export type Place = { readonly object: Manifest; readonly at: Path }

/**
 * The edit that leads an address to another host (or port), in the form it is written in, at the first of the places
 * where it stands; undefined where none of them holds it.
 */
export function fixAddress(
  places: readonly Place[],
  host: string,
  to: { readonly host: string; readonly port?: number },
  about: readonly string[],
): readonly Edit[] | undefined {
  for (const { object, at } of places) {
    const text = valueAt(object.value, at)
    const found = typeof text === 'string' ? addressesInText(text, host) : []
    // A port that stands elsewhere (`CART_PORT`) is not put behind the host as well.
    if (found.length === 0 || (to.port !== undefined && found.some(({ port }) => port === ''))) continue
    return [
      {
        kind: 'set-address',
        resource: object.ref,
        at: named(object, at),
        host,
        to: to.host,
        ...(to.port !== undefined && { port: to.port }),
        ...(about.length > 0 && { services: [...about] }),
      },
    ]
  }
  return undefined
}

/** The edit that puts a value at a place. */
export const fixField = ({ object, at }: Place, value: string | number, about: readonly string[]): readonly Edit[] => [
  {
    kind: 'set-field',
    resource: object.ref,
    at: named(object, at),
    value,
    ...(about.length > 0 && { services: [...about] }),
  },
]

/** The edit that gives a label of a selector another value (`app=cart`); undefined where it is not written as a pair. */
export function fixLabel({ object, at }: Place, label: string): readonly Edit[] | undefined {
  const [key = '', value = ''] = label.split(/=(.*)/s)
  for (const place of [
    [...at, 'matchLabels', key],
    [...at, key],
  ])
    if (typeof valueAt(object.value, place) === 'string') return fixField({ object, at: place }, value, [])
  return undefined
}

/** Positions in lists as the names of what stands there, where these are unique: they hold in every overlay. */
function named(object: Manifest, at: Path): (string | number)[] {
  return at.map((step, index) => {
    if (typeof step !== 'number') return step
    const list = valueAt(object.value, at.slice(0, index))
    const names = Array.isArray(list) ? (list as readonly Json[]).map(nameOf) : []
    const name = names[step]
    return name !== undefined && names.filter(other => other === name).length === 1 ? name : step
  })
}

const nameOf = (item: Json): string | undefined =>
  isObject(item) && typeof item['name'] === 'string' ? item['name'] : undefined
