import { isScalar, type Node } from 'yaml'
import type { Message } from '../messages/index.ts'
import { offsetAt } from '../yaml/change-yaml.ts'
import { type PlacedDocument, parseYaml } from '../yaml/parse-yaml.ts'
import { columnOf, lineNumber } from '../yaml/text-lines.ts'
import type { YamlPath } from '../yaml/yaml-value.ts'
import type { FileProblem } from './file-problem.ts'

/** A YAML or JSON file (JSON is YAML) whose values can be found again in its text. */
export type TextFile = {
  readonly documents: readonly PlacedDocument[]
  /** What could not be read at all. */
  readonly problems: readonly FileProblem[]
  /** Says something about what stands at a path, or about a part of the text that stands there. */
  problem(
    document: PlacedDocument,
    path: YamlPath,
    message: Message,
    severity?: FileProblem['severity'],
    within?: number,
  ): FileProblem
  lineOf(document: PlacedDocument, path: YamlPath): number
}

export function readTextFile(file: string, text: string): TextFile {
  const documents = parseYaml(text)
  const place = (offset: number) => ({ file, line: lineNumber(text, offset), column: columnOf(text, offset) + 1 })
  const problems = documents.flatMap(({ start, yaml }) =>
    // What follows the first mistake mostly follows from it.
    yaml.errors.slice(0, 1).map(
      (error): FileProblem => ({
        ...place(start + error.offset),
        severity: 'error',
        message: { key: 'rule.fileUnreadable', params: { reason: error.message } },
      }),
    ),
  )
  return {
    documents: documents.filter(({ yaml }) => yaml.value !== null),
    problems,
    lineOf: ({ start, yaml }, path) => lineNumber(text, start + (offsetAt(yaml, path) ?? 0)),
    problem({ start, yaml }, path, message, severity = 'error', within) {
      const inside = within === undefined ? undefined : offsetInScalar(yaml.text, nodeAt(yaml, path), within)
      return { ...place(start + (inside ?? offsetAt(yaml, path) ?? 0)), severity, message }
    },
  }
}

const nodeAt = ({ document }: PlacedDocument['yaml'], path: YamlPath): Node | undefined =>
  (path.length === 0 ? document.contents : document.getIn(path, true)) as Node | undefined

/**
 * Where the character at `index` of a scalar's value stands in the text. Every way to write a scalar (plain, quoted, in
 * a block, folded) keeps its characters in order, with indentation, quotes and escapes between them.
 */
function offsetInScalar(text: string, node: Node | undefined, index: number): number | undefined {
  if (!isScalar(node) || typeof node.value !== 'string' || !node.range) return undefined
  let at = node.range[0]
  const quoted = node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE'
  const end = node.range[1] - (quoted ? 1 : 0)
  // The header of a block is no part of its value.
  if (node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED') at = text.indexOf('\n', at) + 1
  else if (quoted) at += 1
  for (let i = 0; i <= index && i < node.value.length; i++) {
    const wanted = node.value[i] as string
    let next = at
    if (/\s/.test(wanted)) {
      if (!/\s/.test(text[next] ?? '')) next = at
    } else while (next < end && text[next] !== wanted && /[\s\\'"]/.test(text[next] as string)) next++
    if (i === index) return Math.min(next, end)
    // A folded line break is one space, whatever indentation follows it.
    at = next + 1
  }
  return end
}
