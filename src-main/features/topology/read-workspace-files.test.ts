import { expect, test } from 'vitest'
import type { GitFile, ObjectId } from '../../needs/git-repository.ts'
import type { Workspace } from '../workspaces/index.ts'
import { readerOf, type WorkspaceFiles, withTexts } from './read-workspace-files.ts'

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

test('symbolic links in kustomizations are followed, from commit to commit and in a draft', async () => {
  const blobs = new Map<string, string>()
  const tree = (entries: { readonly [path: string]: string }): GitFile[] =>
    Object.entries(entries).map(([path, text]) => {
      const mode = text.startsWith('-> ') ? '120000' : '100644'
      const oid = `${mode} ${text}`
      blobs.set(oid, text.replace(/^-> /, ''))
      return { path, mode, oid } as unknown as GitFile
    })
  const before = {
    'base/a.yaml': config('a', 'old'),
    'base/kustomization.yaml': 'resources: [a.yaml]\n',
    'overlays/prod/kustomization.yaml': 'resources: [a.yaml, shared]\n',
    'overlays/prod/a.yaml': '-> ../../base/a.yaml',
    'overlays/prod/shared': '-> ../../base',
    'overlays/prod/out.yaml': '-> ../../../secret.yaml',
    'overlays/prod/round': '-> .',
    'plain/a.yaml': '-> ../base/a.yaml',
  }
  const commits: { readonly [commit: string]: GitFile[] } = {
    one: tree(before),
    two: tree({ ...before, 'base/a.yaml': config('a', 'new') }),
    three: tree({ ...before, 'overlays/prod/a.yaml': config('a', 'own') }),
  }
  const repository = {
    files: async (commit: string) => commits[commit]!,
    blob: async (oid: string) => new TextEncoder().encode(blobs.get(oid)),
    changes: async (from: string, to: string) =>
      commits[to]!.flatMap((after, index) => {
        const old = commits[from]![index]!
        return old.oid === after.oid ? [] : [{ path: after.path, before: old, after }]
      }),
  }
  const workspace = { repository, helm: { isInstalled: async () => false } } as unknown as Workspace
  const reader = readerOf(workspace)
  const value = (files: WorkspaceFiles, path: string) => /key: (\w+)/.exec(files.get(path)?.text ?? '')?.[1]
  const linked = ['overlays/prod/a.yaml', 'overlays/prod/shared/a.yaml']

  const one = await reader.filesAt('one' as ObjectId)
  expect(linked.map(path => value(one, path))).toEqual(['old', 'old'])
  expect([...one.keys()].filter(path => /out|round|plain/.test(path))).toEqual([])
  const two = await reader.filesAt('two' as ObjectId)
  expect(linked.map(path => value(two, path))).toEqual(['new', 'new'])
  const draft = withTexts(reader, two, new Map([['base/a.yaml', config('a', 'drafted')]]))
  expect(linked.map(path => value(draft, path))).toEqual(['drafted', 'drafted'])
  const gone = withTexts(reader, draft, new Map([['base/a.yaml', null]]))
  expect(linked.map(path => value(gone, path))).toEqual([undefined, undefined])
  const three = await reader.filesAt('three' as ObjectId)
  expect(linked.map(path => value(three, path))).toEqual(['own', 'old'])
})
