import fc from 'fast-check'
import { expect, test } from 'vitest'
import { keepLineEndings } from './keep-line-endings.ts'

test('a file of one kind of line ending keeps that kind', () => {
  expect(keepLineEndings('a\r\nb\r\n', 'a\nb\nc\n')).toBe('a\r\nb\r\nc\r\n')
  expect(keepLineEndings('a\nb', 'a\r\nB')).toBe('a\nB')
})

test('in a mixed file only the changed line changes', () => {
  expect(keepLineEndings('a\r\nb\nc\r\n', 'a\nB\nc\n')).toBe('a\r\nB\nc\r\n')
  expect(keepLineEndings('a\r\nb\nc', 'a\r\nnew\r\nb\r\nc')).toBe('a\r\nnew\r\nb\nc')
})

test('the byte order mark and a missing final newline stay', () => {
  expect(keepLineEndings('\uFEFFa\r\nb', 'a\nB')).toBe('\uFEFFa\r\nB')
  expect(keepLineEndings('', 'x\n')).toBe('x\n')
})

test('what the editor normalised and nobody changed comes back byte for byte', () => {
  const line = fc.tuple(fc.constantFrom('', 'a', 'b', '  c: d'), fc.constantFrom('\n', '\r\n'))
  const file = fc.tuple(fc.boolean(), fc.array(line, { maxLength: 12 }), fc.constantFrom('', 'end'))
  fc.assert(
    fc.property(file, ([mark, lines, last]) => {
      const text = (mark ? '\uFEFF' : '') + lines.map(pair => pair.join('')).join('') + last
      expect(keepLineEndings(text, text.replace('\uFEFF', '').replaceAll('\r\n', '\n'))).toBe(text)
    }),
  )
})
