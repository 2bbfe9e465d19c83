import { isMap, isSeq, visit } from 'yaml'
import { CannotEdit } from '../yaml/cannot-edit.ts'
import { offsetAt } from '../yaml/change-yaml.ts'
import { type PlacedDocument, parseDocument, parseYaml } from '../yaml/parse-yaml.ts'
import { type DocumentSpan, splitDocuments } from '../yaml/split-documents.ts'
import { splitList } from '../yaml/split-list.ts'
import { lineNumber } from '../yaml/text-lines.ts'
import { isYamlList, isYamlMap, valueAt, type YamlMap, type YamlPath, type YamlValue } from '../yaml/yaml-value.ts'
import type { ResourceRef } from './resource-ref.ts'

/** One Kubernetes object where it stands in a file. */
export type LocatedResource = {
  readonly ref: ResourceRef
  readonly apiVersion: string
  readonly value: YamlMap
  /** Index of its document in the file. */
  readonly document: number
  /** Where it stands in the document: empty, or `items`, n in a List. */
  readonly path: YamlPath
  /** What was read to find it: its document, or of a large List its item alone. */
  readonly placed: PlacedDocument
  /** Where it stands in that. */
  readonly within: YamlPath
}

/**
 * Every object of a file, as `kubectl apply -f` would see them: documents, and the items of Lists (`kind: List`,
 * `DeploymentList` …). Documents that cannot be read are passed over. `like` leaves out, unread, what cannot be an
 * object of that kind and name.
 */
export function resourcesIn(
  file: string,
  text: string,
  like?: { readonly kind: string; readonly name: string },
): readonly LocatedResource[] {
  const found: LocatedResource[] = []
  const ordinals = new Map<string, number>()
  const mayHold = (part: string) => !like || (part.includes(like.name) && part.includes(like.kind))
  splitDocuments(text).forEach(({ start, end }, document) => {
    const whole = text.slice(start, end)
    if (!mayHold(whole)) return
    const items = splitList(whole)
    if (items && collectItems(items, whole, start, document)) return
    const placed = { start, end, yaml: parseDocument(whole) }
    if (placed.yaml.errors.length === 0) collect(placed.yaml.value, { document, path: [], placed, within: [] })
  })
  return found

  /** False when an item cannot be read alone; nothing was collected then. */
  function collectItems(spans: readonly DocumentSpan[], whole: string, offset: number, document: number): boolean {
    const parts = spans.flatMap((span, index) => {
      const part = whole.slice(span.start, span.end)
      return mayHold(part) ? [{ ...span, index, yaml: parseDocument(part) }] : []
    })
    if (parts.some(({ yaml }) => yaml.errors.length > 0 || !isYamlList(yaml.value) || yaml.value.length !== 1))
      return false
    for (const { start, end, index, yaml } of parts) {
      const placed = { start: offset + start, end: offset + end, yaml }
      collect(valueAt(yaml.value, [0]), { document, path: ['items', index], placed, within: [0] })
    }
    return true
  }

  function collect(
    value: YamlValue | undefined,
    place: Pick<LocatedResource, 'document' | 'path' | 'placed' | 'within'>,
  ): void {
    if (!isYamlMap(value)) return
    const { apiVersion, kind, items, metadata } = value
    if (typeof apiVersion !== 'string' || typeof kind !== 'string') return
    if (kind.endsWith('List') && isYamlList(items)) {
      items.forEach((item, index) => {
        const inside = ['items', index]
        collect(item, { ...place, path: [...place.path, ...inside], within: [...place.within, ...inside] })
      })
      return
    }
    const names: YamlMap = isYamlMap(metadata) ? metadata : {}
    const name = names['name'] ?? names['generateName']
    if ((typeof name !== 'string' && typeof name !== 'number') || name === '') return
    const namespace = names['namespace']
    const identity = {
      file,
      kind,
      ...(typeof namespace === 'string' && namespace !== '' && { namespace }),
      name: String(name),
    }
    const same = `${kind}\n${identity.namespace ?? ''}\n${identity.name}`
    const ordinal = ordinals.get(same) ?? 0
    ordinals.set(same, ordinal + 1)
    const ref: ResourceRef = { ...identity, ...(ordinal > 0 && { ordinal }) }
    found.push({ ref, apiVersion, value, ...place })
  }
}

/** The object a reference names; undefined when it is not there or cannot be read. */
export function findResource(text: string, ref: ResourceRef): LocatedResource | undefined {
  const isIt = ({ ref: other }: LocatedResource) =>
    other.kind === ref.kind &&
    other.name === ref.name &&
    (other.namespace ?? '') === (ref.namespace ?? '') &&
    (other.ordinal ?? 0) === (ref.ordinal ?? 0)
  // Only a name written with escapes is not found in the text itself.
  return resourcesIn(ref.file, text, ref).find(isIt) ?? resourcesIn(ref.file, text).find(isIt)
}

/**
 * The object a reference names. Throws `CannotEdit` with the reason: it is not there, the file cannot be read, or its
 * document is a template.
 */
export function locateResource(text: string, ref: ResourceRef): LocatedResource {
  const found = findResource(text, ref)
  if (!found) throw notFound(text, ref)
  const template = templateOffset(found.placed)
  if (template !== undefined) throw new CannotEdit('edit.isTemplate', { line: lineNumber(text, template) }, template)
  return found
}

function notFound(text: string, ref: ResourceRef): CannotEdit {
  const name = `${ref.kind}/${ref.name}`
  for (const { yaml, start } of parseYaml(text)) {
    const error = yaml.errors[0]
    if (!error) continue
    const template = yaml.text.indexOf('{{')
    const offset = start + (template >= 0 ? template : error.offset)
    const line = lineNumber(text, offset)
    return template >= 0
      ? new CannotEdit('edit.isTemplate', { line }, offset)
      : new CannotEdit('edit.cannotRead', { line, problem: error.message.split('\n')[0]! }, offset)
  }
  return new CannotEdit('edit.noSuchResource', { resource: name, file: ref.file })
}

const templates = new WeakMap<object, number | null>()

/**
 * Offset of a template expression that happens to be valid YAML: `replicas: {{ .Values.replicas }}` is a map in a
 * map's key, which no manifest has.
 */
function templateOffset({ yaml, start }: PlacedDocument): number | undefined {
  if (!yaml.text.includes('{{')) return undefined
  let known = templates.get(yaml.document)
  if (known === undefined) {
    known = null
    visit(yaml.document, {
      Pair(_, pair) {
        if (!isMap(pair.key) && !isSeq(pair.key)) return undefined
        known = pair.key.range?.[0] ?? 0
        return visit.BREAK
      },
    })
    templates.set(yaml.document, known)
  }
  return known === null ? undefined : start + known
}

/** 1-based line in the file of what stands at a path of an object, or of its nearest parent. */
export function lineOfField(text: string, resource: LocatedResource, path: YamlPath): number {
  const { placed, within } = resource
  return lineNumber(text, placed.start + (offsetAt(placed.yaml, [...within, ...path]) ?? 0))
}
