/** What a record's tables say: the fields it changed, and the rules that spoke. */
export type RecordTables = {
  readonly changes: readonly {
    readonly field: string
    readonly before: string
    readonly after: string
    readonly where: string
  }[]
  readonly gate: readonly { readonly rule: string; readonly verdict: string }[]
}

/** Reads the tables under "What Changed" and "Gate" of a record that Pilothouse wrote; empty for any other. */
export function readRecordTables(markdown: string): RecordTables {
  return {
    changes: rowsUnder(markdown, 'What Changed').map(([field = '', before = '', after = '', where = '']) => ({
      field: plain(field),
      before: plain(before),
      after: plain(after),
      where: plain(where),
    })),
    gate: rowsUnder(markdown, 'Gate').map(([rule = '', verdict = '']) => ({ rule: plain(rule), verdict })),
  }
}

function rowsUnder(markdown: string, heading: string): readonly (readonly string[])[] {
  const start = markdown.search(new RegExp(`^## ${heading}[ \\t]*$`, 'm'))
  if (start < 0) return []
  const rows: string[][] = []
  for (const line of markdown.slice(start).split('\n').slice(1)) {
    if (line.startsWith('## ')) break
    if (line.startsWith('|')) rows.push(cellsOf(line))
  }
  // The head and the line under it.
  return rows.slice(2)
}

const cellsOf = (line: string): string[] =>
  line
    .trim()
    .slice(1, -1)
    .split(/(?<!\\)\|/)
    .map(cell => cell.trim().replace(/\\([\\|])/g, '$1'))

const plain = (cell: string): string => cell.replace(/^`(.*)`$/, '$1')
