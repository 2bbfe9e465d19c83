import { stringify } from 'yaml'
import type { Manifest } from '../manifests/manifest.ts'
import { REDACTED, redact, redactArguments, redactValue } from '../topology/redact.ts'
import { isYamlList, isYamlMap, setKey, type YamlMap, type YamlPath, type YamlValue } from '../yaml/yaml-value.ts'
import { noiseOf } from './manifest-noise.ts'

/** Longer values are cut: the whole of them stands in the text. */
const longest = 2000

/** The value with every credential taken out. All that a Secret holds is one. */
export function withoutCredentials(kind: string, path: YamlPath, value: YamlValue): YamlValue {
  if (isSecretData(kind, path)) return isYamlMap(value) ? mapped(value, () => REDACTED) : REDACTED
  if (typeof value === 'string') return redactText(path, value)
  if (isYamlList(value)) {
    if (value.every(item => typeof item === 'string')) return redactArguments(value as readonly string[])
    return value.map((item, index) => withoutCredentials(kind, [...path, index], item))
  }
  if (!isYamlMap(value)) return value
  const { name, value: said } = value
  return mapped(value, (item, key) =>
    key === 'value' && typeof name === 'string' && typeof said === 'string'
      ? redactValue(name, said)
      : withoutCredentials(kind, [...path, key], item),
  )
}

const isSecretData = (kind: string, path: YamlPath): boolean =>
  kind === 'Secret' && (path[0] === 'data' || path[0] === 'stringData')

/** In a list taken by names, a variable's own name stands before its `value`. */
function redactText(path: YamlPath, text: string): string {
  const key = String(path.at(-1) ?? '')
  const name = key === 'value' && path.at(-3) === 'env' ? String(path.at(-2)) : key
  return text.includes('\n') ? redact(text) : redactValue(name, text)
}

function mapped(map: YamlMap, next: (value: YamlValue, key: string) => YamlValue): YamlMap {
  const copy: { [key: string]: YamlValue } = {}
  for (const [key, value] of Object.entries(map)) setKey(copy, key, next(value, key))
  return copy
}

/** A value in few words, without credentials. */
export function shownValue(kind: string, path: YamlPath, value: YamlValue): string {
  const shown = plainVariable(withoutCredentials(kind, path, value))
  const text =
    typeof shown === 'object' && shown !== null
      ? JSON.stringify(shown, (_, item) => (typeof item === 'bigint' ? String(item) : item))
      : String(shown)
  return text.length > longest ? `${text.slice(0, longest)}…` : text
}

/** A variable as a whole is its value: its name stands in the path. */
const plainVariable = (value: YamlValue): YamlValue =>
  isYamlMap(value) && Object.keys(value).join() === 'name,value' ? value['value']! : value

const first = ['apiVersion', 'kind', 'metadata', 'name', 'namespace']

/** An object as YAML that two points write alike: keys in one order, no noise, no credentials. */
export function manifestText({ kind, value }: Manifest): string {
  return stringify(ordered(withoutCredentials(kind, [], withoutNoise(value, []))), {
    lineWidth: 0,
    aliasDuplicateObjects: false,
  })
}

const nothingRenamed = { generated: new Map<string, string>(), environment: new Map<string, string>(), across: false }
const isLeftOut = (path: YamlPath, value: YamlValue): boolean => {
  const noise = noiseOf(path, undefined, value, nothingRenamed)
  return noise !== undefined
}

function withoutNoise(value: YamlValue, path: YamlPath): YamlValue {
  if (isYamlList(value)) return value.map((item, index) => withoutNoise(item, [...path, index]))
  if (!isYamlMap(value)) return value
  const copy: { [key: string]: YamlValue } = {}
  for (const [key, item] of Object.entries(value))
    if (!isLeftOut([...path, key], item)) setKey(copy, key, withoutNoise(item, [...path, key]))
  return copy
}

function ordered(value: YamlValue): YamlValue {
  if (isYamlList(value)) return value.map(ordered)
  if (!isYamlMap(value)) return value
  const rank = (key: string): number => (first.includes(key) ? first.indexOf(key) : first.length)
  const copy: { [key: string]: YamlValue } = {}
  for (const key of Object.keys(value).sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1)))
    setKey(copy, key, ordered(value[key]!))
  return copy
}
