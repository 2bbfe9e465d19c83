import { globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path/posix'
import { expect, test } from 'vitest'

/**
 * Who may import whom. The first line that names a file rules it; a file that no line names is an error.
 * `$1` is the folder's own name. Packages are written `npm:name`, so a folder can never pass for one.
 */
const layers: [folder: RegExp, mayImport: RegExp[]][] = [
  [/^shared\//, [/^shared\//, /^npm:(zod\/mini|yaml|i18next|diff|smol-toml|marked)$/]],
  [/^src-main\/needs\//, [/^shared\//, /^src-main\/needs\//]],
  [
    /^src-main\/features\/([^/]+)\//,
    [
      /^shared\//,
      /^src-main\/needs\//,
      /^src-main\/features\/$1\//,
      /^src-main\/features\/[^/]+\/index\.ts$/,
      /^npm:zod\/mini$/,
    ],
  ],
  [
    /^src-main\/adapters\/([^/]+)\//,
    [/^shared\//, /^src-main\/needs\//, /^src-main\/adapters\/$1\//, /^node:/, /^npm:(?!electron$)/],
  ],
  [/^src-main\/core\//, [/^shared\//, /^src-main\/(core|needs|features|adapters)\//, /^node:path$/]],
  [/^src-main\/sandbox\//, [/^shared\//, /^src-main\/(sandbox|needs)\//, /^node:/, /^npm:(ssh2|ws)$/]],
  [/^src-main\/electron\//, [/^shared\//, /^src-main\/(electron|core|needs|adapters)\//, /^node:/, /^npm:electron$/]],
  [
    /^src-main\/server\//,
    [/^shared\//, /^src-main\/(server|core|needs|adapters)\//, /^node:/, /^npm:(ws|hono|@hono\/node-server)(\/|$)/],
  ],
  [/^src-main\/cli\//, [/^shared\//, /^src-main\/(cli|server|sandbox|core|needs|adapters)\//, /^node:/]],
  [
    /^src-renderer\/features\/([^/]+)\//,
    [
      /^shared\//,
      /^src-renderer\/(connection|design)\//,
      /^src-renderer\/features\/$1\//,
      /^src-renderer\/features\/[^/]+\/index\.ts$/,
      /^npm:(?!electron$)/,
    ],
  ],
  [/^src-renderer\//, [/^shared\//, /^src-renderer\//, /^npm:(?!electron$)/]],
]

const files = globSync('{shared,src-main,src-renderer}/**/*.{ts,tsx}')
  .map(file => file.replaceAll('\\', '/'))
  .filter(file => !/\.(test|conformance|d)\.tsx?$/.test(file))
const imports =
  /^\s*(?:(?:import|export)\b[^'";]*?\bfrom|import)\s*\(?\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/gm

test('every import goes the way the layers go', () => {
  const wrong: string[] = []
  for (const file of files) {
    const text = readFileSync(file, 'utf8')
    const layer = layers.find(([folder]) => folder.test(file))
    if (!layer) {
      wrong.push(`${file} is in no layer`)
      continue
    }
    const own = layer[0].exec(file)?.[1] ?? ''
    const allowed = layer[1].map(rule => new RegExp(rule.source.replace('$1', own)))
    for (const match of text.matchAll(imports)) {
      const target = (match[1] ?? match[2])!
      const to = target.startsWith('.')
        ? join(dirname(file), target)
        : target.startsWith('node:')
          ? target
          : `npm:${target}`
      if (!allowed.some(rule => rule.test(to))) wrong.push(`${file} may not import ${to}`)
    }
  }
  expect(files.length, 'no source file was read').toBeGreaterThan(0)
  expect(wrong).toEqual([])
})
