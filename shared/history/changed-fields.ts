/** A line of YAML or JSON that only one side of a change has. */
export type ChangedField = {
  /** Keys from the document's root down, without positions in lists: `spec.template.spec.containers.image`. */
  readonly path: string
  /** What stands behind the key, without quotes and comment; empty for a map or a list. */
  readonly value: string
}

/** Files whose lines are read for keys. */
export const holdsFields = (path: string): boolean => /\.(ya?ml|json)$/i.test(path)

/**
 * Fields on lines that differ between two texts of a file, with the values of both sides: told from indentation alone,
 * which is what a history of a hundred thousand commits leaves time for. A comment that changed is no field.
 */
export function changedFields(before: string, after: string): readonly ChangedField[] {
  const a = linesOf(before)
  const b = linesOf(after)
  let start = 0
  while (start < a.length && start < b.length && a[start] === b[start]) start++
  let endA = a.length
  let endB = b.length
  while (endA > start && endB > start && a[endA - 1] === b[endB - 1]) {
    endA--
    endB--
  }
  const were = fieldsIn(a, start, endA, counted(b, start, endB))
  const are = fieldsIn(b, start, endB, counted(a, start, endA))
  // On one line of `{a: 1, b: 2}` not all of them changed.
  const key = ({ path, value }: ChangedField): string => `${path}=${value}`
  const [old, now] = [new Set(were.map(key)), new Set(are.map(key))]
  return [...were.filter(field => !now.has(key(field))), ...are.filter(field => !old.has(key(field)))]
}

/** Lines without comments, spaces at their end and blank lines. */
const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map(line => line.replace(/(^|\s)#.*$/, '').trimEnd())
    .filter(line => line !== '')

function counted(lines: readonly string[], start: number, end: number): Map<string, number> {
  const counts = new Map<string, number>()
  for (let at = start; at < end; at++) counts.set(lines[at]!, (counts.get(lines[at]!) ?? 0) + 1)
  return counts
}

const keyOnLine = /^(\s*(?:- +)*)(?:"([^"]+)"|'([^']+)'|([^\s"'#{[\]},:][^:{[]*?))\s*:(?:\s+(.*))?$/
const flowToken = /"[^"]*"|'[^']*'|[{}[\],]|:(?=\s|$)|(?:(?!:\s|:$)[^{}[\],"'])+/g

function fieldsIn(
  lines: readonly string[],
  start: number,
  end: number,
  others: Map<string, number>,
): readonly ChangedField[] {
  const found: ChangedField[] = []
  for (let at = start; at < end; at++) {
    const line = lines[at]!
    const same = others.get(line) ?? 0
    // The other side has this line too: it moved at most.
    if (same > 0) {
      others.set(line, same - 1)
      continue
    }
    if (line === '---') continue
    const keys = keysAbove(lines, at)
    const match = keyOnLine.exec(line)
    if (!match) {
      found.push({ path: keys.join('.'), value: unquoted(line.replace(/^\s*(- +)*/, '')) })
      continue
    }
    const path = [...keys, (match[2] ?? match[3] ?? match[4])!]
    const rest = match[5] ?? ''
    if (/^[{[]/.test(rest)) found.push(...flowFields(path, rest))
    else found.push({ path: path.join('.'), value: unquoted(rest) })
  }
  return found
}

/** Fields of `{name: web, labels: {team: a}}`. */
function flowFields(path: readonly string[], text: string): readonly ChangedField[] {
  const words = [...text.matchAll(flowToken)].map(([word]) => word.trim()).filter(word => word !== '')
  const found: ChangedField[] = []
  const open: (readonly string[])[] = []
  let at = path
  let key: readonly string[] = []
  for (const [index, word] of words.entries()) {
    if (word === '{' || word === '[') {
      open.push(at)
      at = [...at, ...key]
      key = []
    } else if (word === '}' || word === ']') at = open.pop() ?? path
    else if (words[index + 1] === ':') key = [unquoted(word)]
    else if (word !== ':' && word !== ',') {
      found.push({ path: [...at, ...key].join('.'), value: unquoted(word) })
      key = []
    }
  }
  return found
}

/** Keys of the maps a line stands in, outermost first. */
function keysAbove(lines: readonly string[], at: number): string[] {
  const keys: string[] = []
  let indent = depthOf(lines[at]!)
  for (let above = at - 1; above >= 0 && indent > 0; above--) {
    const line = lines[above]!
    if (line === '---') break
    const match = keyOnLine.exec(line)
    if (!match || match[1]!.length >= indent) continue
    // A list may stand no further in than its key, and the first key of an item behind the dash.
    keys.unshift((match[2] ?? match[3] ?? match[4])!)
    indent = match[1]!.length
  }
  return keys
}

/** How far in the key of a line stands, or the dash of an item: a list stands no further in than its key. */
function depthOf(line: string): number {
  const match = keyOnLine.exec(line)
  if (match) return match[1]!.length
  const dash = /^(\s*)- /.exec(line)
  return dash ? dash[1]!.length + 1 : line.length - line.trimStart().length
}

const unquoted = (value: string): string => value.replace(/,$/, '').replace(/^(["'])(.*)\1$/, '$2')
