import type { EdgeVerdict } from '../workspace-file/read-workspace-file.ts'
import { readWorkspaceFile } from '../workspace-file/read-workspace-file.ts'
import { workspaceApiVersion, workspacePath } from '../workspace-file/workspace-schema.ts'
import { changeYaml, type YamlChange } from '../yaml/change-yaml.ts'
import { parseYaml } from '../yaml/parse-yaml.ts'
import { isYamlList, isYamlMap, valueAt, type YamlMap, type YamlValue } from '../yaml/yaml-value.ts'
import { refusable } from './change-resource.ts'
import type { Edit, EditOf } from './edit.ts'
import type { EditOutcome, Files } from './edit-outcome.ts'

/** What people say of one edge, and to say nothing of it any more. */
export type EdgeEdit = EditOf<'confirm-edge' | 'reject-edge' | 'declare-edge' | 'forget-edge'>
export const isEdgeEdit = (edit: Edit): edit is EdgeEdit =>
  ['confirm-edge', 'reject-edge', 'declare-edge', 'forget-edge'].includes(edit.kind)

const states = { 'confirm-edge': 'confirmed', 'reject-edge': 'rejected', 'declare-edge': 'declared' } as const
const header = `apiVersion: ${workspaceApiVersion}\nkind: Workspace\n`

/** What the files say of the edge an edit is about; undefined where nothing does. */
export function verdictOf(files: Files, edit: EdgeEdit): EdgeVerdict | undefined {
  const text = files.get(workspacePath)
  if (text === undefined) return undefined
  // As buildTopology does: of two, the later one holds.
  return readWorkspaceFile(workspacePath, text).edges.findLast(
    ({ from, to, environment }) => from === edit.from && to === edit.to && environment === edit.environment,
  )
}

/** The edit that would say what a verdict says; without one, the edit that says nothing. */
export function editOfVerdict({ from, to, environment }: EdgeEdit, verdict: EdgeVerdict | undefined): EdgeEdit {
  const edge = { from, to, ...(environment !== undefined && { environment }) }
  if (!verdict) return { kind: 'forget-edge', ...edge }
  const why = verdict.why ?? null
  const protocol = verdict.protocol ?? null
  if (verdict.state === 'declared') return { kind: 'declare-edge', ...edge, why, protocol }
  return { kind: verdict.state === 'confirmed' ? 'confirm-edge' : 'reject-edge', ...edge, why }
}

/** A verdict in words, for conflicts and lists. */
export const verdictWords = (verdict: Pick<EdgeVerdict, 'state' | 'protocol' | 'why'>): string =>
  [verdict.state, verdict.protocol, verdict.why && `(${verdict.why})`].filter(Boolean).join(' ')

/** Writes (or takes out) one entry of `edges` in `pilothouse.yaml`; the file is made where there is none. */
export const setEdgeVerdict = (files: Files, edit: EdgeEdit): EditOutcome =>
  refusable(files, workspacePath, () => {
    const before = files.get(workspacePath)
    const was = verdictOf(files, edit)
    const wanted = edit.kind === 'forget-edge' ? null : entryOf(edit)
    if (!was && wanted === null) return { kind: 'unchanged' }
    const after = before === undefined || before.trim() === '' ? created(before, wanted) : changed(before, edit, wanted)
    if (after === before) return { kind: 'unchanged' }
    const next = after === null ? undefined : verdictOf(new Map([[workspacePath, after]]), edit)
    return {
      kind: 'applied',
      files: new Map([[workspacePath, after]]),
      changes: [
        {
          file: workspacePath,
          line: was?.line ?? next?.line ?? 1,
          field: `${edit.from} → ${edit.to}`,
          ...(was && { before: verdictWords(was) }),
          ...(next && { after: verdictWords(next) }),
        },
      ],
    }
  })

type Entry = { readonly [key: string]: string | null }
function entryOf(edit: Exclude<EdgeEdit, { kind: 'forget-edge' }>): Entry {
  return {
    from: edit.from,
    to: edit.to,
    state: states[edit.kind],
    ...(edit.kind === 'declare-edge' && edit.protocol !== undefined && { protocol: edit.protocol }),
    ...(edit.environment !== undefined && { environment: edit.environment }),
    ...(edit.why !== undefined && { why: edit.why }),
  }
}

const present = (entry: Entry): YamlMap =>
  Object.fromEntries(Object.entries(entry).filter(([, value]) => value !== null)) as YamlMap

function created(before: string | undefined, entry: Entry | null): string | null {
  if (entry === null) return before ?? null
  return changeYaml(`${before ?? ''}${header}`, 0, [{ op: 'set', path: ['edges'], value: [present(entry)] }])
}

function changed(text: string, edit: EdgeEdit, entry: Entry | null): string | null {
  const documents = parseYaml(text)
  const kinds = documents.map(({ yaml }) => (isYamlMap(yaml.value) ? yaml.value['kind'] : undefined))
  const document = Math.max(0, kinds.indexOf('Workspace'))
  const value = documents[document]!.yaml.value
  const list = valueAt(value, ['edges'])
  const items = isYamlList(list) ? list : []
  const at = items.findLastIndex(item => isOf(item, edit))
  if (entry === null) {
    if (at < 0) return text
    const path = items.length === 1 ? ['edges'] : ['edges', at]
    const left = changeYaml(text, document, [{ op: 'delete', path }])
    return left === header ? null : left
  }
  if (at < 0) {
    const insert: YamlChange =
      items.length === 0
        ? { op: 'set', path: ['edges'], value: [present(entry)] }
        : { op: 'insert', path: ['edges'], index: placeOf(items, edit), value: present(entry) }
    return changeYaml(text, document, [insert])
  }
  const now = items[at] as YamlMap
  const changes = Object.entries(entry).flatMap(([key, next]): YamlChange[] => {
    const path = ['edges', at, key]
    if (next !== null) return [{ op: 'set', path, value: next }]
    return Object.hasOwn(now, key) ? [{ op: 'delete', path }] : []
  })
  return changeYaml(text, document, changes)
}

const isOf = (item: YamlValue, edit: EdgeEdit): boolean =>
  isYamlMap(item) && item['from'] === edit.from && item['to'] === edit.to && item['environment'] === edit.environment

/** A list kept in order stays so, which lets two people's entries merge; else the end. */
function placeOf(items: readonly YamlValue[], edit: EdgeEdit): number {
  const names = items.map(item => (isYamlMap(item) ? `${item['from']}\n${item['to']}` : ''))
  const sorted = names.every((name, index) => index === 0 || names[index - 1]! <= name)
  const next = names.findIndex(name => name > `${edit.from}\n${edit.to}`)
  return sorted && next >= 0 ? next : items.length
}
