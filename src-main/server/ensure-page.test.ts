import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { buildPage, pageState } from './ensure-page.ts'

let root: string
const never = new AbortController().signal
const write = (path: string, text: string) => {
  mkdirSync(join(root, path, '..'), { recursive: true })
  writeFileSync(join(root, path), text)
}
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'pilothouse-build-'))
  write('src-renderer/index.html', '<!doctype html><script type="module" src="./main.ts"></script>')
  write('src-renderer/main.ts', 'document.title = "built"')
  write('page.vite.config.ts', "export default { root: 'src-renderer', base: './', build: { emptyOutDir: true } }")
  write('package.json', '{"type":"module"}')
  symlinkSync(join(import.meta.dirname, '../../node_modules'), join(root, 'node_modules'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

test('the page is missing, then built, then old when a source is newer; a test is no source', async () => {
  expect(pageState(root)).toBe('missing')
  await buildPage(root, never)
  expect(pageState(root)).toBe('ready')
  expect(readdirSync(join(root, 'out'))).toEqual(['renderer'])
  const later = new Date(Date.now() + 5000)
  write('src-renderer/main.test.ts', '')
  utimesSync(join(root, 'src-renderer/main.test.ts'), later, later)
  expect(pageState(root)).toBe('ready')
  utimesSync(join(root, 'src-renderer/main.ts'), later, later)
  expect(pageState(root)).toBe('old')
})

test('two builds at once both end well', async () => {
  await Promise.all([buildPage(root, never), buildPageElsewhere()])
  expect(pageState(root)).toBe('ready')
  expect(readdirSync(join(root, 'out'))).toEqual(['renderer'])
})

/** As another process would: its folders bear another id. */
async function buildPageElsewhere(): Promise<void> {
  const { spawn } = await import('node:child_process')
  const module = join(import.meta.dirname, 'ensure-page.ts')
  const script = `import { buildPage } from ${JSON.stringify(module)}; await buildPage(${JSON.stringify(root)}, new AbortController().signal)`
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], { stdio: 'inherit' })
  expect(await new Promise(resolve => child.once('close', resolve))).toBe(0)
}

test('a build that fails says why and leaves the old page', async () => {
  await buildPage(root, never)
  cpSync(join(root, 'out/renderer/index.html'), join(root, 'kept.html'))
  write('src-renderer/main.ts', 'import "./nowhere.ts"')
  await expect(buildPage(root, never)).rejects.toMatchObject({
    key: 'cli.pageBuildFailed',
    params: { output: expect.stringContaining('nowhere') },
  })
  expect(readdirSync(join(root, 'out'))).toEqual(['renderer'])
})

test('a packaged app has no sources, and its page is always ready', () => {
  rmSync(join(root, 'src-renderer'), { recursive: true })
  write('out/renderer/index.html', '')
  expect(pageState(root)).toBe('ready')
})
