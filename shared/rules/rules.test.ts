import { expect, test } from 'vitest'
import * as z from 'zod'
import { translate } from '../messages/index.ts'
import { compileExpression } from './cel/compile-expression.ts'
import type { JsonMap } from './cel/value.ts'
import { completeExpression } from './complete-expression.ts'
import { evaluateRules } from './evaluate-rules.ts'
import { contextJsonSchema } from './gate-facts.ts'
import { readRules } from './read-rules.ts'
import { ruleJsonSchema } from './rule-schema.ts'
import { runRuleTests } from './run-rule-tests.ts'
import { gateEnvironment, isRuleFile } from './workspace-rules.ts'

const today = '2026-11-20'
const said = (text: string, within = gateEnvironment) =>
  readRules('r.yaml', text, within).problems.map(
    ({ line, column, message }) => `${line}:${column} ${translate('en', message)}`,
  )
const open = (text: string) => readRules('r.yaml', text)
const judge = (text: string, facts: JsonMap, day = today) =>
  evaluateRules(open(text).rules, facts, day).map(
    ({ id, verdict, message, missing }) =>
      `${id} ${verdict} ${translate('en', message)}${missing.length > 0 ? ` [${missing}]` : ''}`,
  )

const people = `rules:
  - { id: low, priority: -1, severity: info, expression: user.Score > 3, message: "{{user.Name}} has {{user.Score}}" }
  - id: adult
    priority: 10
    severity: block
    expression: user.Age > 18 && user.City == "Beijing"
    message: Only adults in Beijing.
  - { id: typo, priority: 5, severity: warn, expression: user.Agee > 18 }
  - { id: guest, priority: 5, when: user.Guest, expression: "false" }
  - { id: old, until: 2026-11-19, expression: "false" }
`
test('rules are judged in order of priority, and what is missing is unknown', () => {
  const user = { Name: 'Li', Age: 20, City: 'Beijing', Score: 1.5, Guest: false }
  expect(judge(people, { user })).toEqual([
    'adult pass The rule holds.',
    'typo unknown Not known: user.Agee. Did you mean user.Age? [user.Agee]',
    'guest pass The rule does not apply here.',
    'old pass The rule was in force until 2026-11-19.',
    'low pass Li has 1.5',
  ])
  expect(judge(people, { user: { ...user, Age: 12, Guest: true } }, '2026-11-19').slice(0, 4)).toEqual([
    'adult block Only adults in Beijing.',
    'typo unknown Not known: user.Agee. Did you mean user.Age? [user.Agee]',
    'guest block This does not hold: false',
    'old block This does not hold: false',
  ])
  expect(judge(people, {})[0]).toBe('adult unknown Not known: user.Age, user.City. [user.Age,user.City]')
  expect(judge('- { id: a, expression: 1 / user.Zero > 0 }', { user: { Zero: 0 } })).toEqual([
    'a unknown Division by zero.',
  ])
  expect(judge('- { id: a, expression: user.Age }', { user })).toEqual([
    'a unknown A rule must come to true or false; this comes to int.',
  ])
})

test.each([
  ['a list', '- { id: a, expression: "true" }\n- { id: b, expression: "true" }', 2],
  ['JSON', '{"rules": [{"id": "a", "expression": "user.Age > 1"}]}', 1],
  [
    'one rule a document',
    'kind: Rule\nid: a\nexpression: "true"\n---\napiVersion: pilothouse.dev/v1alpha1\nkind: Rule\nid: b\nexpression: "true"\n',
    2,
  ],
])('rules are read from %s', (_, text, count) => {
  const { rules, problems } = open(text)
  expect([rules.length, problems]).toEqual([count, []])
})

const at = (expression: string) => `rules:\n  - id: a\n    expression: ${expression}\n`
test.each([
  [at('after.servces.size() > 0'), '3:22 after has no field servces. Did you mean services?'],
  [at("'after.services.all(s, s.replica > 1)'"), '3:41 services has no field replica. Did you mean replicas?'],
  [at('|\n      true &&\n        chnge.files.size() > 0'), '5:9 There is no chnge here. Did you mean change?'],
  [at('>-\n      true &&\n      time.hour = 3'), '5:17 `=` is not part of an expression. Did you mean `==`?'],
  [at('time.hour == "late"'), '3:17 `==` cannot be applied to (number, string).'],
  [at('after.services.size()'), '3:5 A rule must come to true or false; this comes to int.'],
  [at('"\\"a\\" == 1 +"'), '3:30 The expression ends too early.'],
  ['rules:\n  - id: a\n    expresion: "true"\n', '2:5 `expression` is missing here.'],
  [
    'rules:\n  - { id: a, expression: "true", severity: blok }',
    '2:34 `severity` does not fit. Expected: block, warn, info.',
  ],
  [
    'rules:\n  - { id: a, expression: "true", message: "{{time.hor}}" }',
    '2:50 time has no field hor. Did you mean hour?',
  ],
  [
    'rules:\n  - { id: a, expression: "true" }\n  - { id: a, expression: "true" }',
    '3:1 There are two of the name a. Give one another name.',
  ],
  ['rules:\n  - { id: a, expression: [ }', '2:28 This cannot be read: '],
  ['kind: Deployment\nmetadata: {name: x}', '1:1 A file of rules is of kind Rule or RuleSet, not Deployment.'],
  ['rules: none', '1:1 There are no rules here. Write a list of rules, or `rules:` with one.'],
])('a mistake is told with its line and column: %j', (text, expected) => {
  expect(said(text)[0]).toContain(expected)
})

test('a file may say what its rules speak of, and is checked against that', () => {
  const declared = `context:
  type: object
  properties:
    user: { type: object, properties: { Age: { type: integer }, tags: { type: array, items: { type: string } } } }
rules:
  - { id: a, expression: user.age > 18 }
  - { id: b, expression: 'user.tags.exists(t, t > 3)' }
  - { id: c, expression: user.Age > 17.5 }
`
  const { rules, problems } = open(declared)
  expect(rules.map(({ id }) => id)).toEqual(['c'])
  expect(problems.map(({ line, message }) => `${line} ${translate('en', message)}`)).toEqual([
    '6 user has no field age. Did you mean Age?',
    '7 `>` cannot be applied to (string, number).'.replace('number', 'int'),
  ])
})

test('cases in the file are run', () => {
  const results = runRuleTests(
    open(`${people}tests:
  - { name: young, context: { user: { Age: 12, City: Beijing } }, expect: { adult: block, typo: unknown } }
  - { name: wrong, context: { user: { Age: 12 } }, expect: { adult: pass, nobody: pass } }
`),
    today,
  )
  expect(results.map(({ name, failures }) => [name, failures.map(failure => translate('en', failure))])).toEqual([
    ['young', []],
    ['wrong', ['adult comes to block, not pass.', 'There is no rule nobody in this file.']],
  ])
})

test('the editor offers what fits where the caret stands', () => {
  const offered = (text: string) => {
    const offset = text.indexOf('‸')
    return completeExpression(text.replace('‸', ''), offset, gateEnvironment.variables).map(({ label }) => label)
  }
  expect(offered(at('‸'))).toEqual(expect.arrayContaining(['change', 'after', 'time', 'has']))
  expect(offered(at('time.‸'))).toEqual(['now', 'date', 'weekday', 'hour'])
  expect(offered(at('after.services.all(s, s.re‸'))).toEqual(expect.arrayContaining(['replicas', 'owner']))
  expect(offered(at('|\n      true &&\n        environment.‸'))).toContain('protected')
  expect(offered(at('after.services.‸'))).toEqual(expect.arrayContaining(['all', 'exists', 'size']))
  expect(offered('rules:\n  - id: a\n    ‸')).toContain('expression')
  expect(offered('rules:\n  - id: a\n    message: "It is {{time.‸')).toContain('hour')
  expect(offered('rules:\n  - id: a‸')).toEqual([])
})

test('a rule file is one directly in its folder', () => {
  expect(['.pilothouse/rules/a.yaml', '.pilothouse/rules/a.json'].every(isRuleFile)).toBe(true)
  expect(['.pilothouse/rules/a/b.yaml', '.pilothouse/rules/a.md', 'rules/a.yaml'].some(isRuleFile)).toBe(false)
})

test('the published schemas are those of the reader, and the checker reads the context from one', async () => {
  await expect(`${JSON.stringify(ruleJsonSchema(), null, 2)}\n`).toMatchFileSnapshot(
    '../../resources/schemas/rule.schema.json',
  )
  await expect(`${JSON.stringify(contextJsonSchema(), null, 2)}\n`).toMatchFileSnapshot(
    '../../resources/schemas/context.schema.json',
  )
  const schema = z.fromJSONSchema(JSON.parse(JSON.stringify(ruleJsonSchema())) as never)
  expect(schema.safeParse([{ id: 'a', expression: 'true' }]).success).toBe(true)
  expect(schema.safeParse([{ id: 'a', expresion: 'true' }]).success).toBe(false)
  expect([...gateEnvironment.variables.keys()]).toEqual(
    expect.arrayContaining([
      'change',
      'before',
      'after',
      'topology',
      'slos',
      'observed',
      'environment',
      'actor',
      'time',
      'edge',
    ]),
  )
  expect(compileExpression('observed.calls.all(c, c.p99 < 200.5)', gateEnvironment).problems).toEqual([])
})
