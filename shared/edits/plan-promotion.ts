import { isObject, type Json, type Manifest } from '../manifests/manifest.ts'
import type { ResourceRef } from '../manifests/resource-ref.ts'
import type { Message } from '../messages/index.ts'
import { redact, redactValue } from '../topology/redact.ts'
import { sameValue, valueAt, type YamlPath, type YamlValue } from '../yaml/yaml-value.ts'
import { applyEdit } from './apply-edits.ts'
import { fieldName, fieldText } from './change-resource.ts'
import { byName, type Difference, namedDifferences } from './differences.ts'
import type { Edit } from './edit.ts'
import type { Files } from './edit-outcome.ts'
import { editOf } from './inverse-edits.ts'
import { fieldWords, isFieldEdit, readField, wantedWords } from './read-field.ts'

/** One field that a decision touched, and what it is where the decision is to be taken. Texts hide credentials. */
export type PromotionRow = {
  /** `Deployment/checkout` */
  readonly object: string
  /** `spec.replicas`; empty for the object itself. */
  readonly field: string
  /** What it held before the decision, and what it holds there now; null where nothing stood or stands. */
  readonly was: string | null
  readonly there: string | null
  readonly next: string | null
  readonly state: 'change' | 'same' | 'impossible'
  readonly reason?: Message
}

export type PromotionPlan = { readonly rows: readonly PromotionRow[]; readonly edits: readonly Edit[] }

/**
 * What it takes to bring a decision to another environment: each field of each object that it changed, as its own
 * environment builds it, is given the value it got, where the other environment says such things. How either is made
 * (files, overlays, values of a chart) does not matter.
 *
 * @param before, after objects of the decision's environment on both sides of it
 * @param there objects of the other environment today
 * @param files what these are built from
 */
export function planPromotion(
  before: readonly Manifest[],
  after: readonly Manifest[],
  there: readonly Manifest[],
  files: Files,
): PromotionPlan {
  const now = new Map(files)
  const rows: PromotionRow[] = []
  const edits: Edit[] = []
  const old = new Map(before.map(manifest => [identity(manifest), manifest]))
  const made = new Map(after.map(manifest => [identity(manifest), manifest]))
  for (const key of new Set([...old.keys(), ...made.keys()])) {
    const [was, is] = [old.get(key), made.get(key)]
    const source = (is ?? was)!
    if (was && is && sameValue(was.value as YamlValue, is.value as YamlValue)) continue
    const target = counterpart(source, there)
    const object = `${source.kind}/${(target ?? source).name}`
    const row = (state: PromotionRow['state'], more: Partial<PromotionRow> = {}): void => {
      rows.push({ object, field: '', was: null, there: null, next: null, state, ...more })
    }
    const attempt = (edit: Edit, words: Partial<PromotionRow>): void => {
      const outcome = applyEdit(now, edit)
      if (outcome.kind === 'refused') row('impossible', { ...words, reason: outcome.reason })
      if (outcome.kind === 'unchanged') row('same', words)
      if (outcome.kind !== 'applied') return
      for (const [path, text] of outcome.files) {
        if (text === null) now.delete(path)
        else now.set(path, text)
      }
      edits.push(edit)
      row('change', words)
    }
    if (!is) {
      if (target) row('impossible', { there: target.name, reason: { key: 'record.promoteRemoves' } })
      else row('same', { was: source.name })
    } else if (!was) {
      const beside = there.find(({ kind }) => kind === source.kind) ?? there[0]
      if (target) row('same', { there: target.name, next: target.name })
      else if (!beside) row('impossible', { next: source.name, reason: { key: 'record.promoteNoObject' } })
      else attempt({ kind: 'add-object', beside: beside.ref, object: placedLike(is, beside) }, { next: source.name })
    } else if (!target) row('impossible', { reason: { key: 'record.promoteNoObject' } })
    else
      for (const difference of differencesOf(was, is)) {
        const value = valueAt(byName(target.value as YamlValue), difference.path)
        const words = {
          field: fieldName({}, difference.path),
          was: textOf(source, difference.path, difference.before),
          there: textOf(source, difference.path, value),
          next: textOf(source, difference.path, difference.after),
        }
        const edit = editFor(target.ref, difference)
        if (sameOrAbsent(value, difference.after)) row('same', words)
        else if (edit) attempt(edit, words)
        else row('impossible', { ...words, reason: { key: 'record.promoteNoEdit' } })
      }
  }
  return { rows, edits }
}

/** What a decision's own edits would do to other files: those of another branch. */
export function planPromotedEdits(edits: readonly Edit[], files: Files): PromotionPlan {
  const now = new Map(files)
  const rows: PromotionRow[] = []
  const taken: Edit[] = []
  for (const edit of edits) {
    const name =
      'resource' in edit ? `${edit.resource.kind}/${edit.resource.name}` : 'file' in edit ? edit.file : edit.kind
    const reading = isFieldEdit(edit) ? readField(now, edit) : undefined
    const field = reading?.field.slice(reading.field.indexOf(' ') + 1) ?? ''
    const [there, next] = isFieldEdit(edit)
      ? [hidden(reading ? fieldWords(edit, reading.value) : null), hidden(wantedWords(edit))]
      : [null, null]
    const row = { object: name, field, was: null, there, next }
    const outcome = applyEdit(now, edit)
    if (outcome.kind === 'refused') rows.push({ ...row, state: 'impossible', reason: outcome.reason })
    else if (outcome.kind === 'unchanged') rows.push({ ...row, state: 'same' })
    else {
      for (const [path, text] of outcome.files) {
        if (text === null) now.delete(path)
        else now.set(path, text)
      }
      rows.push({ ...row, state: 'change' })
      taken.push(edit)
    }
  }
  return { rows, edits: taken }
}

/** The most telling edit that gives a field its value. */
function editFor(resource: ResourceRef, { path, after }: Difference): Edit | undefined {
  const list = path.findIndex(step => step === 'containers' || step === 'initContainers')
  const [container, env, name, field, ...more] = path.slice(list + 1)
  const isVariable = list >= 0 && env === 'env' && field === 'value' && more.length === 0 && typeof after === 'string'
  if (!isVariable || typeof container !== 'string' || typeof name !== 'string') return editOf(resource, path, after)
  return { kind: 'set-env', resource, container, name, value: { value: after } }
}

const hidden = (text: string | null): string | null => text && redact(text)

/** A name that Kustomize put a hash of the content behind, without it. */
const withoutHash = (name: string): string => name.replace(/-[2456789bcdfghkmt]{10}$/, '')
const identity = ({ kind, namespace, name }: Manifest): string => `${kind} ${namespace ?? ''} ${withoutHash(name)}`

/** The same thing in the other environment: by kind and name, else by a name that differs in its first or last word. */
function counterpart(source: Manifest, there: readonly Manifest[]): Manifest | undefined {
  const kin = there.filter(({ kind, group }) => kind === source.kind && group === source.group)
  const named = kin.filter(({ name }) => withoutHash(name) === withoutHash(source.name))
  if (named.length > 0)
    return named.find(({ namespace }) => namespace === source.namespace) ?? (named.length === 1 ? named[0] : undefined)
  const core = coresOf(source.name)
  const alike = kin.filter(({ name }) => coresOf(name).some(each => core.includes(each)))
  return alike.length === 1 ? alike[0] : undefined
}

/** `staging-web`: itself, and what is left without its first or last word. */
function coresOf(name: string): readonly string[] {
  const words = withoutHash(name).split('-')
  return [words, words.slice(1), words.slice(0, -1)].filter(each => each.length > 0).map(each => each.join('-'))
}

/** Differences that are somebody's doing: neither where an object lives nor hashes in names. */
const differencesOf = (before: Manifest, after: Manifest): readonly Difference[] =>
  namedDifferences(before.value as YamlValue, after.value as YamlValue).filter(
    ({ path, before: was, after: is }) =>
      !(path[0] === 'metadata' && (path[1] === 'name' || path[1] === 'namespace')) &&
      !(typeof was === 'string' && typeof is === 'string' && withoutHash(was) === withoutHash(is)),
  )

function placedLike({ value }: Manifest, { namespace }: Manifest): { readonly [key: string]: Json } {
  const metadata = isObject(value['metadata']) ? value['metadata'] : {}
  const rest = Object.entries(metadata).filter(([key]) => key !== 'namespace')
  return {
    ...value,
    metadata: { ...Object.fromEntries(rest), ...(namespace !== undefined && { namespace }) },
  }
}

const sameOrAbsent = (a: YamlValue | undefined, b: YamlValue | undefined): boolean =>
  a === undefined || b === undefined ? a === b : sameValue(a, b)

function textOf({ kind }: Manifest, path: YamlPath, value: YamlValue | undefined): string | null {
  if (value === undefined) return null
  if (kind === 'Secret' && path[0] !== 'metadata') return '•••'
  const text = fieldText(value)
  if (path.at(-1) === 'image') return text
  const variable = path.includes('env') ? path[path.indexOf('env') + 1] : undefined
  return typeof variable === 'string' ? redactValue(variable, text) : redact(text)
}
