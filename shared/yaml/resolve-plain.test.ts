import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseDocument } from 'yaml'
import { formatScalar } from './format-scalar.ts'
import { parseYaml } from './parse-yaml.ts'
import { resolvePlain } from './resolve-plain.ts'

test('plain scalars mean what kubectl reads', () => {
  const means: [string, unknown][] = [
    ['yes', true],
    ['Off', false],
    ['y', true],
    ['N', false],
    ['~', null],
    ['Null', null],
    ['nULL', 'nULL'],
    ['0755', 493],
    ['0o17', 15],
    ['08', 8],
    ['1_000', 1000],
    ['0x1F', 31],
    ['-0b101', -5],
    ['+12', 12],
    ['1e3', 1000],
    ['.5', 0.5],
    ['12e03', 12000],
    ['1.2.3', '1.2.3'],
    ['1:30', '1:30'],
    ['2001-01-01', '2001-01-01'],
    ['-.inf', Number.NEGATIVE_INFINITY],
    ['.nan', Number.NaN],
    ['9007199254740993', 9007199254740993n],
    ['18446744073709551616', 18446744073709552000],
    ['0x', '0x'],
    ['-', '-'],
    ['+', '+'],
    ['.', '.'],
    ['100m', '100m'],
    ['1Gi', '1Gi'],
    ['=', '='],
  ]
  for (const [source, value] of means) expect(resolvePlain(source), source).toEqual(value)
})

test('new text is quoted where any reader would take it for something else', () => {
  for (const text of [
    'yes',
    'on',
    'Off',
    'n',
    '0755',
    '1_000',
    '0x10',
    '1e3',
    '~',
    'null',
    '',
    '.5',
    '1:30',
    '2001-01-01',
    '=',
    '<<',
    '0o7',
    'E0',
    '-e+9',
    '12',
  ])
    expect(formatScalar(text), text).toBe(`"${text}"`)
  for (const text of [
    'a: b',
    'a #b',
    '- a',
    '@x',
    '`x',
    '%x',
    '&x',
    '*x',
    '!x',
    '[a',
    '{a',
    ' a',
    'a ',
    'a:',
    '# x',
    '? x',
    '---',
  ])
    expect(formatScalar(text), text).toBe(`"${text}"`)
  for (const text of [
    'cart:7070',
    'http://a/b?c=d&e',
    'redis:alpine',
    '-x',
    ':8080',
    '100m',
    'a#b',
    '1.2.3',
    'naïve',
    '日本',
  ])
    expect(formatScalar(text), text).toBe(text)
  expect(formatScalar('say "hi": x')).toBe(`'say "hi": x'`)
  expect(formatScalar("it's: x", 'single')).toBe("'it''s: x'")
  expect(formatScalar('a\nb\u0007')).toBe('"a\\nb\\u0007"')
  expect(formatScalar('a,b', 'plain', 'flow')).toBe('"a,b"')
  expect(formatScalar(true, 'double')).toBe('true')
})

test('whatever is printed is read back, by kubectl and by YAML 1.2, in every style and place', () => {
  const text = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.string({ unit: 'binary' }),
    fc.stringMatching(/^[-+.0-9_xobeEyntaf:~#'"{}[\],&*!|>%@` \\]{1,8}$/),
  )
  fc.assert(
    fc.property(
      text,
      fc.constantFrom('plain', 'single', 'double'),
      fc.constantFrom('block', 'flow', 'json'),
      (value, style, place) => {
        const printed = formatScalar(value, style, place)
        const document = place === 'block' ? `a: ${printed}\n` : `a: [ ${printed}, ${printed}]\n`
        const expected = place === 'block' ? { a: value } : { a: [value, value] }
        expect(parseYaml(document)[0]!.yaml.value).toEqual(expected)
        for (const version of ['1.1', '1.2'] as const)
          expect(parseDocument(document, { version }).toJS()).toEqual(expected)
      },
    ),
    { numRuns: 2_000 },
  )
})
