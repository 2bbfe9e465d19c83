import { differences } from '../edits/differences.ts'
import type { Rule } from '../rules/rule.ts'
import type { TextTemplate } from '../rules/text-template.ts'
import { workspaceRules } from '../rules/workspace-rules.ts'
import { treesFolder } from '../trees/tree-schema.ts'
import { workspacePath } from '../workspace-file/workspace-schema.ts'
import { parseYaml } from '../yaml/parse-yaml.ts'
import { isYamlList, isYamlMap, setKey, type YamlMap, type YamlValue } from '../yaml/yaml-value.ts'
import { type Change, fieldKey, type Subject } from './difference.ts'

export type RuleKind = 'rule' | 'tree' | 'promise' | 'workspace'
export type RuleSubject = Subject<Change> & { readonly kind: RuleKind; readonly name: string; readonly file: string }

type Files = ReadonlyMap<string, { readonly path: string; readonly text: string }>
type Thing = { readonly kind: RuleKind; readonly name: string; readonly file: string; readonly value: YamlValue }

export const isTreeFile = (path: string): boolean => path.startsWith(`${treesFolder}/`) && /\.(ya?ml|json)$/.test(path)

/** Which rules, decision trees and promises of a workspace differ, and how. */
export function compareRules(before: Files, after: Files): RuleSubject[] {
  const [olds, news] = [thingsIn(before), thingsIn(after)]
  const subjects: RuleSubject[] = []
  for (const key of [...new Set([...olds.keys(), ...news.keys()])].sort()) {
    const [a, b] = [olds.get(key), news.get(key)]
    const { kind, name, file } = (b ?? a)!
    const about = { key, kind, name, file }
    if (!a || !b) subjects.push({ ...about, change: a ? 'removed' : 'added', fields: [] })
    else {
      const fields = differences(a.value, b.value, []).map(({ path, before: was, after: is }) => {
        const field = path.join('.')
        return { key: fieldKey(key, field), field, before: shown(was), after: shown(is) }
      })
      if (fields.length > 0) subjects.push({ ...about, change: 'changed', fields })
    }
  }
  return subjects
}

const shown = (value: YamlValue | undefined): string | null =>
  value === undefined
    ? null
    : typeof value === 'object' && value !== null
      ? JSON.stringify(value, (_, item) => (typeof item === 'bigint' ? String(item) : item))
      : String(value)

function thingsIn(files: Files): ReadonlyMap<string, Thing> {
  const things = new Map<string, Thing>()
  const put = (thing: Thing): void => void things.set(`${thing.kind} ${thing.name}`, thing)
  for (const { rules } of workspaceRules(files))
    for (const rule of rules) put({ kind: 'rule', name: rule.id, file: rule.file, value: valueOfRule(rule) })
  for (const [path, { text }] of files) {
    if (!isTreeFile(path)) continue
    const value = firstValue(text)
    const name = isYamlMap(value) && typeof value['id'] === 'string' ? value['id'] : path.slice(treesFolder.length + 1)
    put({ kind: 'tree', name, file: path, value: byOwnName(value) })
  }
  const notes = firstValue(files.get(workspacePath)?.text ?? '')
  if (!isYamlMap(notes)) return things
  for (const [part, value] of Object.entries(notes)) {
    if (part === 'apiVersion' || part === 'kind') continue
    const named = byOwnName(value)
    if (part === 'services' && isYamlMap(named))
      for (const [name, said] of Object.entries(named)) put({ kind: 'promise', name, file: workspacePath, value: said })
    else put({ kind: 'workspace', name: part, file: workspacePath, value: named })
  }
  return things
}

function valueOfRule(rule: Rule): YamlValue {
  const { priority, severity, waivable, owner, until, expression, when, message } = rule
  return {
    priority,
    severity,
    waivable,
    expression: expression.source.trim(),
    ...(owner !== undefined && { owner }),
    ...(until !== undefined && { until }),
    ...(when && { when: when.source.trim() }),
    ...(message && { message: templateText(message) }),
  }
}

const templateText = (template: TextTemplate): string =>
  template.map(part => (typeof part === 'string' ? part : `{{${part.source}}}`)).join('')

/** What cannot be read says nothing: the Rules screen tells what is wrong with it. */
const firstValue = (text: string): YamlValue =>
  parseYaml(text).find(({ yaml }) => yaml.value !== null)?.yaml.value ?? null

/** Lists of things with a name of their own as maps by it, so that their order is no difference. */
function byOwnName(value: YamlValue): YamlValue {
  if (isYamlList(value)) {
    const names = value.map(ownName)
    if (value.length === 0 || names.some(name => name === null) || new Set(names).size < names.length)
      return value.map(byOwnName)
    const map: { [key: string]: YamlValue } = {}
    for (const [index, item] of value.entries()) setKey(map, names[index]!, byOwnName(item))
    return map
  }
  if (!isYamlMap(value)) return value
  const map: { [key: string]: YamlValue } = {}
  for (const [key, item] of Object.entries(value)) setKey(map, key, byOwnName(item))
  return map
}

function ownName(item: YamlValue): string | null {
  if (!isYamlMap(item)) return null
  const text = (map: YamlMap, key: string): string | null => (typeof map[key] === 'string' ? map[key] : null)
  const [from, to] = [text(item, 'from'), text(item, 'to')]
  if (from !== null && to !== null) return `${from} → ${to}`
  return text(item, 'id') ?? text(item, 'name') ?? text(item, 'path')
}
