import { expect, test } from 'vitest'
import { isApart } from './is-apart.ts'

const version = (text: string) => ({ version: text, uses: [{ service: 'web', folder: 'web', direct: false }] })
const library = (...versions: string[]) => ({
  library: 'pkg:npm/left',
  name: 'left',
  ecosystem: 'npm' as const,
  versions: versions.map(version),
  spread: 1,
})

test('two versions within one service are two versions', () => {
  expect(isApart(library('2.0.0', '1.0.0'))).toBe(true)
  expect(isApart(library('2.0.0'))).toBe(false)
})
