import type { Json } from '../../manifests/manifest.ts'
import type { MergeShape } from './merge-keys.ts'

type Schema = { readonly [field: string]: Json }
export type ShapeOf = (apiVersion: string, kind: string) => MergeShape | undefined

/**
 * Merge shapes of the types that an OpenAPI document (`openapi.path` of a kustomization) describes. Kustomize then
 * knows no other types: not even the lists of a Deployment are merged any more.
 */
export function schemaShapes(document: Json): ShapeOf {
  const definitions = mapOf(mapOf(document)['definitions'])
  const shapes = new Map<string, MergeShape>()
  for (const definition of Object.values(definitions)) {
    const schema = mapOf(definition)
    const types = schema['x-kubernetes-group-version-kind']
    for (const type of Array.isArray(types) ? types : []) {
      const { group, version, kind } = mapOf(type)
      if (typeof version !== 'string' || typeof kind !== 'string') continue
      shapes.set(`${group ? `${String(group)}/` : ''}${version} ${kind}`, shapeOf(schema, definitions))
    }
  }
  return (apiVersion, kind) => shapes.get(`${apiVersion} ${kind}`)
}

/** Read as far as a patch goes: schemas may hold themselves. */
function shapeOf(schema: Schema, definitions: Schema): MergeShape {
  const keys = mergeKeysOf(schema)
  const inner = schema['type'] === 'array' ? resolved(schema['items'], definitions) : schema
  const below = (field: Json | undefined): MergeShape | undefined =>
    field === undefined ? undefined : shapeOf(resolved(field, definitions), definitions)
  let fields: MergeShape['fields']
  return {
    ...(keys && { keys }),
    get fields() {
      fields ??= Object.fromEntries(
        Object.entries(mapOf(inner['properties'])).map(([field, of]) => [field, below(of)!] as const),
      )
      return fields
    },
    get others() {
      const rest = inner['additionalProperties']
      return typeof rest === 'object' ? below(rest) : undefined
    },
  }
}

function mergeKeysOf(schema: Schema): readonly string[] | undefined {
  const strategy = schema['x-kubernetes-patch-strategy']
  if (typeof strategy !== 'string' || !strategy.split(',').includes('merge')) return undefined
  const several = schema['x-kubernetes-list-map-keys']
  if (Array.isArray(several)) return several.map(String)
  const one = schema['x-kubernetes-patch-merge-key']
  return typeof one === 'string' ? [one] : []
}

function resolved(schema: Json | undefined, definitions: Schema): Schema {
  let at = mapOf(schema)
  // A reference that leads back to itself ends somewhere.
  for (let steps = 0; steps < 20 && typeof at['$ref'] === 'string'; steps += 1)
    at = mapOf(definitions[at['$ref'].replace(/^#\/definitions\//, '').replaceAll('~1', '/')])
  return at
}

const mapOf = (value: Json | undefined): Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Schema) : {}

/** What a JSON text says; undefined for another text. Schemas are large, and JSON is read in a hundredth of the time. */
export function readJson(text: string): Json | undefined {
  if (!text.trimStart().startsWith('{')) return undefined
  try {
    return JSON.parse(text) as Json
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
