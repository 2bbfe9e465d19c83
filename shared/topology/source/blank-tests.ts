/** Rust keeps its unit tests in the file they test: `#[cfg(test)] mod tests { … }` is blanked, its lines stay. */
export function blankTests(path: string, text: string): string {
  if (!path.endsWith('.rs') || !text.includes('#[cfg(')) return text
  const pieces: string[] = []
  let done = 0
  for (const { index, 0: head } of text.matchAll(testModule)) {
    if (index < done) continue
    const end = blockEnd(text, index + head.length)
    pieces.push(text.slice(done, index), text.slice(index, end).replace(/[^\n]/g, ' '))
    done = end
  }
  return pieces.join('') + text.slice(done)
}

const testModule =
  /#\[cfg\((?:all\()?test\b[^\]\n]{0,80}\]\s{0,80}(?:#\[[^\]\n]{0,80}\]\s{0,80}){0,4}(?:pub\s{1,9})?mod\s{1,9}\w{1,80}\s{0,9}\{/g

/** Offset behind the brace that closes a block; the end of the text where none does. */
function blockEnd(text: string, start: number): number {
  let depth = 1
  for (let at = start; at < text.length; at += 1) {
    if (text[at] === '{') depth += 1
    else if (text[at] === '}') depth -= 1
    if (depth === 0) return at + 1
  }
  return text.length
}
