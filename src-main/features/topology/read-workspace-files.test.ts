import { expect, test } from 'vitest'
import type { Workspace } from '../workspaces/index.ts'
import { readerOf, withTexts } from './read-workspace-files.ts'

const config = (name: string, value: string): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name} }\ndata: { key: ${value} }\n`

test('a file of a draft that its last edit left alone is the same object as before', () => {
  const reader = readerOf({} as unknown as Workspace)
  const files = new Map(['a.yaml', 'b.yaml'].map(path => [path, { path, text: config(path[0]!, 'old') }]))
  const drafted = (texts: { readonly [path: string]: string }) =>
    withTexts(reader, files, new Map(Object.entries(texts)))

  const first = drafted({ 'a.yaml': config('a', 'new') })
  const second = drafted({ 'a.yaml': config('a', 'new'), 'b.yaml': config('b', 'new') })
  expect(second.get('a.yaml')).toBe(first.get('a.yaml'))

  const third = drafted({ 'a.yaml': config('a', 'newer') })
  expect(third.get('a.yaml')?.text).toBe(config('a', 'newer'))
  expect(third.get('b.yaml')).toBe(files.get('b.yaml'))
  expect(first.get('a.yaml')?.text).toBe(config('a', 'new'))
})
