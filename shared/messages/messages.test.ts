import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { en } from './en/index.ts'
import { zh } from './zh/index.ts'

const root = join(import.meta.dirname, '../..')
const sources = globSync(['shared/**/*.ts', 'src-main/**/*.ts', 'src-renderer/**/*.{ts,tsx}'], { cwd: root })
  .filter(file => !file.startsWith(join('shared', 'messages')) && !/\.(test|conformance)\.tsx?$/.test(file))
  .map(file => readFileSync(join(root, file), 'utf8'))
  .join('\n')

const english: { readonly [key: string]: string } = en
const chinese: { readonly [key: string]: string } = zh
/** A plural is asked for without its form. */
const asked = [...new Set(Object.keys(english).map(key => key.replace(/_(one|other)$/, '')))]
const areas = new Set(asked.map(key => key.slice(0, key.indexOf('.'))))
const isArea = (key: string): boolean => areas.has(key.slice(0, key.indexOf('.')))

/** Whole keys in quotes, and keys that are put together: `canvas.kind${…}`. */
const literals = new Set([...sources.matchAll(/['"`]([a-z]+\.\w+)['"`]/g)].map(match => match[1]!).filter(isArea))
const composed = [...new Set([...sources.matchAll(/`([a-z]+\.\w*)\$\{/g)].map(match => match[1]!).filter(isArea))]

const placeholders = (text: string | undefined): readonly string[] =>
  [...(text ?? '').matchAll(/\{\{\s*(\w+)/g)].map(match => match[1]!).sort()

describe('the catalogue', () => {
  test('holds no sentence that nobody says', () => {
    expect(sources.length).toBeGreaterThan(100_000)
    const unsaid = asked.filter(key => !literals.has(key) && !composed.some(start => key.startsWith(start)))
    expect(unsaid).toEqual([])
  })

  test('has every key that is given as one, and some key for each that is put together', () => {
    const given = [...sources.matchAll(/\bkey: '([a-z]+\.\w+)'/g)].map(match => match[1]!).filter(isArea)
    expect(given.length).toBeGreaterThan(50)
    expect(given.filter(key => !asked.includes(key))).toEqual([])
    expect(composed.filter(start => !asked.some(key => key.startsWith(start)))).toEqual([])
  })

  test('says in Chinese what it says in English, of the same things', () => {
    const different = Object.keys(english).filter(key => {
      // Chinese has one form for every number, and may say "one" without a figure as English does.
      if (key.endsWith('_one')) return !(key in chinese)
      return placeholders(english[key]).join() !== placeholders(chinese[key]).join()
    })
    expect(different).toEqual([])
    expect(Object.keys(chinese).filter(key => !(key in english))).toEqual([])
  })
})
