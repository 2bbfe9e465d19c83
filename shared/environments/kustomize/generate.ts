import { nameHash } from './name-hash.ts'
import { type Origin, putBy } from './origin.ts'
import type { Problems } from './problem.ts'
import { metadataMap, newResource, type Resource } from './resource.ts'
import {
  emptyMap,
  entriesIn,
  isMapping,
  isTrue,
  itemsIn,
  type Mapping,
  plainScalar,
  type Tree,
  textIn,
  textScalar,
  treeAt,
} from './tree.ts'

/** A file's content: text, or bytes where it is no UTF-8. */
export type FileContent = string | Uint8Array

export type GeneratorNeeds = {
  /** Content of a file named in the kustomization, and where its first line is; undefined where it is missing. */
  readonly load: (entry: string, at: Origin) => { readonly content: FileContent; readonly origin: Origin } | undefined
  readonly problems: Problems
  readonly options: Tree | undefined
}

/** What an entry of `configMapGenerator` or `secretGenerator` makes; null where it says too little. */
export function generate(kind: 'ConfigMap' | 'Secret', entry: Tree, needs: GeneratorNeeds): Resource | null {
  const name = treeAt(entry, ['name']) ?? treeAt(entry, ['metadata', 'name'])
  if (name?.type !== 'scalar' || name.text === '') {
    needs.problems.add('generator', entry.origin, 'name')
    return null
  }
  const said = (origin: Origin): Origin => putBy(origin, 'generator')
  const root = emptyMap(said(entry.origin))
  root.entries.set('apiVersion', textScalar('v1', said(entry.origin)))
  root.entries.set('kind', textScalar(kind, said(entry.origin)))
  const metadata = metadataMap(root, '', said(entry.origin))
  metadata.entries.set('name', textScalar(name.text, said(name.origin)))
  const namespace = treeAt(entry, ['namespace']) ?? treeAt(entry, ['metadata', 'namespace'])
  if (namespace?.type === 'scalar' && namespace.text !== '')
    metadata.entries.set('namespace', textScalar(namespace.text, said(namespace.origin)))
  if (kind === 'Secret') {
    const type = treeAt(entry, ['type'])
    root.entries.set('type', textScalar(textIn(type) ?? 'Opaque', said(type?.origin ?? entry.origin)))
    root.entries.set('data', emptyMap(said(entry.origin)))
  }
  const pairs = readPairs(entry, needs)
  for (const { key, content, origin } of [...pairs].sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)))
    put(root, kind, key, content, said(origin))

  const { options } = needs
  for (const [field, how] of [
    ['labels', 'label'],
    ['annotations', 'annotation'],
  ] as const) {
    const merged = new Map([...entriesIn(options, field), ...entriesIn(entry, 'options', field)])
    for (const [key, value] of [...merged].sort(([a], [b]) => (a < b ? -1 : 1)))
      if (value.type === 'scalar')
        metadataMap(root, field, said(entry.origin)).entries.set(key, textScalar(value.text, putBy(value.origin, how)))
  }
  const isSet = (field: string): boolean =>
    isTrue(treeAt(entry, ['options', field])) || isTrue(treeAt(options, [field]))
  if (isSet('immutable')) root.entries.set('immutable', plainScalar('true', said(entry.origin)))
  return newResource(root, {
    hashed: !isSet('disableNameSuffixHash'),
    behavior: textIn(entry, 'behavior') ?? '',
  })
}

type Pair = { readonly key: string; readonly content: FileContent; readonly origin: Origin }

function readPairs(entry: Tree, needs: GeneratorNeeds): Pair[] {
  const pairs: Pair[] = []
  const add = (pair: Pair): void => {
    if (pairs.some(known => known.key === pair.key)) needs.problems.add('generator', pair.origin, pair.key)
    else pairs.push(pair)
  }
  const single = treeAt(entry, ['env'])
  for (const item of [...itemsIn(entry, 'envs'), ...(single ? [single] : [])]) {
    const file = needs.load(textIn(item) ?? '', item.origin)
    if (file && typeof file.content === 'string') for (const pair of linesOf(file.content, file.origin)) add(pair)
  }
  for (const item of itemsIn(entry, 'literals')) {
    const text = textIn(item) ?? ''
    const equals = text.indexOf('=')
    // What is written there may be a secret: only where it stands is told.
    if (equals <= 0) needs.problems.add('generator', item.origin, 'literals')
    else add({ key: text.slice(0, equals), content: unquoted(text.slice(equals + 1)), origin: item.origin })
  }
  for (const item of itemsIn(entry, 'files')) {
    const text = textIn(item) ?? ''
    const equals = text.indexOf('=')
    if (equals === 0 || equals === text.length - 1 || equals !== text.lastIndexOf('=')) {
      needs.problems.add('generator', item.origin, text)
      continue
    }
    const path = text.slice(equals + 1)
    const key = equals < 0 ? path.slice(path.lastIndexOf('/') + 1) : text.slice(0, equals)
    const file = needs.load(path, item.origin)
    if (file) add({ key, content: file.content, origin: file.origin })
  }
  return pairs
}

/** `KEY=value` lines; a key alone has an empty value. */
function linesOf(text: string, origin: Origin): Pair[] {
  const pairs: Pair[] = []
  let at = 0
  for (const [index, raw] of text.split('\n').entries()) {
    const line = (index === 0 ? raw.replace(/^\uFEFF/, '') : raw).replace(/\r$/, '').trimStart()
    if (line !== '' && !line.startsWith('#')) {
      const equals = line.indexOf('=')
      const key = equals < 0 ? line : line.slice(0, equals)
      pairs.push({ key, content: equals < 0 ? '' : line.slice(equals + 1), origin: { ...origin, at, step: key } })
    }
    at += raw.length + 1
  }
  return pairs
}

const unquoted = (text: string): string =>
  text.length >= 2 && text[0] === text.at(-1) && (text[0] === '"' || text[0] === "'") ? text.slice(1, -1) : text

function put(root: Mapping, kind: 'ConfigMap' | 'Secret', key: string, content: FileContent, origin: Origin): void {
  const isText = typeof content === 'string'
  const field = kind === 'ConfigMap' && !isText ? 'binaryData' : 'data'
  let data = root.entries.get(field)
  if (!isMapping(data)) {
    data = emptyMap(root.origin)
    root.entries.set(field, data)
  }
  const text = kind === 'ConfigMap' && isText ? content : base64Lines(content)
  data.entries.set(key, textScalar(text, origin))
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** Base64 broken after 70 characters, where it is longer than a line. */
function base64Lines(content: FileContent): string {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content
  let text = ''
  for (let index = 0; index < bytes.length; index += 3) {
    const [a, b, c] = [bytes[index]!, bytes[index + 1], bytes[index + 2]]
    const bits = (a << 16) | ((b ?? 0) << 8) | (c ?? 0)
    text += alphabet[bits >> 18]! + alphabet[(bits >> 12) & 63]!
    text += b === undefined ? '=' : alphabet[(bits >> 6) & 63]!
    text += c === undefined ? '=' : alphabet[bits & 63]!
  }
  if (text.length < 70) return text
  const lines = text.match(/.{1,70}/g) ?? []
  return `${lines.join('\n')}\n`
}

/** The name with the hash of the content, for objects that want it. */
export function hashedName(root: Mapping): string {
  return `${textIn(root, 'metadata', 'name') ?? ''}-${nameHash(root)}`
}

/**
 * An object generated again: `merge` keeps what the older one has and this one does not say, `replace` only what the
 * older one is called. Returns the one to stand in the older one's place.
 */
export function regenerated(older: Resource, newer: Resource): Resource {
  const from = older.root
  const to = newer.root
  if (!from || !to) return newer
  for (const field of ['labels', 'annotations']) {
    const before = entriesIn(from, 'metadata', field)
    if (before.size === 0) continue
    const map = metadataMap(to, field, from.origin)
    for (const [key, value] of before) if (!map.entries.has(key)) map.entries.set(key, value)
  }
  const metadata = metadataMap(to, '', to.origin)
  for (const field of ['name', 'namespace']) {
    const value = treeAt(from, ['metadata', field])
    if (value) metadata.entries.set(field, value)
    else metadata.entries.delete(field)
  }
  if (newer.behavior === 'merge')
    for (const field of ['data', 'binaryData']) {
      const before = entriesIn(from, field)
      if (before.size === 0) continue
      const after = to.entries.get(field)
      const map = isMapping(after) ? after : emptyMap(to.origin)
      to.entries.set(field, map)
      for (const [key, value] of before) if (!map.entries.has(key)) map.entries.set(key, value)
    }
  return {
    ...newer,
    before: older.before,
    prefixes: older.prefixes,
    suffixes: older.suffixes,
    behavior: older.behavior,
    hashed: older.hashed && newer.hashed,
    variables: older.variables,
    made: newer.behavior === 'merge' ? older.made : newer.made,
    transformed: older.transformed,
  }
}
