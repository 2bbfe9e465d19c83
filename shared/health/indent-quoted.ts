/** A value that opens a quote: what stands before it on its line, and the quote with what follows. */
const opens = /^(\s*(?:-\s+)*)(?:[^\s'"#:][^'"#]*?:\s+|(?<=-\s+))(['"])(.*)$/

/**
 * The text with the later lines of every quoted value further in than its key. YAML asks for it, and Go's parser (so
 * kubectl and every controller) does not: status blocks are pasted the way it writes and reads them. No line moves to
 * another, and how far a folded line stands in means nothing.
 */
export function indentQuoted(text: string): string {
  let open: { readonly indent: string; readonly quote: string } | null = null
  return text
    .split('\n')
    .map(line => {
      if (open) {
        const { indent, quote } = open
        if (closes(line, quote)) open = null
        return line.trim() === '' ? line : `${indent}  ${line.trimStart()}`
      }
      const [, indent = '', quote = '', rest = ''] = opens.exec(line) ?? []
      if (quote !== '' && !closes(rest, quote)) open = { indent: ' '.repeat(indent.length), quote }
      return line
    })
    .join('\n')
}

const closes = (text: string, quote: string): boolean =>
  (quote === "'" ? text.replaceAll("''", '') : text.replace(/\\./g, '')).includes(quote)
