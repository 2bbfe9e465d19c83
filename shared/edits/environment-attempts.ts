import { stringify } from 'yaml'

import type { MergeShape } from '../environments/kustomize/merge-keys.ts'
import type { Origin } from '../environments/kustomize/origin.ts'
import { splitImage } from '../environments/kustomize/set-images.ts'
import { itemsIn, type Mapping, type Scalar, textIn, toJson, treeAt } from '../environments/kustomize/tree.ts'
import type { BuiltObject, Site } from '../environments/part.ts'
import { CannotEdit } from '../yaml/cannot-edit.ts'
import { changeYaml, type YamlChange } from '../yaml/change-yaml.ts'
import { isYamlList, isYamlMap, valueAt, type YamlMap, type YamlPath, type YamlValue } from '../yaml/yaml-value.ts'
import { addToList, type Changed, changeAt, setAt } from './change-overlay.ts'
import { changedParts } from './changed-parts.ts'
import type { Difference } from './edit-in-environment.ts'
import type { Files } from './edit-outcome.ts'
import { imageEntry, inImages, overlayAttempts, ownPatches } from './edit-overlay.ts'
import type { EnvironmentObject } from './environment-object.ts'
import { patchFor } from './patch-for.ts'
import { valuesPath } from './values-path.ts'

type Attempt = () => ReadonlyMap<string, string> | null
type Wish = {
  readonly files: Files
  readonly found: EnvironmentObject
  readonly wanted: YamlMap
  readonly differences: readonly Difference[]
  readonly shape: MergeShape | undefined
}

/** Ways to make an object what is wanted, those that say it where the environment says it already first. */
export function* environmentAttempts(wish: Wish): Generator<Attempt> {
  const { files, found, wanted, differences, shape } = wish
  const { object, part, value } = found
  const [only] = differences
  const isSingle = differences.length === 1 && only !== undefined && isScalarValue(only.value)
  const own = (file: string): boolean => part.own.includes(file)
  const scalar = isSingle ? treeAt(object.tree, only.path) : undefined
  const known = scalar?.type === 'scalar' ? scalar : undefined
  const changes = known && isSingle ? sourcesOf(known, only.value as ScalarValue) : []
  if (changes.length > 0 && changes.every(change => own(change.origin.source.file))) yield () => setAll(files, changes)
  const patch = patchFor(value, wanted, shape)
  for (const site of object.sites) {
    if (site.kind === 'kustomization') {
      if (isSingle)
        for (const attempt of overlayAttempts({
          files,
          rendering: site.rendering,
          object: object.tree,
          names: object.names,
          path: only.path,
          wanted: only.value as string | number,
          value,
        }))
          yield () => mapOf(attempt())
      for (const entry of patchEntries(object, value, isYamlMap(patch) ? patch : {}))
        yield () => mapOf(addToList(files, site.rendering, 'patches', entry))
    } else if (site.kind === 'values-file') {
      yield* valuesFileAttempts(wish, site, changes)
    } else yield* ownerAttempts(wish, site, changes, isYamlMap(patch) ? patch : {}, own)
  }
  if (changes.length > 0) yield () => setAll(files, changes)
  if (known && isSingle) yield () => inTemplate(files, known, String(only.value))
  // An object that stands in a file of this environment alone.
  const { origin } = object.tree
  if (origin.how === 'resource' && known === undefined)
    yield () => mapOf(changeAt(files, origin, root => differences.map(difference => setOf(root, difference))))
}

type ScalarValue = string | number | boolean
const isScalarValue = (value: YamlValue | undefined): value is ScalarValue =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
const mapOf = (changed: Changed | null): ReadonlyMap<string, string> | null =>
  changed && new Map([[changed.file, changed.text]])
const setOf = (root: YamlPath, { path, value }: Difference): YamlChange =>
  value === undefined ? { op: 'delete', path: [...root, ...path] } : { op: 'set', path: [...root, ...path], value }

/** A value to write, and where it stands now. */
type SourceChange = { readonly origin: Origin; readonly value: ScalarValue }
const settable = new Set<Origin['how']>(['resource', 'patch', 'replicas', 'value', 'images'])

/** What has to be written where the scalar is from: the whole of it, or those of its parts that change. */
function sourcesOf(scalar: Scalar, wanted: ScalarValue): readonly SourceChange[] {
  const changes = scalar.parts
    ? (changedParts(scalar, String(wanted)) ?? [])
    : [{ origin: scalar.origin, value: wanted }]
  return changes.every(({ origin }) => settable.has(origin.how)) ? changes : []
}

function setAll(files: Files, changes: readonly SourceChange[]): ReadonlyMap<string, string> {
  const now = new Map(files)
  const changed = new Map<string, string>()
  // From the end, so that what is before stays where it was.
  for (const { origin, value } of changes.toSorted((a, b) => b.origin.at - a.origin.at)) {
    // What is packed in an archive is no file that could be written.
    if (!now.has(origin.source.file)) throw new CannotEdit('edit.noSuchFile', { file: origin.source.file })
    const { file, text } =
      origin.how === 'images' ? setImage(now, origin, String(value)) : setAt(now, origin, typed(now, origin, value))
    now.set(file, text)
    changed.set(file, text)
  }
  return changed
}

/** A text that a template says as it is, with nothing of a template in its line. */
function inTemplate(files: Files, { origin, text, parts }: Scalar, wanted: string): ReadonlyMap<string, string> | null {
  if (origin.how !== 'template' || parts || /[\s{}#:'"]/.test(wanted.replace(/[:@]/g, ''))) return null
  const { file } = origin.source
  const lines = (files.get(file) ?? '').split('\n')
  const at = origin.source.lineAt(origin.at) - 1
  const line = lines[at]
  const start = line?.includes('{{') ? -1 : (line?.lastIndexOf(text) ?? -1)
  if (line === undefined || start < 0) return null
  lines[at] = line.slice(0, start) + wanted + line.slice(start + text.length)
  return new Map([[file, lines.join('\n')]])
}

/** A number stays one where a text of digits is put in its place, and a text in quotes stays a text. */
function typed(files: Files, origin: Origin, value: ScalarValue): ScalarValue {
  if (origin.source.within) return value
  const text = (files.get(origin.source.file) ?? '').slice(origin.at)
  if (/^["']/.test(text)) return String(value)
  const isDigits = typeof value === 'string' && /^(0|[1-9]\d{0,14})$/.test(value)
  return isDigits && /^(0|[1-9]\d*)\s*(#.*)?$/m.exec(text)?.index === 0 ? Number(value) : value
}

/** The entry that gives the image: a text of an Application, a map everywhere else. */
function setImage(files: Files, origin: Origin, wanted: string): Changed {
  if (origin.parent?.step === 'images' || typeof origin.step === 'number')
    return setAt(files, origin, imageText(files, origin, wanted))
  return inImages({ files, wanted }, origin)
}

function imageText(files: Files, origin: Origin, wanted: string): string {
  const text = (files.get(origin.source.file) ?? '').slice(origin.at).split('\n')[0] ?? ''
  const name = /^["']?([^=\s"']+)=/.exec(text)?.[1]
  return name === undefined ? wanted : `${name}=${wanted}`
}

/** Strategic merges of no more than what differs, by each name the object has had. */
function* patchEntries({ names }: BuiltObject, value: YamlMap, patch: YamlMap): Generator<YamlMap> {
  for (const name of new Set(names)) {
    const metadata = isYamlMap(patch['metadata']) ? { name, ...patch['metadata'] } : { name }
    const { metadata: _, ...fields } = patch
    const text = stringify({ apiVersion: value['apiVersion'], kind: value['kind'], metadata, ...fields })
    yield { patch: text }
    yield { patch: text, target: { kind: String(value['kind']), name } }
  }
}

function* valuesFileAttempts(
  { files, found, differences }: Wish,
  site: Extract<Site, { kind: 'values-file' }>,
  changes: readonly SourceChange[],
): Generator<Attempt> {
  const paths = valuesChanges(found, differences, changes, site.chart)
  if (paths.length === 0) return
  const text = files.get(site.file)
  if (text === undefined || text.trim() === '') {
    const values = paths.reduce<YamlMap>((map, { path, value }) => withValue(map, path, value), {})
    yield () => new Map([[site.file, stringify(values)]])
    return
  }
  yield () =>
    new Map([
      [
        site.file,
        changeYaml(
          text,
          0,
          paths.map(({ path, value }) => ({ op: 'set', path, value })),
        ),
      ],
    ])
}

type ValuesChange = { readonly path: YamlPath; readonly value: YamlValue }

/** The same in terms of the chart's values. */
function valuesChanges(
  found: EnvironmentObject,
  differences: readonly Difference[],
  changes: readonly SourceChange[],
  chart: string,
): readonly ValuesChange[] {
  const direct = changes.flatMap(({ origin, value }): ValuesChange[] => {
    const path = valuesPath(origin, chart)
    return path === null ? [] : [{ path, value }]
  })
  if (direct.length > 0) return direct.length === changes.length ? direct : []
  return addedVariable(found, differences, chart)
}

/** One more variable, where a chart makes variables of a map or a list of its values. */
function addedVariable(
  found: EnvironmentObject,
  differences: readonly Difference[],
  chart: string,
): readonly ValuesChange[] {
  const [only] = differences
  if (!only || differences.length > 1 || only.path.at(-1) !== 'env' || !isYamlList(only.value)) return []
  const before = valueAt(found.value, only.path)
  if (!isYamlList(before) || only.value.length !== before.length + 1) return []
  const added = only.value.at(-1)
  if (!isYamlMap(added) || typeof added['name'] !== 'string') return []
  for (const index of before.keys()) {
    const scalar = treeAt(found.object.tree, [...only.path, index, 'value'])
    const path = scalar?.type === 'scalar' ? valuesPath(scalar.origin, chart) : null
    if (!path) continue
    const name = textIn(treeAt(found.object.tree, [...only.path, index, 'name']))
    if (path.at(-1) === name && added['value'] !== undefined)
      return [{ path: [...path.slice(0, -1), added['name']], value: added['value'] }]
    // A list of values is replaced as a whole by the file that says it.
    if (path.at(-1) === 'value' && typeof path.at(-2) === 'number')
      return [{ path: path.slice(0, -2), value: only.value }]
  }
  return []
}

function* ownerAttempts(
  wish: Wish,
  site: Extract<Site, { kind: 'object' }>,
  changes: readonly SourceChange[],
  patch: YamlMap,
  own: (file: string) => boolean,
): Generator<Attempt> {
  const { files, found, differences } = wish
  const { owner, path: lead } = site
  if (site.style === 'values' || site.style === 'helm-parameters') {
    const values = valuesChanges(found, differences, changes, site.chart ?? '')
    if (values.length === 0) return
    const inOwner =
      site.style === 'values'
        ? values.map(({ path, value }): OwnerChange => ({ op: 'set', path: [...lead, ...path], value }))
        : values.map((change): OwnerChange => parameterChange(owner.tree, lead, change))
    yield* changeOwner(files, owner, inOwner, own)
    return
  }
  const { object, value } = found
  const [only] = differences
  const list = (name: string): YamlPath => [...lead, name]
  const image = only && only.path.at(-1) === 'image' && typeof only.value === 'string' ? only.value : undefined
  if (image !== undefined) {
    const before = String(valueAt(value, only!.path) ?? '')
    const entry = imageEntry(before, image)
    yield* changeOwner(
      files,
      owner,
      [added(owner.tree, list('images'), site.style === 'flux' ? entry : argoImage(before, image))],
      own,
    )
  }
  if (site.style === 'argo-cd' && only?.path.join('/') === 'spec/replicas' && only.value !== undefined)
    for (const name of new Set(object.names))
      yield* changeOwner(files, owner, [added(owner.tree, list('replicas'), { name, count: only.value })], own)
  for (const entry of patchEntries(object, value, patch)) {
    const targeted = entry['target']
      ? entry
      : { ...entry, target: { kind: String(value['kind']), name: object.names[0] ?? '' } }
    yield* changeOwner(files, owner, [added(owner.tree, list('patches'), targeted)], own)
  }
}

function argoImage(before: string, wanted: string): string {
  const { name } = splitImage(before)
  return splitImage(wanted).name === name ? wanted : `${name}=${wanted}`
}

type OwnerChange =
  | { readonly op: 'set'; readonly path: YamlPath; readonly value: YamlValue }
  | {
      readonly op: 'insert'
      readonly path: YamlPath
      readonly index: number
      readonly value: YamlValue
      readonly all: YamlValue
    }

/** One more item at the end of a list of an object. */
function added(tree: Mapping, path: YamlPath, value: YamlValue): OwnerChange {
  const items = itemsIn(tree, ...path)
  if (items.length === 0) return { op: 'set', path, value: [value] }
  return {
    op: 'insert',
    path,
    index: items.length,
    value,
    all: [...items.map(item => toJson(item) as YamlValue), value],
  }
}

function parameterChange(tree: Mapping, lead: YamlPath, { path, value }: ValuesChange): OwnerChange {
  const name = path
    .map((step, at) =>
      typeof step === 'number' ? `[${step}]` : `${at === 0 ? '' : '.'}${step.replaceAll('.', '\\.')}`,
    )
    .join('')
  const index = itemsIn(tree, ...lead).findIndex(item => textIn(item, 'name') === name)
  return index < 0
    ? added(tree, lead, { name, value: String(value) })
    : { op: 'set', path: [...lead, index, 'value'], value: String(value) }
}

/** Changes an object in the file that has it, or in the patches and the kustomization that build it. */
function* changeOwner(
  files: Files,
  owner: BuiltObject,
  changes: readonly OwnerChange[],
  own: (file: string) => boolean,
): Generator<Attempt> {
  const { origin } = owner.tree
  const inPlace = (root: YamlPath): readonly YamlChange[] =>
    changes.map(
      (change): YamlChange =>
        change.op === 'set'
          ? { op: 'set', path: [...root, ...change.path], value: change.value }
          : { op: 'insert', path: [...root, ...change.path], index: change.index, value: change.value },
    )
  if (own(origin.source.file)) yield () => mapOf(changeAt(files, origin, inPlace))
  const whole = changes.map(change => ({ path: change.path, value: change.op === 'set' ? change.value : change.all }))
  const value = toJson(owner.tree)
  for (const site of owner.sites) {
    if (site.kind !== 'kustomization') continue
    const { rendering } = site
    for (const root of ownPatches({ files, rendering, object: owner.tree }))
      yield () =>
        mapOf(
          changeAt(files, root, () =>
            whole.map(({ path, value: item }): YamlChange => ({ op: 'set', path, value: item })),
          ),
        )
    const nested = whole.reduce<YamlMap>((map, { path, value: item }) => withValue(map, path, item), {})
    for (const entry of patchEntries(owner, value as YamlMap, nested))
      yield () => mapOf(addToList(files, rendering, 'patches', entry))
  }
  if (!own(origin.source.file)) yield () => mapOf(changeAt(files, origin, inPlace))
}

function withValue(map: YamlMap, [step, ...rest]: YamlPath, value: YamlValue): YamlMap {
  if (step === undefined) return map
  const now = map[String(step)]
  return { ...map, [String(step)]: rest.length === 0 ? value : withValue(isYamlMap(now) ? now : {}, rest, value) }
}
