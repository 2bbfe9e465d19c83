import { expect, test } from 'vitest'
import { compileExpression } from './compile-expression.ts'
import { randomExpression, randomSource } from './random-expression.conformance.ts'
import { CelError, Failure, type JsonMap, Missing } from './value.ts'

const evaluate = (source: string, facts: JsonMap = {}, cost?: number) => {
  const { program, problems } = compileExpression(source)
  if (!program) return problems[0]?.message.key
  const value = program.evaluate(facts, cost)
  return value instanceof CelError ? value.message.key : value instanceof Missing ? value.paths : value
}
const facts = JSON.parse('{"user":{"Age":20,"City":"Beijing","tags":["a"],"__proto__":{"x":1}}}') as JsonMap

test('Go-style booleans read as they stand', () => {
  expect(evaluate('user.Age > 18 && user.City == "Beijing"', facts)).toBe(true)
  expect(evaluate('user.Age > 18.5 && user.Age == 20.0 && user.Age / 3 == 6', facts)).toBe(true)
  expect(evaluate('load.p99 * 1.5 > 250 && load.rate + 1 > 2.4', { load: { p99: 200, rate: 1.5 } })).toBe(true)
})
test('what is missing is unknown, unless it does not matter', () => {
  expect(evaluate('user.Agee > 18', facts)).toEqual(['user.Agee'])
  expect(evaluate('other.thing.deep > 18', facts)).toEqual(['other.thing.deep'])
  expect(evaluate('user.Age > 18 || user.Nope', facts)).toBe(true)
  expect(evaluate('user.Nope && user.Age > 90', facts)).toBe(false)
  expect(evaluate('user.Nope && user.Gone', facts)).toEqual(['user.Nope', 'user.Gone'])
  expect(evaluate('has(user.Nope) || has(user.Nope.Deep)', facts)).toBe(false)
  expect(evaluate('has(other.Nope)', facts)).toEqual(['other'])
  expect(evaluate('services.all(s, s.owner != "")', { services: [{ owner: 'a' }, {}] })).toEqual(['services[].owner'])
  expect(evaluate('services.exists(s, s.owner == "a")', { services: [{}, { owner: 'a' }] })).toBe(true)
  expect(evaluate('user.?Nope.orValue(3) == 3', facts)).toBe(true)
})
test.each([
  'user.constructor',
  'user.toString',
  'user.hasOwnProperty',
  'user.City.length',
  'user.tags.length',
  'user["constructor"]',
  'constructor.name',
  'user.tags.constructor',
  '__proto__.polluted',
  '"".constructor.constructor("return 1")()',
  'size.call(user)',
])('%s reaches no prototype', source => {
  const { program } = compileExpression(source)
  if (program) expect(program.evaluate(facts)).toBeInstanceOf(Failure)
})
test('a key called __proto__ is a key like any other', () => {
  expect(evaluate('user.__proto__.x == 1', facts)).toBe(true)
  expect(evaluate('{"__proto__": 1}.__proto__ == 1 && !has({}.__proto__)')).toBe(true)
})

const deep = (open: string, close: string, count = 100_000) => `${open.repeat(count)}1${close.repeat(count)}`
test.each([
  ['parentheses', deep('(', ')')],
  ['lists', deep('[', ']')],
  ['maps', deep('{1:', '}')],
  ['selections', `a${'.b'.repeat(30_000)}`],
  ['sums', `1${'+1'.repeat(30_000)}`],
  ['choices', `${'true?1:'.repeat(9_000)}1`],
  ['indices', `a${'[0]'.repeat(20_000)}`],
  ['calls', `${'int('.repeat(15_000)}1${')'.repeat(15_000)}`],
  ['digits', `${'9'.repeat(60_000)} > 1`],
  ['a text that is too long', `"${'a'.repeat(100_000)}"`],
])('%s without end are refused', (_, source) => {
  const { problems } = compileExpression(source)
  expect(['rule.celTooDeep', 'rule.celTooLong', 'rule.celNumberRange']).toContain(problems[0]?.message.key)
})
test('many terms side by side are fine', () => {
  expect(evaluate(`${'user.Age > 1 && '.repeat(3_000)}true`, facts)).toBe(true)
  expect(evaluate(`[${'1,'.repeat(10_000)}1].size() == 10001`)).toBe(true)
})

const list = JSON.stringify(Array.from({ length: 200 }, (_, i) => i))
test.each([
  ['macros within macros', `${[...'abcde'].reduce((inner, name) => `${list}.all(${name}, ${inner})`, 'true')}`],
  [
    'a text that doubles',
    [...'bcdefghijklmnopqrstuvwxyz'].reduceRight(
      (body, name, i) =>
        `cel.bind(${name}, ${i === 0 ? '"aaaaaaaaaa"' : `${'abcdefghijklmnopqrstuvwxyz'[i]} + ${'abcdefghijklmnopqrstuvwxyz'[i]}`}, ${body})`,
      'size(z)',
    ),
  ],
  ['a range', 'lists.range(1000000000000).size() > 0'],
  [
    'a replacement',
    '"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa".replace("a", lists.range(4000).map(x, "aaaaaaaaaaaaaaaaaaaa").join()).replace("a", lists.range(4000).map(x, "aaaaaaaaaaaaaaaaaaaa").join()) != ""',
  ],
  ['every pair of a long list', 'lists.range(4000).distinct().size() > 0'],
])('%s are stopped by what they cost', (_, source) => {
  expect(evaluate(source, {}, 200_000)).toBe('rule.celCost')
})

test.each([
  ['^(a+)+$', `${'a'.repeat(5_000)}!`, false],
  ['(a|aa)+b', 'a'.repeat(5_000), false],
  ['(.*)*(.*)*(.*)*x', 'a'.repeat(2_000), false],
  ['([a-z]+)*\\d', `${'abc'.repeat(1_000)}7`, true],
])('the pattern %s takes time in proportion to its text', (pattern, text, expected) => {
  expect(evaluate('t.matches(p)', { t: text, p: pattern })).toBe(expected)
})
test.each(['(?=a)', '(a)\\1', '(?<!a)b', 'a{2000}', '(((a{1000}){1000}){1000})', '[', '(', 'a**', '\\'])(
  'the pattern %s is refused',
  pattern => {
    expect(evaluate('"a".matches(p)', { p: pattern })).toBe('rule.celRegex')
  },
)
test('patterns are RE2', () => {
  for (const [pattern, text, expected] of [
    ['^v\\d+\\.\\d+$', 'v1.25', true],
    ['(?i)BEIJING', 'in beijing', true],
    ['\\bcat\\b', 'a cat!', true],
    ['\\bcat\\b', 'concatenate', false],
    ['^[^:]+:[^:@]+$', 'registry/app:1.2', true],
    ['\\p{Greek}+', 'αβγ', true],
    ['^\\pL{3}$', 'äöü', true],
    ['[[:alpha:]]{2,3}', 'a1b2', false],
    ['(?m)^b$', 'a\nb\nc', true],
    ['a.c', 'a\nc', false],
    ['(?s)a.c', 'a\nc', true],
    ['^$', '', true],
    ['x{0}', '', true],
    ['^(?:😀|🐱){2}$', '😀🐱', true],
    ['\\Qa.b\\E', 'a.b', true],
  ] as const)
    expect([pattern, evaluate('t.matches(p)', { t: text, p: pattern })]).toEqual([pattern, expected])
})

test('generated expressions never crash, and none goes on for ever', () => {
  // PILOTHOUSE_EXPRESSIONS=1000000 is the long proof.
  const count = Number(process.env['PILOTHOUSE_EXPRESSIONS'] ?? 15_000)
  let evaluated = 0
  for (let seed = 1; seed <= count; seed++) {
    const source = seed % 3 === 0 ? randomSource(seed) : randomExpression(seed)
    const { program, problems } = compileExpression(source)
    if (!program) {
      expect(problems.length).toBeGreaterThan(0)
      for (const { from, to } of problems) expect(from >= 0 && to <= source.length && from <= to).toBe(true)
      continue
    }
    program.evaluate(facts, 20_000)
    evaluated++
  }
  expect(evaluated).toBeGreaterThan(count / 10)
}, 1_800_000)
