/** Rust keeps its unit tests in the file they test: `#[cfg(test)] mod tests { … }` is blanked, its lines stay. */
export function blankTests(path: string, text: string): string {
  if (!path.endsWith('.rs') || !text.includes('cfg(test)')) return text
  let rest = text
  for (const match of text.matchAll(
    /#\[cfg\((?:all\()?test\b[^\]]*\]\s*(?:#\[[^\]]*\]\s*)*(?:pub\s+)?mod\s+\w+\s*\{/g,
  )) {
    const begin = match.index
    const end = blockEnd(text, begin + match[0].length)
    rest = rest.slice(0, begin) + text.slice(begin, end).replace(/[^\n]/g, ' ') + rest.slice(end)
  }
  return rest
}

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
