import { expect, test } from 'vitest'
import { themeFrom } from './theme-from-tokens.ts'

test('colours are those of the palette, with their opacity', () => {
  const theme = themeFrom({ '--surface': '#112233ff', '--accent': '#abcdefff', '--text': '#eeeeeeff' }, true)
  expect(theme.base).toBe('vs-dark')
  expect(theme.colors['editor.background']).toBe('#112233ff')
  expect(theme.colors['editor.selectionBackground']).toBe('#abcdef46')
  expect(theme.colors['editorError.foreground']).toBeUndefined()
  expect(theme.rules[0]).toEqual({ token: '', foreground: 'eeeeee' })
  expect(theme.rules.map(rule => rule.token)).not.toContain('type')
})
