import { expect, test } from 'vitest'
import { withoutTitle } from './without-title.ts'

test('a heading that repeats the title goes', () => {
  expect(withoutTitle('\n# Raise checkout\n\n## Context\n', 'raise checkout')).toBe('\n## Context\n')
  expect(withoutTitle('# DECISION: raise checkout #', 'raise checkout')).toBe('')
})

test('any other heading stays', () => {
  expect(withoutTitle('# Another\n', 'raise checkout')).toBe('# Another\n')
  expect(withoutTitle('## raise checkout\n', 'raise checkout')).toBe('## raise checkout\n')
  expect(withoutTitle('text\n# raise checkout\n', 'raise checkout')).toBe('text\n# raise checkout\n')
})
