import type * as z from 'zod/mini'
import type { MessageKey, MessageParams } from '../messages/index.ts'
import { nearestName } from '../topology/nearest-name.ts'
import type { PlacedDocument } from '../yaml/parse-yaml.ts'
import { isYamlList, isYamlMap, type YamlMap, type YamlPath, type YamlValue } from '../yaml/yaml-value.ts'
import { compileExpression, type Program } from './cel/compile-expression.ts'
import { type Environment, environment } from './cel/environment.ts'
import type { ExpressionProblem } from './cel/problem.ts'
import { printType } from './cel/type.ts'
import type { JsonMap } from './cel/value.ts'
import { witnessPrograms } from './cel/witnesses.ts'
import type { FileProblem } from './file-problem.ts'
import type { Rule } from './rule.ts'
import { Rule as RuleSchema, RuleTest as RuleTestSchema, type RuleTestText } from './rule-schema.ts'
import { typesOfSchema } from './schema-types.ts'
import { readTextFile, type TextFile } from './text-file.ts'
import { readTemplate } from './text-template.ts'

export type RuleTest = RuleTestText & { readonly line: number; readonly context: JsonMap }
export type RuleFile = {
  readonly file: string
  readonly rules: readonly Rule[]
  readonly tests: readonly RuleTest[]
  readonly problems: readonly FileProblem[]
}

const containers = { apiVersion: 1, kind: 1, rules: 1, tests: 1, context: 1, metadata: 1, spec: 1 }

/**
 * Reads a file of rules, YAML or JSON: a list, `{rules: […]}`, or documents of `kind: Rule` or `kind: RuleSet`. Every
 * mistake is told with its line and column, in the expression too, and costs no more than its rule.
 */
export function readRules(file: string, text: string, within: Environment = environment()): RuleFile {
  const source = readTextFile(file, text)
  const read: Reading = { file, source, rules: [], tests: [], problems: [...source.problems] }
  if (source.problems.length > 0) return read
  for (const document of source.documents) readDocument(read, document, within)
  const ids = new Set<string>()
  for (const rule of read.rules) {
    if (ids.has(rule.id))
      read.problems.push({
        file,
        line: rule.line,
        column: 1,
        severity: 'error',
        message: { key: 'rule.repeatedId', params: { id: rule.id } },
      })
    ids.add(rule.id)
  }
  return read
}

type Reading = {
  readonly file: string
  readonly source: TextFile
  readonly rules: Rule[]
  readonly tests: RuleTest[]
  readonly problems: FileProblem[]
}

function readDocument(read: Reading, document: PlacedDocument, given: Environment): void {
  const { value } = document.yaml
  const say = (path: YamlPath, key: MessageKey, params: MessageParams = {}): void => {
    read.problems.push(read.source.problem(document, path, { key, params }))
  }
  let within = given
  const readContext = (map: YamlMap): void => {
    const { context } = map
    if (context === undefined) return
    if (isYamlMap(context))
      within = { ...given, open: false, variables: new Map([...given.variables, ...typesOfSchema(context)]) }
    else say(['context'], 'rule.notASchema')
  }
  const each = (list: YamlValue | undefined, path: YamlPath): void => {
    if (isYamlList(list)) list.forEach((item, index) => void readRule(read, document, item, [...path, index], within))
    else say(path, 'rule.noRules')
  }
  if (isYamlList(value)) each(value, [])
  else if (!isYamlMap(value)) say([], 'rule.noRules')
  else {
    readContext(value)
    if (value['rules'] !== undefined || value['kind'] === 'RuleSet') {
      for (const key of Object.keys(value))
        if (!Object.hasOwn(containers, key)) unknownKey(say, [key], Object.keys(containers))
      each(value['rules'], ['rules'])
    } else {
      const { apiVersion: _, kind, tests: __, context: ___, metadata: ____, ...rule } = value
      if (kind !== undefined && kind !== 'Rule') say(['kind'], 'rule.wrongKind', { kind: String(kind) })
      else readRule(read, document, rule, [], within)
    }
    const { tests } = value
    if (isYamlList(tests)) tests.forEach((item, index) => void readTest(read, document, item, ['tests', index]))
    else if (tests !== undefined) say(['tests'], 'rule.badValue', { field: 'tests', expected: '[…]' })
  }
}

type Say = (path: YamlPath, key: MessageKey, params?: MessageParams) => void
function unknownKey(say: Say, path: YamlPath, known: readonly string[]): void {
  const field = String(path.at(-1))
  const near = nearestName(field, known)
  if (near === undefined) say(path, 'rule.unknownField', { field, known: known.join(', ') })
  else say(path, 'rule.unknownFieldNear', { field, near })
}

/** What the schema refuses, in words. */
export function sayIssues(
  say: Say,
  issues: readonly z.core.$ZodIssue[],
  path: YamlPath,
  known: readonly string[],
): void {
  for (const issue of issues) {
    const at = [...path, ...(issue.path as (string | number)[])]
    const field = String(issue.path.at(-1) ?? '')
    if (issue.code === 'unrecognized_keys') for (const key of issue.keys) unknownKey(say, [...at, key], known)
    else if (issue.code === 'invalid_value') say(at, 'rule.badValue', { field, expected: issue.values.join(', ') })
    else if (issue.code === 'invalid_type')
      say(at, issue.input === undefined ? 'rule.missingField' : 'rule.badValue', { field, expected: issue.expected })
    else
      say(at, 'rule.badValue', { field, expected: 'format' in issue && issue.format === 'regex' ? '2026-12-31' : '…' })
  }
}

const ruleFields = Object.keys(RuleSchema.shape)

function readRule(
  read: Reading,
  document: PlacedDocument,
  value: YamlValue,
  path: YamlPath,
  within: Environment,
): void {
  const say: Say = (at, key, params = {}) => read.problems.push(read.source.problem(document, at, { key, params }))
  if (!isYamlMap(value)) {
    say(path, 'rule.notARule')
    return
  }
  const parsed = RuleSchema.safeParse(value, { reportInput: true })
  if (!parsed.success) {
    sayIssues(say, parsed.error.issues, path, ruleFields)
    return
  }
  const { data } = parsed
  let broken = false
  const sayIn = (field: string, problems: readonly ExpressionProblem[]): void => {
    for (const { message, from } of problems) {
      broken = true
      read.problems.push(read.source.problem(document, [...path, field], message, 'error', from))
    }
  }
  const condition = (field: 'expression' | 'when', text: string): Program | null => {
    const { program, problems } = compileExpression(text, within)
    sayIn(field, problems)
    if (program && !['bool', 'dyn', 'any'].includes(program.type.kind)) {
      broken = true
      say([...path, field], 'rule.notACondition', { type: printType(program.type) })
    }
    return program
  }
  const expression = condition('expression', data.expression)
  const when = data.when === undefined ? undefined : condition('when', data.when)
  const message = data.message === undefined ? undefined : readTemplate(data.message, within)
  if (message) sayIn('message', message.problems)
  if (broken || !expression || when === null) return
  read.rules.push({
    id: data.id,
    file: read.file,
    line: read.source.lineOf(document, path),
    priority: data.priority ?? 0,
    severity: data.severity ?? 'block',
    waivable: data.waivable ?? true,
    expression,
    witnesses: witnessPrograms(data.expression, within),
    ...(data.owner !== undefined && { owner: data.owner }),
    ...(data.until !== undefined && { until: data.until }),
    ...(when && { when }),
    ...(message && { message: message.template }),
  })
}

function readTest(read: Reading, document: PlacedDocument, value: YamlValue, path: YamlPath): void {
  const say: Say = (at, key, params = {}) => read.problems.push(read.source.problem(document, at, { key, params }))
  const parsed = RuleTestSchema.safeParse(value, { reportInput: true })
  if (!parsed.success) {
    sayIssues(say, parsed.error.issues, path, Object.keys(RuleTestSchema.shape))
    return
  }
  const { data } = parsed
  read.tests.push({ ...data, context: data.context as JsonMap, line: read.source.lineOf(document, path) })
}
