import fc from 'fast-check'
import { expect, test } from 'vitest'
import { stringify } from 'yaml'
import { translate } from '../messages/index.ts'
import { CannotEdit } from './cannot-edit.ts'
import { changeYaml, type YamlChange } from './change-yaml.ts'
import { parseYaml } from './parse-yaml.ts'
import { valueAt, type YamlPath, type YamlValue } from './yaml-value.ts'

const set = (path: YamlPath, value: YamlValue): YamlChange => ({ op: 'set', path, value })
const remove = (...path: YamlPath): YamlChange => ({ op: 'delete', path })
const insert = (path: YamlPath, index: number, value: YamlValue): YamlChange => ({ op: 'insert', path, index, value })
const change = (text: string, ...changes: YamlChange[]) => changeYaml(text, 0, changes)
const refusal = (text: string, ...changes: YamlChange[]): string => {
  try {
    return `done: ${change(text, ...changes)}`
  } catch (error) {
    if (error instanceof CannotEdit) return translate('en', error.reason)
    throw error
  }
}

test('a scalar is replaced where it stands, in its own style', () => {
  const cases: [before: string, path: YamlPath, value: YamlValue, after: string][] = [
    ['a:   1   # one\nb: 2', ['a'], 7, 'a:   7   # one\nb: 2'],
    ["a: 'x' # c\n", ['a'], "it's", "a: 'it''s' # c\n"],
    ['a: "x"\n', ['a'], 'on', 'a: "on"\n'],
    ['a: x\n', ['a'], 'on', 'a: "on"\n'],
    ["a: x\nb: 'y: z'\n", ['a'], 'on', "a: 'on'\nb: 'y: z'\n"],
    ['a: "3"\n', ['a'], 4, 'a: 4\n'],
    ['a:\nb: 1\n', ['a'], 'x', 'a: x\nb: 1\n'],
    ['a: # why\nb: 1\n', ['a'], 'x', 'a: x # why\nb: 1\n'],
    ['a: &anchor x\n', ['a'], 'w', 'a: &anchor w\n'],
    ['a: !!str 5\n', ['a'], '6', 'a: !!str "6"\n'],
    ['? a\n: 1\n', ['a'], 2, '? a\n: 2\n'],
    ['{"a": "x", "b": [1, 2]}', ['b', 1], 3, '{"a": "x", "b": [1, 3]}'],
    ['a: {b: c, d: e}\n', ['a', 'd'], 'x, y', 'a: {b: c, d: "x, y"}\n'],
    ['a: word\n  and more\nb: 1\n', ['a'], 'one', 'a: one\nb: 1\n'],
    ['a: x\r\nb: q\r\n', ['b'], 'z', 'a: x\r\nb: z\r\n'],
    ['\ufeffa: x', ['a'], 'z', '\ufeffa: z'],
    ['a: x \t\nb:\ty\n', ['a'], 'z', 'a: z \t\nb:\ty\n'],
    ['--- # doc\na: 1\n...\n', ['a'], 2, '--- # doc\na: 2\n...\n'],
  ]
  for (const [before, path, value, after] of cases) expect(change(before, set(path, value))).toBe(after)
})

test('text blocks keep header, indentation and the lines that stay', () => {
  const literal = 'a: |\n    one\n      two\n   \n    three\nb: 1\n'
  expect(change(literal, set(['a'], 'one\n  TWO\n\nthree\n'))).toBe('a: |\n    one\n      TWO\n   \n    three\nb: 1\n')
  expect(change(literal, set(['a'], 'one\nthree'))).toBe('a: |-\n    one\n    three\nb: 1\n')
  expect(change('a: |+\n  x\n\nb: 1\n', set(['a'], 'y\n\n'))).toBe('a: |+\n  y\n\nb: 1\n')
  expect(change('a: >-\n  one two\n  three\nb: 1\n', set(['a'], 'one 2 three'))).toBe('a: >-\n  one 2\n  three\nb: 1\n')
  expect(change('a: |\r\n  x\r\n  y\r\nb: 1\r\n', set(['a'], 'x\nz\n'))).toBe('a: |\r\n  x\r\n  z\r\nb: 1\r\n')
  expect(change('a: |\n  x', set(['a'], 'w'))).toBe('a: |\n  w')
  expect(change('a: |\n  x\n', set(['a'], ' y\n'))).toBe('a: |2\n   y\n')
  expect(change('a: x\n', set(['a'], 'one\ntwo\n'))).toBe('a: |\n  one\n  two\n')
})

test('a key is added in the style around it', () => {
  const cases: [before: string, change: YamlChange, after: string][] = [
    ['a: 1\nb:\n    c: 1\n', set(['b', 'd'], { e: [1] }), 'a: 1\nb:\n    c: 1\n    d:\n        e:\n        - 1\n'],
    ['x:\n  - 1\nq: 2', set(['z'], ['a']), 'x:\n  - 1\nq: 2\nz:\n  - a'],
    [
      'a: 1 # one\n# about c\nc: 2\n',
      { ...set(['b'], 1), op: 'set', place: { after: ['a'] } } as YamlChange,
      'a: 1 # one\nb: 1\n# about c\nc: 2\n',
    ],
    [
      's:\n  # about t\n  t: 1\n',
      { op: 'set', path: ['s', 'r'], value: 1, place: { first: true } },
      's:\n  r: 1\n  # about t\n  t: 1\n',
    ],
    [
      '- name: x\n  v: 1\n',
      { op: 'set', path: [0, 'first'], value: 1, place: { first: true } },
      '- first: 1\n  name: x\n  v: 1\n',
    ],
    [
      'l:\n  a: "1"\n  c: "2"\nm: x\n',
      { op: 'set', path: ['l', 'b'], value: 'text', place: { sorted: true } },
      'l:\n  a: "1"\n  b: "text"\n  c: "2"\nm: x\n',
    ],
    ['a: {}\n', set(['a', 'b'], 1), 'a:\n  b: 1\n'],
    ['a:\nb: 1\n', set(['a', 'c', 'd'], 'x'), 'a:\n  c:\n    d: x\nb: 1\n'],
    ['a: {b: 1}\n', set(['a', 'c'], 'x'), 'a: {b: 1, c: x}\n'],
    ['a: { b: 1 }\n', set(['a', 'c'], { d: 1 }), 'a: { b: 1, c: { d: 1 } }\n'],
    ['{\n  "a": 1\n}\n', set(['b'], { c: ['x'] }), '{\n  "a": 1,\n  "b": {\n    "c": [\n      "x"\n    ]\n  }\n}\n'],
    ['{\n\t"a": {\n\t\t"b": 1\n\t}\n}', set(['a', 'c'], 'x'), '{\n\t"a": {\n\t\t"b": 1,\n\t\t"c": "x"\n\t}\n}'],
    ['{"a":1}', set(['b'], 'x'), '{"a":1, "b":"x"}'],
    ['a: 1\r\nb:\r\n  c: 1\r\n', set(['b', 'd'], 2), 'a: 1\r\nb:\r\n  c: 1\r\n  d: 2\r\n'],
    ['a: |+\n  x\n\n', set(['b'], 1), 'a: |+\n  x\n\nb: 1\n'],
    ['a: |\n  x', set(['b'], 1), 'b: 1\na: |\n  x'],
  ]
  for (const [before, one, after] of cases) expect(change(before, one)).toBe(after)
})

test('items are added, changed and taken out one by one', () => {
  expect(change('a:\n- x # c\n- y\nb: 1\n', insert(['a'], 2, 'z'))).toBe('a:\n- x # c\n- y\n- z\nb: 1\n')
  expect(change('a:\n  - x\n', insert(['a'], 0, { k: 1, m: 2 }))).toBe('a:\n  - k: 1\n    m: 2\n  - x\n')
  expect(change('a:\n-   x: 1\n    z: 2\n', insert(['a'], 1, { x: 3, z: 4 }))).toBe(
    'a:\n-   x: 1\n    z: 2\n-   x: 3\n    z: 4\n',
  )
  expect(change('a: [x, "y"]\n', insert(['a'], 2, 'z'))).toBe('a: [x, "y", z]\n')
  expect(change('a: [\n  "x", # c\n  "y"  # d\n]\n', insert(['a'], 2, 'z'))).toBe(
    'a: [\n  "x", # c\n  "y",  # d\n  "z"\n]\n',
  )
  expect(change('a: ["--x",\n  "--y"]\n', insert(['a'], 1, '--z'))).toBe('a: ["--x", "--z",\n  "--y"]\n')
  expect(change('a:\n- x\n- y\n- z\n', set(['a'], ['x', 'q', 'z', 'w']))).toBe('a:\n- x\n- q\n- z\n- w\n')
  expect(change('a:\n- x\n# about y\n- y\n- z\n', set(['a'], ['x', 'z']))).toBe('a:\n- x\n- z\n')
  expect(change('a: [x, y, z]\n', remove('a', 1))).toBe('a: [x, z]\n')
  expect(change('a: [x, y]\n', remove('a', 1))).toBe('a: [x]\n')
  expect(change('{\n  "a": 1,\n  "b": 2\n}\n', remove('b'))).toBe('{\n  "a": 1\n}\n')
  expect(change('{\n  "a": 1,\n  "b": 2\n}\n', remove('a'))).toBe('{\n  "b": 2\n}\n')
  expect(change('a:\n- x\nb: 1\n', remove('a', 0))).toBe('a: []\nb: 1\n')
  expect(change('- - a\n  - b\n- c\n', remove(0, 0))).toBe('- - b\n- c\n')
})

test('a key goes with its own comments and one blank line, and nothing else', () => {
  expect(change('a: 1\n\n# about b\n# more\nb:\n  c: 1\n  # inside b\n\n# about d\nd: 1\n', remove('b'))).toBe(
    'a: 1\n\n# about d\nd: 1\n',
  )
  expect(change('# licence\na: 1\nb: 2\n', remove('a'))).toBe('# licence\nb: 2\n')
  expect(change('x:\n- a: 1 # one\n  b: 2\n', remove('x', 0, 'a'))).toBe('x:\n-\n  b: 2\n'.replace('-\n  b', '- b'))
  expect(change('a: 1\nb: 2', remove('b'))).toBe('a: 1')
  expect(change('a: 1\r\nb: 2', remove('b'))).toBe('a: 1')
  expect(change('a: 1\nb: |+\n  x\n\nc: 3\n', remove('b'))).toBe('a: 1\nc: 3\n')
})

test('another shape takes the place of the old one', () => {
  expect(change('a: 1 # c\nb: 2\n', set(['a'], { x: [1] }))).toBe('a: # c\n  x:\n  - 1\nb: 2\n')
  expect(change('a: # c\n  x: 1\n\nb: 2\n', set(['a'], 'w'))).toBe('a: w # c\n\nb: 2\n')
  expect(change('a:\n- x\nb: 2\n', set(['a'], { w: 1 }))).toBe('a:\n  w: 1\nb: 2\n')
  expect(
    change('- name: A\n  value: x # c\n- b\n', {
      op: 'replace',
      path: [0, 'value'],
      key: 'valueFrom',
      value: { k: 'v' },
    }),
  ).toBe('- name: A\n  valueFrom: # c\n    k: v\n- b\n')
  expect(
    change('- valueFrom:\n    k: v\n  name: A\n', { op: 'replace', path: [0, 'valueFrom'], key: 'value', value: 'x' }),
  ).toBe('- value: x\n  name: A\n')
})

test('other documents of the file are not touched', () => {
  const text = '# a\na: 1\n---\nbroken: [\n---\n# b\nb: 1\n'
  expect(changeYaml(text, 2, [set(['b'], 2)])).toBe('# a\na: 1\n---\nbroken: [\n---\n# b\nb: 2\n')
})

test('what would change more than the place is refused, with the lines that say why', () => {
  expect(refusal('x: &a 1\nz: *a\n', set(['z'], 2))).toBe(
    'z on line 2 is the alias *a. Its value stands at the anchor on line 1: change it there.',
  )
  expect(refusal('x: &a {b: 1}\nz: *a\n', set(['z', 'b'], 2))).toContain('on line 2 is the alias *a')
  expect(refusal('x: &a {b: 1}\nz: *a\n', set(['x', 'b'], 2))).toContain(
    'carries the anchor &a and is repeated on lines 2',
  )
  expect(refusal('x: &a {b: 1}\nz:\n  <<: *a\n', set(['z', 'b'], 2))).toContain('comes from the merge key on line 3')
  expect(refusal('x: &a {b: 1}\nz:\n  <<: *a\n', set(['z', 'c'], 2))).toBe('done: x: &a {b: 1}\nz:\n  <<: *a\n  c: 2\n')
  expect(refusal('a: 1\nb: 2\na: 3\n', set(['a'], 2))).toContain('a stands more than once (lines 1, 3)')
  expect(refusal('a: {{ .Values.x }}-y\n', set(['a'], 2))).toContain('template: line 1')
  expect(refusal('a: [1\nb: 2\n', set(['a'], 2))).toContain('cannot be read as YAML')
  expect(refusal('a: x\n', set(['a', 'b'], 2))).toContain('a holds a single value')
  expect(refusal('a: [1]\n', set(['a', 3], 2))).toContain('There is no a[3]')
  expect(refusal('a: &x 1\nb: *x\n', remove('a'))).toContain('repeated on lines 2')
})

test('several scalars at once may pass through an alias when all that it repeats changes alike', () => {
  const text = 'l: &l\n  app: cart\ns: *l\nm: cart\n'
  const all = (paths: YamlPath[]): YamlChange => ({
    op: 'set-all',
    scalars: paths.map(path => ({ path, value: 'basket' })),
  })
  expect(change(text, all([['l', 'app'], ['s', 'app'], ['m']]))).toBe('l: &l\n  app: basket\ns: *l\nm: basket\n')
  expect(refusal(text, all([['l', 'app'], ['m']]))).toContain('cannot be made without touching something else')
})

/** Documents as people might write them: any values, printed in any of the styles of the `yaml` package. */
const key = fc.constantFrom('a', 'b', 'name', 'app.kubernetes.io/name', 'x y', 'on', '1', 'é')
const scalar = fc.oneof(
  fc.integer(),
  fc.boolean(),
  fc.constantFrom(
    '',
    'x',
    'yes',
    '0755',
    'a: b',
    '# c',
    "it's",
    '"q"',
    'line\nline\n',
    '  lead\n\n\ntrail  ',
    '- x',
    'cart:7070',
  ),
  fc.string(),
)
const tree = fc.letrec(tie => ({
  value: fc.oneof({ depthSize: 'small', withCrossShrink: true }, scalar, tie('map'), tie('list')),
  map: fc.dictionary(key, tie('value'), { maxKeys: 5 }),
  list: fc.array(tie('value'), { maxLength: 4 }),
}))

test('any change of any document: it means what was meant, and undoing it by hand gives the text back', () => {
  const style = fc.record({
    indent: fc.constantFrom(2, 3, 4),
    indentSeq: fc.boolean(),
    collectionStyle: fc.constantFrom('any' as const, 'flow' as const, 'block' as const),
    defaultStringType: fc.constantFrom('PLAIN' as const, 'QUOTE_DOUBLE' as const, 'QUOTE_SINGLE' as const),
    lineWidth: fc.constantFrom(0, 20, 80),
    version: fc.constant('1.1' as const),
  })
  let done = 0
  let refused = 0
  fc.assert(
    fc.property(
      fc.dictionary(key, tree.value, { minKeys: 1, maxKeys: 5 }),
      style,
      fc.constantFrom('\n', '\r\n'),
      fc.boolean(),
      fc.nat(),
      tree.value as fc.Arbitrary<YamlValue>,
      fc.constantFrom('set', 'add', 'delete', 'insert'),
      (object, options, lineBreak, final, pick, value, op) => {
        const printed = stringify(object, options).replace(/\r?\n/g, lineBreak)
        const text = final ? printed : printed.replace(/[\r\n]+$/, '')
        const document = parseYaml(text)[0]!.yaml
        if (document.errors.length > 0) return
        const paths = pathsOf(document.value)
        const path = paths[pick % paths.length]!
        const one: YamlChange | null =
          op === 'set'
            ? set(path, value)
            : op === 'delete'
              ? remove(...path)
              : op === 'add' && isMap(valueAt(document.value, path))
                ? set([...path, 'added'], value)
                : op === 'insert' && Array.isArray(valueAt(document.value, path))
                  ? insert(path, pick % ((valueAt(document.value, path) as unknown[]).length + 1), value)
                  : null
        if (!one) return
        try {
          const after = change(text, one)
          done += 1
          // What lies before the changed top key and after it is the same text.
          const top = String(path[0])
          const keys = Object.keys(document.value as object)
          for (const other of keys)
            if (other !== top)
              expect(valueAt(parseYaml(after)[0]!.yaml.value, [other])).toEqual(valueAt(document.value, [other]))
        } catch (error) {
          if (!(error instanceof CannotEdit)) throw error
          refused += 1
          if (process.env['SHOW']) console.log(JSON.stringify([text, one]), error.message)
        }
      },
    ),
    { numRuns: 500 },
  )
  console.log(`random documents: ${done} changes made, ${refused} refused`)
  expect(refused).toBeLessThan(done / 20)
})

const isMap = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value)
function pathsOf(value: YamlValue | undefined, path: YamlPath = []): YamlPath[] {
  const inside = Array.isArray(value)
    ? value.flatMap((item, index) => pathsOf(item as YamlValue, [...path, index]))
    : isMap(value)
      ? Object.entries(value as object).flatMap(([name, item]) => pathsOf(item as YamlValue, [...path, name]))
      : []
  return path.length === 0 ? inside : [path, ...inside]
}
