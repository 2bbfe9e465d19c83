/** What of JSON Schema (2020-12) the published schemas use, as zod writes it. */
export type JsonSchema = {
  readonly type?: string | readonly string[]
  readonly properties?: { readonly [key: string]: JsonSchema }
  readonly additionalProperties?: boolean | JsonSchema
  readonly propertyNames?: JsonSchema
  readonly required?: readonly string[]
  readonly items?: JsonSchema | false
  readonly prefixItems?: readonly JsonSchema[]
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly anyOf?: readonly JsonSchema[]
  readonly oneOf?: readonly JsonSchema[]
  readonly allOf?: readonly JsonSchema[]
  readonly pattern?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly exclusiveMinimum?: number
  readonly minLength?: number
  readonly minItems?: number
  readonly description?: string
  readonly title?: string
  readonly $ref?: string
  readonly $defs?: { readonly [name: string]: JsonSchema }
}

/** The schemas a value at a place may follow: references and choices are opened, so that each stands for itself. */
export function choicesOf(schema: JsonSchema, root: JsonSchema, depth = 0): readonly JsonSchema[] {
  if (depth > 16) return []
  if (schema.$ref !== undefined) {
    const name = /^#\/\$defs\/(.+)$/.exec(schema.$ref)?.[1]
    const found = schema.$ref === '#' ? root : name === undefined ? undefined : root.$defs?.[name]
    return found ? choicesOf(found, root, depth + 1) : []
  }
  const parts = schema.anyOf ?? schema.oneOf
  if (parts) return parts.flatMap(part => choicesOf(part, root, depth + 1))
  return schema.allOf ? schema.allOf.flatMap(part => choicesOf(part, root, depth + 1)) : [schema]
}

/** The schemas of what stands under a key or at a position of a list. */
export const schemasBelow = (
  schemas: readonly JsonSchema[],
  step: string | number,
  root: JsonSchema,
): readonly JsonSchema[] =>
  schemas.flatMap(schema => {
    const below = typeof step === 'number' ? itemSchema(schema, step) : propertySchema(schema, step)
    return below ? choicesOf(below, root) : []
  })

const itemSchema = ({ items, prefixItems }: JsonSchema, index: number): JsonSchema | undefined =>
  prefixItems?.[index] ?? (items === false ? undefined : items)

const propertySchema = ({ properties, additionalProperties }: JsonSchema, key: string): JsonSchema | undefined =>
  properties && Object.hasOwn(properties, key)
    ? properties[key]
    : typeof additionalProperties === 'object'
      ? additionalProperties
      : undefined
