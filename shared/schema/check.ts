import type { Message } from '../messages/index.ts'
import { offsetAt } from '../yaml/change-yaml.ts'
import { parseYaml } from '../yaml/parse-yaml.ts'
import { columnOf, lineNumber } from '../yaml/text-lines.ts'
import { isYamlList, isYamlMap, type YamlPath, type YamlValue } from '../yaml/yaml-value.ts'
import { choicesOf, type JsonSchema, schemasBelow } from './json-schema.ts'

export type SchemaProblem = { readonly line: number; readonly column: number; readonly message: Message }

/** Where a YAML text does not follow its schema, each with its place; a text that cannot be read is one problem. */
export function checkSchema(root: JsonSchema, text: string): readonly SchemaProblem[] {
  const problems: SchemaProblem[] = []
  for (const { yaml, start } of parseYaml(text)) {
    const place = (offset: number) => ({
      line: lineNumber(text, start + offset),
      column: columnOf(text, start + offset) + 1,
    })
    const [error] = yaml.errors
    if (error) {
      const message: Message = { key: 'wiring.schemaUnread', params: { problem: error.message.split('\n')[0]! } }
      problems.push({ ...place(error.offset), message })
    } else if (yaml.value !== null)
      for (const { path, message } of wrongIn(yaml.value, choicesOf(root, root), root, []))
        problems.push({ ...place(offsetAt(yaml, path) ?? 0), message })
  }
  return problems
}

type Wrong = { readonly path: YamlPath; readonly message: Message }

/** Of several schemas a value may follow, what the one it comes nearest to says. */
function wrongIn(value: YamlValue, schemas: readonly JsonSchema[], root: JsonSchema, path: YamlPath): readonly Wrong[] {
  if (schemas.length === 0) return []
  const answers = schemas.map(schema => wrongAgainst(value, schema, root, path))
  return answers.reduce((best, answer) => (answer.length < best.length ? answer : best))
}

function wrongAgainst(value: YamlValue, schema: JsonSchema, root: JsonSchema, path: YamlPath): readonly Wrong[] {
  const key = String(path.at(-1) ?? '')
  const wrong = (message: Message, at: YamlPath = path): Wrong[] => [{ path: at, message }]
  const kinds = typeof schema.type === 'string' ? [schema.type] : (schema.type ?? [])
  if (kinds.length > 0 && !kinds.some(kind => isOf(value, kind)))
    return wrong({ key: 'wiring.schemaType', params: { key, wanted: kinds.join(' | ') } })
  const allowed = schema.const === undefined ? schema.enum : [schema.const]
  if (allowed && !allowed.includes(value))
    return wrong({ key: 'wiring.schemaValue', params: { key, wanted: allowed.map(String).join(', ') } })
  if (typeof value === 'string' && schema.pattern !== undefined && !new RegExp(schema.pattern, 'u').test(value))
    return wrong({ key: 'wiring.schemaPattern', params: { key, value } })
  if (typeof value === 'string' && schema.minLength !== undefined && value.length < schema.minLength)
    return wrong({ key: 'wiring.schemaEmpty', params: { key } })
  if (typeof value === 'number') {
    const least = schema.minimum ?? schema.exclusiveMinimum ?? Number.NEGATIVE_INFINITY
    const most = schema.maximum ?? Number.POSITIVE_INFINITY
    const isLow = value < least || (schema.exclusiveMinimum !== undefined && value <= schema.exclusiveMinimum)
    if (isLow || value > most)
      return wrong({ key: 'wiring.schemaRange', params: { key, least: limit(least), most: limit(most) } })
  }
  if (isYamlList(value))
    return value.flatMap((item, index) => wrongIn(item, schemasBelow([schema], index, root), root, [...path, index]))
  if (!isYamlMap(value)) return []
  const missing = (schema.required ?? []).filter(name => !Object.hasOwn(value, name))
  return [
    ...missing.flatMap(name => wrong({ key: 'wiring.schemaMissing', params: { key: name } })),
    ...Object.entries(value).flatMap(([name, item]) => {
      const below = schemasBelow([schema], name, root)
      const isKnown = schema.properties !== undefined && Object.hasOwn(schema.properties, name)
      if (!isKnown && schema.additionalProperties === false)
        return wrong({ key: 'wiring.schemaUnknown', params: { key: name } }, [...path, name])
      return wrongIn(item, below, root, [...path, name])
    }),
  ]
}

const limit = (value: number): string => (Number.isFinite(value) && Math.abs(value) < 1e15 ? String(value) : '…')

function isOf(value: YamlValue, kind: string): boolean {
  switch (kind) {
    case 'object':
      return isYamlMap(value)
    case 'array':
      return isYamlList(value)
    case 'integer':
      return typeof value === 'bigint' || Number.isInteger(value)
    case 'null':
      return value === null
    default:
      return typeof value === kind
  }
}
