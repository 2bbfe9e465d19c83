import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { type FileTexts, unifiedDiff } from './unified-diff.ts'

const file = (path: string, before: string | null, after: string | null): FileTexts => ({ path, before, after })

test('is what git diff would say', () => {
  expect(unifiedDiff([file('a.yaml', 'a: 1\nb: 2 # why\n', 'a: 1\nb: 3 # why\n')])).toBe(`diff --git a/a.yaml b/a.yaml
--- a/a.yaml
+++ b/a.yaml
@@ -1,2 +1,2 @@
 a: 1
-b: 2 # why
+b: 3 # why
`)
  expect(unifiedDiff([file('a', 'x', 'x')])).toBe('')
})

test('git applies it to exactly the new texts, whatever the line ends and names', () => {
  const files = [
    file('plain.yaml', 'a: 1\n', 'a: 2\n'),
    file('windows.yaml', 'a: 1\r\nb: 2\r\n', 'a: 1\r\nb: 3\r\n'),
    file('no end.yaml', 'a: 1\nb: 2', 'a: 1\nb: 3'),
    file('gets-end.yaml', 'a: 1', 'a: 1\n'),
    file('dir/added.yaml', null, 'new: true\n'),
    file('removed.yaml', 'old: true\n', null),
    file('含中文.yaml', 'a: 一\n', 'a: 二\n'),
    file('quo"te.yaml', 'a: 1\n', 'a: 2\n'),
  ]
  const folder = mkdtempSync(join(tmpdir(), 'pilothouse-diff-'))
  try {
    for (const { path, before } of files) {
      if (before === null) continue
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), before)
    }
    execFileSync('git', ['apply', '--whitespace=nowarn', '-'], { cwd: folder, input: unifiedDiff(files) })
    for (const { path, after } of files)
      if (after !== null) expect([path, readFileSync(join(folder, path), 'utf8')]).toEqual([path, after])
    expect(() => readFileSync(join(folder, 'removed.yaml'))).toThrow('ENOENT')
  } finally {
    rmSync(folder, { recursive: true })
  }
})
