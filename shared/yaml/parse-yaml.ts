import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  parseAllDocuments,
  Scalar,
  type YAMLMap,
} from 'yaml'
import { parseLoose } from './parse-loose.ts'
import { resolvePlain } from './resolve-plain.ts'
import { splitDocuments } from './split-documents.ts'
import { isYamlList, isYamlMap, setKey, type YamlMap, type YamlValue } from './yaml-value.ts'

export type YamlError = {
  readonly message: string /** In the document's own text. */
  readonly offset: number
}

/** One document, read. Offsets of its nodes count from the start of `text`, which is the document alone. */
export type YamlDocument = {
  readonly text: string
  readonly document: Document.Parsed
  readonly errors: readonly YamlError[]
  /** What kubectl reads: YAML 1.1, merge keys and aliases resolved, the last of duplicate keys. */
  readonly value: YamlValue
}

/** A document where it stands in its file. */
export type PlacedDocument = { readonly start: number; readonly end: number; readonly yaml: YamlDocument }

const maximumTextsKept = 2_000
const maximumCharactersKept = 8_000_000
const kept = new Map<string, YamlDocument>()
let charactersKept = 0

/** Every document of a file, in order; there is always at least one, which may be empty. Parsed once per text. */
export const parseYaml = (text: string): readonly PlacedDocument[] =>
  splitDocuments(text).map(({ start, end }) => ({ start, end, yaml: parseDocument(text.slice(start, end)) }))

/** As `parseYaml`, of a text that nobody edits or asks for again: lighter, and not kept. */
export const parseOnce = (text: string): readonly PlacedDocument[] =>
  splitDocuments(text).map(({ start, end }) => ({ start, end, yaml: readDocument(text.slice(start, end), false) }))

/** Reads one document. The result is shared: do not change it. */
export function parseDocument(text: string): YamlDocument {
  const known = kept.get(text)
  if (known) {
    // Least recently used goes first: a Map keeps insertion order.
    kept.delete(text)
    kept.set(text, known)
    return known
  }
  const read = readDocument(text)
  kept.set(text, read)
  charactersKept += text.length
  for (const oldest of kept.keys()) {
    if (kept.size <= maximumTextsKept && charactersKept <= maximumCharactersKept) break
    if (oldest === text) break
    kept.delete(oldest)
    charactersKept -= oldest.length
  }
  return read
}

function readDocument(text: string, keepSourceTokens = true): YamlDocument {
  // The failsafe schema leaves every scalar as it is written; what it means is decided by `resolvePlain`.
  const list = parseLoose(text, {
    keepSourceTokens,
    uniqueKeys: false,
    strict: false,
    schema: 'failsafe',
    prettyErrors: false,
    logLevel: 'silent',
  })
  const document = list[0] ?? (parseAllDocuments('---\n', { schema: 'failsafe' }) as Document.Parsed[])[0]!
  const errors = list.flatMap(one => one.errors.map(error => ({ message: error.message, offset: error.pos[0] })))
  if (list.length > 1) errors.push({ message: 'More than one document', offset: list[1]!.range[0] })
  if (errors.length > 0) return { text, document, errors, value: null }
  let reading: { readonly value: YamlValue; readonly error?: YamlError } | undefined
  const read = () => {
    reading ??= readValue(document, text)
    return reading
  }
  return {
    text,
    document,
    get errors() {
      const { error } = read()
      return error ? [error] : []
    },
    get value() {
      return read().value
    },
  }
}

/** A map's key as kubectl sees it: JSON has only text keys, so `on:` is `true` and `010:` is `8`. */
export const keyOf = (key: unknown): string => {
  if (!isScalar(key)) return String(key)
  return key.type === 'PLAIN' || key.type === undefined
    ? String(resolvePlain(String(key.value ?? '')))
    : String(key.value)
}

/** True for the `<<` that merges other maps into its own. */
export const isMergeKey = (key: unknown): boolean => isScalar(key) && key.value === '<<' && key.type === 'PLAIN'

export const isEmptyNode = (node: unknown): boolean =>
  node === null ||
  node === undefined ||
  (isScalar(node) && node.type === Scalar.PLAIN && node.range !== undefined && node.range![0] === node.range![1])

/** go-yaml refuses documents whose aliases blow up; ours stops at this many values, which no manifest comes near. */
const maximumExpandedValues = 400_000

function readValue(document: Document.Parsed, text: string): { value: YamlValue; error?: YamlError } {
  const anchors = new Map<string, Node>()
  const expanded = new Map<Node, { readonly value: YamlValue; readonly size: number }>()
  const open = new Set<Node>()
  let size = 0
  let error: YamlError | undefined

  const readNode = (node: unknown): YamlValue => {
    size += 1
    if (node === null || node === undefined) return null
    if (isAlias(node)) return aliased(node)
    const anchor = (node as Node & { anchor?: string }).anchor
    if (anchor === undefined) return plain(node)
    // An anchor may be set again further down: an alias means the nearest one before it.
    anchors.set(anchor, node as Node)
    const before = size
    open.add(node as Node)
    const value = plain(node)
    open.delete(node as Node)
    expanded.set(node as Node, { value, size: size - before })
    return value
  }
  const aliased = (alias: Alias): YamlValue => {
    const target = anchors.get(alias.source)
    const known = target && expanded.get(target)
    if (!target || !known) {
      const why = target && open.has(target) ? 'Alias inside of its own anchor' : 'Unresolved alias'
      error ??= { message: `${why}: ${alias.source}`, offset: alias.range?.[0] ?? 0 }
      return null
    }
    size += known.size
    if (size > maximumExpandedValues)
      error ??= { message: 'Aliases expand to too many values', offset: alias.range?.[0] ?? 0 }
    return error ? null : known.value
  }
  const plain = (node: unknown): YamlValue => {
    if (isScalar(node)) return scalarValue(node, text)
    if (isSeq(node)) return node.items.map(readNode)
    return isMap(node) ? mapValue(node) : null
  }
  const mapValue = (map: YAMLMap): YamlMap => {
    const value: { [key: string]: YamlValue } = {}
    const merged: YamlMap[] = []
    for (const pair of map.items) {
      if (isMergeKey(pair.key)) {
        const from = readNode(pair.value)
        for (const one of isYamlList(from) ? from : [from]) if (isYamlMap(one)) merged.push(one)
      } else {
        setKey(value, keyOf(pair.key), readNode(pair.value))
      }
    }
    for (const one of merged)
      for (const [key, item] of Object.entries(one)) if (!Object.hasOwn(value, key)) setKey(value, key, item)
    return value
  }
  const value = readNode(document.contents)
  return error ? { value: null, error } : { value }
}

const coreTag = 'tag:yaml.org,2002:'
function scalarValue(node: Scalar, source: string): YamlValue {
  const text = isUnfinished(node, source) ? String(node.value).replace(/\n$/, '') : String(node.value ?? '')
  if (node.tag === undefined) return node.type === Scalar.PLAIN ? resolvePlain(text) : text
  const textual = [`${coreTag}str`, `${coreTag}binary`, `${coreTag}timestamp`].includes(node.tag)
  return node.tag.startsWith(coreTag) && !textual ? resolvePlain(text) : text
}

/** A block that ends the file without a line break has none at its end: so go-yaml reads it, where `yaml` adds one. */
const isUnfinished = (node: Scalar, source: string): boolean =>
  (node.type === Scalar.BLOCK_LITERAL || node.type === Scalar.BLOCK_FOLDED) &&
  !source.endsWith('\n') &&
  (node.range?.[1] ?? 0) >= source.length
