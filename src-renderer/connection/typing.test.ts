import { expect, test } from 'vitest'
import { allowedWhileTyping } from './typing.ts'

test.each(['$mod+k', '$mod+o', 'Control+Shift+p', 'Meta+s'])('%s works while typing', keys =>
  expect(allowedWhileTyping(keys)).toBe(true),
)

test.each(['r', '?', 'g t', 'Shift+a', '$mod+z', '$mod+Shift+z', '$mod+a', '$mod+ArrowLeft', '$mod+Enter', 'Alt+x'])(
  '%s belongs to the text field',
  keys => expect(allowedWhileTyping(keys)).toBe(false),
)
