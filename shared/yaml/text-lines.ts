/** Offset of the first character of the line that holds `offset`. */
export const lineStart = (text: string, offset: number): number =>
  offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1

/** Offset just after the last character of the line, before its line break. */
export function lineEnd(text: string, offset: number): number {
  const end = text.indexOf('\n', offset)
  if (end < 0) return text.length
  return end > offset && text[end - 1] === '\r' ? end - 1 : end
}

/** Offset of the next line's first character; the end of the text on its last line. */
export function nextLine(text: string, offset: number): number {
  const end = text.indexOf('\n', offset)
  return end < 0 ? text.length : end + 1
}

/** 1-based number of the line that holds `offset`. */
export function lineNumber(text: string, offset: number): number {
  let line = 1
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) line += 1
  return line
}

/** Number of characters before `offset` on its line. */
export const columnOf = (text: string, offset: number): number => offset - lineStart(text, offset)

export const indentOf = (line: string): number => line.length - line.trimStart().length

/** The line break in use at `offset` (of that line, else of the one before), so that mixed endings stay as they are. */
export function lineBreakAt(text: string, offset: number): '\n' | '\r\n' {
  let end = text.indexOf('\n', offset)
  if (end < 0) end = text.lastIndexOf('\n')
  return end > 0 && text[end - 1] === '\r' ? '\r\n' : '\n'
}
