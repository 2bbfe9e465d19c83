import type { Message } from '../messages/index.ts'

export type SketchEdge = { readonly from: string; readonly to: string; readonly label: string; readonly line: number }
/** A flowchart as it is written: names are ids; labels say what is shown for them. */
export type Flowchart = {
  readonly labels: ReadonlyMap<string, string>
  readonly edges: readonly SketchEdge[]
  /** Line by line, 1-based, what could not be read. */
  readonly problems: readonly { readonly line: number; readonly message: Message }[]
}

/** Statements that say nothing of who calls whom (Mermaid, "Flowcharts"). */
const ignored =
  /^(subgraph\b|end$|direction\s|classDef\s|class\s|style\s|linkStyle\s|click\s|accTitle|accDescr|title\s)/
const header = /^(graph|flowchart(?:-elk)?)(?:\s+(TB|TD|BT|RL|LR))?\s*$/

/**
 * Reads a Mermaid flowchart (`graph` or `flowchart`): nodes of any shape with their labels, links of any kind with
 * theirs, chains (`a --> b --> c`), groups (`a & b --> c`) and subgraphs, whose own names are no nodes.
 */
export function readFlowchart(text: string): Flowchart {
  const labels = new Map<string, string>()
  const edges: SketchEdge[] = []
  const problems: { line: number; message: Message }[] = []
  const groups = new Set<string>()
  let begun = false
  let matter = false
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const line = index + 1
    if (/^---\s*$/.test(raw) && !begun) {
      matter = !matter
      continue
    }
    // A fence around it is that of the Markdown it was copied from.
    if (matter || /^\s*(```|~~~)/.test(raw)) continue
    for (const statement of statementsOf(raw.replace(/%%.*$/, ''))) {
      if (!begun) {
        begun = true
        if (header.test(statement)) continue
        problems.push({ line, message: { key: 'wiring.sketchNoHeader', params: { text: shortened(statement) } } })
        return { labels, edges, problems }
      }
      const group = /^subgraph\s+([^\s[("]+)/.exec(statement)?.[1]
      if (group !== undefined) groups.add(group)
      if (ignored.test(statement)) continue
      readStatement(statement, line)
    }
  }
  if (!begun) problems.push({ line: 1, message: { key: 'wiring.sketchEmpty' } })
  const named = edges.filter(edge => {
    const whole = [edge.from, edge.to].find(end => groups.has(end) && !labels.has(end))
    if (whole !== undefined)
      problems.push({ line: edge.line, message: { key: 'wiring.sketchGroup', params: { group: whole } } })
    return whole === undefined
  })
  return { labels, edges: named, problems: problems.sort((a, b) => a.line - b.line) }

  function readStatement(statement: string, line: number): void {
    const wrong = (at: number) =>
      problems.push({
        line,
        message:
          at >= statement.length
            ? { key: 'wiring.sketchNoNode' }
            : { key: 'wiring.sketchUnread', params: { text: shortened(statement.slice(at)), column: at + 1 } },
      })
    let at = 0
    const skip = () => {
      while (/\s/.test(statement[at] ?? '')) at += 1
    }
    const nodes = (): string[] | null => {
      const found: string[] = []
      for (;;) {
        skip()
        const node = nodeAt(statement, at)
        if (!node) return null
        at = node.end
        if (node.label !== undefined) labels.set(node.id, node.label)
        found.push(node.id)
        skip()
        if (statement[at] !== '&') return found
        at += 1
      }
    }
    let left = nodes()
    if (!left) return void wrong(at)
    while (at < statement.length) {
      skip()
      if (at >= statement.length) return
      const link = linkAt(statement, at)
      if (!link) return void wrong(at)
      const start = at
      at = link.end
      const right = nodes()
      if (!right) return void wrong(at)
      if (link.way === 'none')
        problems.push({
          line,
          message: { key: 'wiring.sketchNoWay', params: { link: statement.slice(start, link.end).trim() } },
        })
      for (const from of left)
        for (const to of right) {
          if (link.way === 'to' || link.way === 'both') edges.push({ from, to, label: link.label, line })
          if (link.way === 'both') edges.push({ from: to, to: from, label: link.label, line })
        }
      left = right
    }
  }
}

/** Parts of a line between semicolons that stand in no quotes; an entity (`#35;`) has one of its own. */
function statementsOf(line: string): string[] {
  const parts: string[] = []
  let part = ''
  let quoted = false
  for (const char of line) {
    if (char === '"') quoted = !quoted
    if (char === ';' && !quoted && !/#\w+$/.test(part)) {
      parts.push(part)
      part = ''
    } else part += char
  }
  return [...parts, part].map(text => text.trim()).filter(text => text !== '')
}

const shapes: readonly (readonly [open: string, close: string])[] = [
  ['(((', ')))'],
  ['([', '])'],
  ['((', '))'],
  ['[[', ']]'],
  ['[(', ')]'],
  ['[/', '/]'],
  ['[/', '\\]'],
  ['[\\', '\\]'],
  ['[\\', '/]'],
  ['{{', '}}'],
  ['{', '}'],
  ['[', ']'],
  ['(', ')'],
  ['>', ']'],
]

function nodeAt(text: string, at: number): { id: string; label?: string; end: number } | null {
  // A dash within a name is its own; two begin a link.
  const id = /^(?:[\p{L}\p{N}_/.:@]|-(?=[\p{L}\p{N}_]))+/u.exec(text.slice(at))?.[0]?.replace(/(:::.*|@)$/, '')
  if (id === undefined || id === '') return null
  let end = at + id.length
  let label: string | undefined
  const attributes = /^@\{([^}]*)\}/.exec(text.slice(end))
  if (attributes) {
    end += attributes[0].length
    label = /\blabel\s*:\s*("[^"]*"|[^,}]+)/.exec(attributes[1]!)?.[1]
  } else {
    for (const [open, close] of shapes) {
      if (!text.startsWith(open, end)) continue
      const from = end + open.length
      const quote = /^\s*"[^"]*"\s*/.exec(text.slice(from))
      const closes = quote ? from + quote[0].length : text.indexOf(close, from)
      if (closes < 0 || !text.startsWith(close, closes)) continue
      label = text.slice(from, closes)
      end = closes + close.length
      break
    }
  }
  end += /^:::[\w-]+/.exec(text.slice(end))?.[0].length ?? 0
  return label === undefined ? { id, end } : { id, label: plain(label), end }
}

type Link = { readonly way: 'to' | 'both' | 'none' | 'hidden'; readonly label: string; readonly end: number }

function linkAt(text: string, at: number): Link | null {
  const rest = text.slice(at)
  const hidden = /^~{3,}/.exec(rest)
  if (hidden) return { way: 'hidden', label: '', end: at + hidden[0].length }
  // `-- text -->`, `-. text .->`, `== text ==>`: words between the two halves.
  const worded =
    /^([<ox]?)(--|==|-\.)\s*([^\s|>.=-][^|]*?|"[^"]*")\s*(-{2,}|={2,}|\.+-)([>ox]?)(?=[\s\p{L}\p{N}_]|$)/u.exec(rest)
  const straight = /^([<ox]?)(-{2,}|={2,}|-\.+-)([>ox]?)(?:\s*\|([^|]*)\|)?/.exec(rest)
  const found = straight && (straight[3] !== '' || !worded) ? straight : null
  if (found) return { way: wayOf(found[1]!, found[3]!), label: plain(found[4] ?? ''), end: at + found[0].length }
  if (!worded) return null
  return { way: wayOf(worded[1]!, worded[5]!), label: plain(worded[3]!), end: at + worded[0].length }
}

const wayOf = (start: string, end: string): Link['way'] => (end === '' ? 'none' : start === '' ? 'to' : 'both')

/** A label as it is shown: without quotes, markup and entities. */
const plain = (label: string): string =>
  label
    .trim()
    .replace(/^"([\s\S]*)"$/, '$1')
    .replace(/^`([\s\S]*)`$/, '$1')
    .replace(/<br\s*\/?>/gi, ' ')
    .replace(/<[^>]*>/g, '')
    .replace(/#(\d+);/g, (_, code: string) => String.fromCodePoint(Math.min(Number(code), 0x10ffff)))
    .replace(/#quot;/g, '"')
    .replace(/#amp;|&amp;/g, '&')
    .replace(/#lt;|&lt;/g, '<')
    .replace(/#gt;|&gt;/g, '>')
    .replace(/\s+/g, ' ')
    .trim()

const shortened = (text: string): string => (text.length > 40 ? `${text.slice(0, 39)}…` : text)
