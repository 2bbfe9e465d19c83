import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseAllDocuments } from 'yaml'
import type { Json, Path } from './manifest.ts'
import { toPlainValue } from './plain-value.ts'
import { type BlockDocument, readBlockYaml } from './read-block-yaml.ts'

/** What the full parser says; null where it finds a mistake. */
function parsed(text: string): BlockDocument[] | null {
  const documents = parseAllDocuments(text, {
    version: '1.1',
    schema: 'failsafe',
    uniqueKeys: false,
    strict: false,
    prettyErrors: false,
    logLevel: 'error',
  })
  if (!Array.isArray(documents)) return []
  if (documents.some(({ errors }) => errors.length > 0)) return null
  // Empty documents say nothing.
  return documents.map(document => toPlainValue(document as never)).filter(({ value }) => value !== null)
}

function* paths(value: Json, at: Path = []): Generator<Path> {
  yield at
  if (Array.isArray(value)) for (const [index, item] of value.entries()) yield* paths(item, [...at, index])
  else if (typeof value === 'object' && value !== null)
    for (const [key, item] of Object.entries(value)) yield* paths(item, [...at, key])
}

/** Every value and where it stands, as text that compares well. */
const told = (documents: readonly BlockDocument[]): string =>
  documents
    .map(({ value, positions }) =>
      [...paths(value)]
        .map(path => `${JSON.stringify(path)} ${positions.start(path)} ${positions.isBlock(path)}`)
        .join('\n')
        .concat(JSON.stringify(value)),
    )
    .join('\n---\n')

/** True where it was read; throws where it was read otherwise than the full parser does. */
function isRead(text: string): boolean {
  const read = readBlockYaml(text)
  if (!read) return false
  const full = parsed(text)
  if (!full || told(read) !== told(full)) {
    expect(`read\n${told(read)}\nof\n${text}`).toBe(`read\n${full ? told(full) : 'as broken'}\nof\n${text}`)
  }
  return true
}

const usual = `# A deployment
apiVersion: apps/v1
kind: Deployment # with a comment
metadata:
  name: cart
  labels: {}
  annotations:
    note: 'a # b: c'
spec:
  replicas: 2
  template:
    spec:
      containers:
      - name: server
        image: registry.example/cart:1.2.3
        args: ["--listen", '--port=80', -v, run]
        command:
          - sh
          - --flag=x
          - -1
        env:
          - name: EMPTY
            value: ""
          - name: URL
            value: http://pay:80/#x
          - name: NOTHING
            value:
          - value: yes
      volumes: []
---
kind: ConfigMap
data:
  a.properties: |
    x=1

      indented # no comment
    y=2

  b: |-
    last
  c: 0o17
  d: 1_000
  e: .5
  on: ~
`

describe('block YAML', () => {
  it('is read as the full parser reads it, to the offset', () => {
    expect(isRead(usual)).toBe(true)
    expect(isRead('')).toBe(true)
    expect(isRead('a: 1')).toBe(true)
    expect(isRead('---\n# nothing\n---\na: b\n')).toBe(true)
  })

  it.each([
    'a: &x 1\nb: *x\n',
    'a: !!str 1\n',
    'a: > \n  folded\n',
    'a: |2\n   x\n',
    'a: one\n  two\n',
    'a: "one\n  two"\n',
    'a: "tab\\t"\n',
    "a: 'it''s'\n",
    'a: b: c\n',
    'a: {b: c}\n',
    'a: [b, {c: d}]\n',
    '? a\n: b\n',
    'a:\n\tb: c\n',
    'a:\r\n  b: c\r\n',
    '"a": b\n',
    '- a\n- b\n',
    '%YAML 1.1\n---\na: b\n',
    '--- a\n',
    'a: b\n...\n',
    'a:\n   b: 1\n  c: 2\n',
    'a:\n  - b\n c: d\n',
    'a: |\n  x\n   \n',
    '<<: {a: b}\n',
    'a:\n  -\n    b: c\n',
    'a:\n  - - b\n',
    'a: {{ .Values.a }}\n',
  ])('leaves what is unusual to it: %j', text => {
    expect(readBlockYaml(text)).toBeNull()
  })

  it('never reads otherwise, whatever a file is turned into', () => {
    const lines = usual.split('\n')
    const piece = fc.constantFrom(
      '  ',
      ' ',
      '-',
      '- ',
      ':',
      ': ',
      '#',
      ' #',
      '"',
      "'",
      '|',
      '[',
      ']',
      '{}',
      ',',
      '\n',
      'x',
      '1',
      '---',
      '~',
      '.',
      '=',
      '?',
      '!',
      '&',
    )
    const edit = fc.record({ at: fc.nat(usual.length), length: fc.nat(3), piece: fc.oneof(piece, fc.constant('')) })
    const swap = fc.tuple(fc.nat(lines.length - 1), fc.nat(lines.length - 1))
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 3 }), fc.array(swap, { maxLength: 2 }), (edits, swaps) => {
        const moved = [...lines]
        for (const [from, to] of swaps) moved.splice(to, 0, moved[from]!)
        let text = moved.join('\n')
        for (const { at, length, piece: put } of edits) text = text.slice(0, at) + put + text.slice(at + length)
        isRead(text)
      }),
      {
        numRuns: Number(process.env['PILOTHOUSE_RUNS'] ?? 400),
        ...(process.env['PILOTHOUSE_RUNS'] ? {} : { seed: 20261120 }),
      },
    )
  })

  const corpus = process.env['PILOTHOUSE_CORPUS'] ?? join(import.meta.dirname, '../../../shared/corpus')
  it.skipIf(!existsSync(corpus))('reads most files of real repositories, and all of them alike', () => {
    const files = globSync('**/*.{yaml,yml}', { cwd: corpus })
    const read = files.filter(file => isRead(readFileSync(join(corpus, file), 'utf8')))
    console.log(`${read.length} of ${files.length} files read as block YAML`)
    expect(read.length * 2).toBeGreaterThan(files.length)
  })
})
