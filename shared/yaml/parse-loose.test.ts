import { expect, test } from 'vitest'
import { applyEdit } from '../edits/apply-edits.ts'
import { readTrees } from '../environments/kustomize/read-tree.ts'
import { toJson } from '../environments/kustomize/tree.ts'
import { parseYaml } from './parse-yaml.ts'

const file = `kind: Made
spec:
  says: 'what this is
  and why it''s here, # no comment

  over three lines'
  also: "one \\
  two
    three"
  command: [ "sh", # a shell
  "-c",
  "run it &&
  wait", plain
  text ]
  map: { a: 1,
  b: {c: [2,
3]} }
  block: |
    key: 'not a
    value'
    open: [ "
  items:
  - 'first
  item'
  - second
  last: yes
`
const meant = {
  kind: 'Made',
  spec: {
    says: "what this is and why it's here, # no comment\nover three lines",
    also: 'one two three',
    command: ['sh', '-c', 'run it && wait', 'plain text'],
    map: { a: 1, b: { c: [2, 3] } },
    block: "key: 'not a\nvalue'\nopen: [ \"\n",
    items: ['first item', 'second'],
    last: true,
  },
}

test('quoted texts and brackets may go on at any column, as kubectl reads them', () => {
  for (const text of [file, file.replaceAll('\n', '\r\n'), `kind: Before\n---\n${file}`]) {
    const read = parseYaml(text).at(-1)!.yaml
    expect(read.errors).toEqual([])
    expect(read.value).toEqual(JSON.parse(JSON.stringify(meant).replaceAll('\r', '')))
  }
  const trees = readTrees('f.yaml', file, 'resource')
  if (!('documents' in trees)) throw new Error(trees.unreadable.reason)
  expect(toJson(trees.documents[0]!)).toEqual({ ...meant, spec: { ...meant.spec, last: 'yes' } })
})

test('what is broken stays broken, and says so', () => {
  for (const text of ["a: 'open\nb: 1\n", 'a: [1,\nb: 2\n', "a: 'x'\n  b: 'one\n  two'\n", 'a: "x\n"y: 1\n'])
    expect(parseYaml(text)[0]!.yaml.errors.length).toBeGreaterThan(0)
})

test('a file with such texts is edited in its own lines alone', () => {
  const text = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  annotations:
    note: 'goes
    on'
spec:
  template:
    spec:
      containers:
      - name: web
        command: ["a",
        "b"]
        image: web:1
`
  const resource = { file: 'f.yaml', kind: 'Deployment', name: 'web' }
  const outcome = applyEdit(new Map([['f.yaml', text]]), {
    kind: 'set-image',
    resource,
    container: 'web',
    image: 'web:2',
  })
  expect(outcome.kind === 'applied' && outcome.files.get('f.yaml')).toBe(text.replace('web:1', 'web:2'))
})
