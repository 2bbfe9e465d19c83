import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Documents } from '../../needs/documents.ts'
import { appDataDirectory } from './app-data-directory.ts'
import { fileDocuments } from './file-documents.ts'
import { memoryDocuments } from './memory-documents.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pilothouse-documents-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const kinds: [name: string, open: () => Documents][] = [
  ['files', () => fileDocuments(folder)],
  ['memory', memoryDocuments],
]
test.each(kinds)('%s: reads what was written, null for nothing, and forgets what was deleted', async (_, open) => {
  const documents = open()
  expect(await documents.read('drafts/ab12')).toBeNull()
  await documents.write('drafts/ab12', { edits: ['é', 1, null] })
  expect(await documents.read('drafts/ab12')).toEqual({ edits: ['é', 1, null] })
  await documents.delete('drafts/ab12')
  await documents.delete('drafts/ab12')
  expect(await documents.read('drafts/ab12')).toBeNull()
})

test.each(kinds)('%s: keeps what the value was when it was written, in the order of the writes', async (_, open) => {
  const documents = open()
  const value = { count: 0 }
  const writes = []
  for (value.count = 1; value.count <= 20; value.count++) writes.push(documents.write('a', value))
  await Promise.all(writes)
  expect(await documents.read('a')).toEqual({ count: 20 })
})

test('leaves no file beside, and only this user can read what is there', async () => {
  const documents = fileDocuments(folder)
  await documents.write('settings', { theme: 'dark' })
  expect(readdirSync(folder)).toEqual(['settings.json'])
  expect(statSync(join(folder, 'settings.json')).mode & 0o777).toBe(0o600)
})

test('an unfinished write of a killed process changes nothing', async () => {
  const documents = fileDocuments(folder)
  await documents.write('settings', { theme: 'dark' })
  writeFileSync(join(folder, 'settings.json.99999.abcd.tmp'), '{"the')
  expect(await documents.read('settings')).toEqual({ theme: 'dark' })
})

test.each(['../x', 'a/../../x', '/etc/x', 'a\\b', '', 'A b', 'a//b', '.hidden'])('refuses the name %j', async name => {
  await expect(async () => fileDocuments(folder).read(name)).rejects.toThrow('Not a document')
})

test('a broken document is an error that names it', async () => {
  writeFileSync(join(folder, 'settings.json'), '{')
  await expect(fileDocuments(folder).read('settings')).rejects.toMatchObject({
    code: 'invalid-input',
    key: 'error.documentBroken',
    params: { file: join(folder, 'settings.json') },
  })
})

test('a failed write says so and keeps the old text', async () => {
  const documents = fileDocuments(join(folder, 'settings.json'))
  writeFileSync(join(folder, 'settings.json'), 'a file where a folder should be')
  await expect(documents.write('a', 1)).rejects.toMatchObject({ key: 'error.documentUnwritable' })
  expect(readFileSync(join(folder, 'settings.json'), 'utf8')).toBe('a file where a folder should be')
})

test("tells of another process's change and not of our own", async () => {
  const ours = fileDocuments(folder)
  const theirs = fileDocuments(folder)
  await ours.write('drafts/a', 1)
  let told = 0
  const close = ours.watch('drafts/a', () => told++)
  await ours.write('drafts/a', 2)
  await ours.write('drafts/other', 2)
  await new Promise(resolve => setTimeout(resolve, 200))
  expect(told).toBe(0)
  await theirs.write('drafts/a', 3)
  await expect.poll(() => told).toBe(1)
  await theirs.delete('drafts/a')
  await expect.poll(() => told).toBe(2)
  close()
  await theirs.write('drafts/a', 4)
  await new Promise(resolve => setTimeout(resolve, 200))
  expect(told).toBe(2)
})

test('a folder of bytes is kept within its bound: what was not asked for longest goes, and nothing beside it', async () => {
  const documents = fileDocuments(folder)
  const put = (name: string, size: number) => documents.writeBytes(name, [new Uint8Array(size)])
  const used = (name: string, seconds: number) => utimesSync(join(folder, `${name}.bin`), seconds, seconds)
  await documents.boundBytes('kept', 1000)
  for (const [index, name] of ['kept/v1/a', 'kept/v1/b', 'kept/v2/c', 'beside'].entries()) {
    await put(name, 400)
    used(name, 1_000 + index)
  }
  expect(await documents.readBytes('kept/v1/a')).toHaveLength(400)
  await documents.boundBytes('kept', 1000)
  const left = async (...names: string[]) =>
    (await Promise.all(names.map(async name => ((await documents.readBytes(name)) ? [name] : [])))).flat()
  expect(await left('kept/v1/a', 'kept/v1/b', 'kept/v2/c', 'beside')).toEqual(['kept/v1/a', 'kept/v2/c', 'beside'])

  // A little more is not worth another look; in a new process the first one is.
  await put('kept/v2/d', 1000 / 16 - 1)
  await put('kept/v2/e', 0)
  used('kept/v1/a', 1)
  rmSync(join(folder, 'kept/v2/c.bin'))
  writeFileSync(join(folder, 'kept/v2/f.bin'), new Uint8Array(900))
  await documents.boundBytes('kept', 1000)
  expect(await left('kept/v2/f')).toEqual(['kept/v2/f'])
  expect(statSync(join(folder, 'kept/v1/a.bin')).size).toBe(400)
  await fileDocuments(folder).boundBytes('kept', 1000)
  expect(await left('kept/v1/a', 'kept/v2/d', 'kept/v2/f')).toEqual(['kept/v2/d', 'kept/v2/f'])

  // The oldest goes first, but for what is still needed.
  used('kept/v2/f', 1)
  await fileDocuments(folder).boundBytes('kept', 10, new Set(['kept/v2/f']))
  expect(await left('kept/v2/d', 'kept/v2/f')).toEqual(['kept/v2/f'])
})

test('watches a document that is not there yet', async () => {
  const ours = fileDocuments(folder)
  let told = 0
  const close = ours.watch('new/one', () => told++)
  await fileDocuments(folder).write('new/one', 1)
  await expect.poll(() => told).toBe(1)
  close()
})

test('the folder follows the platform, unless another is named', () => {
  expect(appDataDirectory({ PILOTHOUSE_DATA: '/x/y' }, 'linux')).toBe('/x/y')
  expect(appDataDirectory({ XDG_DATA_HOME: '/data' }, 'linux')).toBe('/data/pilothouse')
  expect(appDataDirectory({ XDG_DATA_HOME: 'relative' }, 'linux')).toMatch(/\.local\/share\/pilothouse$/)
  expect(appDataDirectory({}, 'darwin')).toMatch(/Library\/Application Support\/Pilothouse$/)
  expect(appDataDirectory({ APPDATA: '/roaming' }, 'win32')).toMatch(/roaming.Pilothouse$/)
})
