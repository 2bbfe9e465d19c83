import { expect, test } from 'vitest'
import { parseYaml } from './parse-yaml.ts'
import { splitDocuments } from './split-documents.ts'

const parts = (text: string) => splitDocuments(text).map(({ start, end }) => text.slice(start, end))
const values = (text: string) => parseYaml(text).map(({ yaml }) => yaml.value)

test('a stream is cut where its documents begin', () => {
  expect(parts('')).toEqual([''])
  expect(parts('a: 1')).toEqual(['a: 1'])
  expect(parts('# licence\n\n---\na: 1\n---\nb: 1\n')).toEqual(['# licence\n\n---\na: 1\n', '---\nb: 1\n'])
  expect(parts('a: 1\n...\n# about b\n%YAML 1.1\n---\nb: 1\n')).toEqual([
    'a: 1\n...\n',
    '# about b\n%YAML 1.1\n---\nb: 1\n',
  ])
  expect(parts('a: |\n  ---\n  x\n----\n')).toEqual(['a: |\n  ---\n  x\n----\n'])
  expect(parts('---\n---\n--- # x\na: 1')).toEqual(['---\n', '---\n', '--- # x\na: 1'])
  expect(parts('\ufeffa: 1\r\n---\r\nb: 2\r\n')).toEqual(['a: 1\r\n', '---\r\nb: 2\r\n'])
  expect(parts('a: 1\n...\nb: 2\n')).toEqual(['a: 1\n...\n', 'b: 2\n'])
})

test('documents mean what kubectl reads', () => {
  expect(values('a: yes\non: 010\n"y": \'1\'\n')).toEqual([{ a: true, true: 8, y: '1' }])
  expect(values('base: &b {x: 1, z: 2}\nc:\n  <<: *b\n  z: 3\nd: *b\n')).toEqual([
    { base: { x: 1, z: 2 }, c: { x: 1, z: 3 }, d: { x: 1, z: 2 } },
  ])
  expect(values('a: !!str 5\nb: !!int "7"\nc:\n')).toEqual([{ a: '5', b: 7, c: null }])
  expect(values('---\n---\na: 1\n')).toEqual([null, { a: 1 }])
  expect(Object.keys(values('__proto__: 1\n')[0] as object)).toEqual(['__proto__'])
})

test('what cannot be read says why and where', () => {
  expect(parseYaml('a: *nowhere\n')[0]!.yaml.errors).toEqual([{ message: 'Unresolved alias: nowhere', offset: 3 }])
  expect(parseYaml('a: &a [*a]\n')[0]!.yaml.errors[0]!.message).toContain('inside of its own anchor')
  expect(parseYaml('a: [1\n')[0]!.yaml.errors.length).toBeGreaterThan(0)
  const laughs = [
    'a0: &a0 [1,1,1,1,1,1,1,1,1,1]',
    ...Array.from({ length: 9 }, (_, n) => `a${n + 1}: &a${n + 1} [${Array(10).fill(`*a${n}`)}]`),
  ]
  expect(parseYaml(`${laughs.join('\n')}\n`)[0]!.yaml.errors[0]!.message).toContain('too many')
})
