import { isMap, isScalar, parseDocument } from 'yaml'
import { refusable } from './change-resource.ts'
import type { EditOf } from './edit.ts'
import type { EditOutcome, Files } from './edit-outcome.ts'

/** Where a node's top left corner stands on the canvas, in its own units. */
export type NodePosition = { readonly x: number; readonly y: number }
/** Positions of the nodes that were placed by hand, by id. */
export type Layout = { readonly [node: string]: NodePosition }

/**
 * The layout file of an environment. Ids of environments are paths, so what a file name cannot hold is written as in
 * an address (`%2F`), but for the slash, which becomes the readable `+`. Different ids never share a file.
 */
export function layoutPath(environment: string): string {
  const name = environment
    .split('/')
    .map(part =>
      encodeURIComponent(part).replace(/[!'()*]/g, mark => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`),
    )
    .join('+')
  return `.pilothouse/layout/${/^\.*$/.test(name) ? name.replaceAll('.', '%2E') : name}.yaml`
}

/**
 * Reads a layout file: one line a node, `"node": { x: 120, y: 80 }`. Lines that say something else are passed over,
 * and a file that cannot be read places nothing, since a lost layout is drawn anew.
 */
export function readLayout(text: string): Layout {
  const positions: { [node: string]: NodePosition } = Object.create(null)
  // Not as kubectl reads: to YAML 1.1 the key `y` is true.
  const document = parseDocument(text, { uniqueKeys: false, strict: false, prettyErrors: false, logLevel: 'silent' })
  if (document.errors.length > 0 || !isMap(document.contents)) return positions
  for (const { key, value } of document.contents.items) {
    if (!isScalar(key) || !isMap(value)) continue
    const [x, y] = [value.get('x'), value.get('y')]
    if (typeof x === 'number' && typeof y === 'number') positions[String(key.value)] = { x, y }
  }
  return positions
}

const nodeLine = /^("(?:[^"\\]|\\.)*"):\s*\{\s*x:\s*(-?\d+(?:\.\d+)?),\s*y:\s*(-?\d+(?:\.\d+)?)\s*\}\s*$/

/** The node a line places; undefined for comments and everything else. */
function nodeOf(line: string): string | undefined {
  const match = nodeLine.exec(line)
  if (!match) return undefined
  try {
    return JSON.parse(match[1]!) as string
  } catch {
    // Not a text JSON knows: a line somebody else wrote, which is left as it is.
    return undefined
  }
}

/**
 * Places a node (or, with null, forgets where it was put) in the text of a layout file. Lines are kept sorted, one a
 * node, and no other line changes, so moves of two people merge. Null: nothing is left, the file may go.
 */
export function withPosition(text: string, node: string, position: NodePosition | null): string | null {
  const lineBreak = text.includes('\r\n') ? '\r\n' : '\n'
  const lines = text === '' ? [] : text.replace(/\r?\n$/, '').split(/\r?\n/)
  const at = lines.findIndex(line => nodeOf(line) === node)
  const wanted = position && `${JSON.stringify(node)}: { x: ${rounded(position.x)}, y: ${rounded(position.y)} }`
  if (wanted === null) {
    if (at >= 0) lines.splice(at, 1)
  } else if (at >= 0) {
    lines[at] = wanted
  } else {
    const next = lines.findIndex(line => {
      const other = nodeOf(line)
      return other !== undefined && other > node
    })
    lines.splice(next < 0 ? lines.length : next, 0, wanted)
  }
  const final = text === '' || text.endsWith('\n') ? lineBreak : ''
  return lines.length === 0 ? null : lines.join(lineBreak) + final
}

/** Fractions of a pixel would only make noise in diffs. */
const rounded = (value: number): number => Math.round(value) + 0

export const setPosition = (files: Files, edit: EditOf<'set-position'>): EditOutcome => {
  const file = layoutPath(edit.environment)
  return refusable(files, file, () => {
    const before = files.get(file)
    const after = withPosition(before ?? '', edit.node, edit.position)
    if (after === (before ?? null)) return { kind: 'unchanged' }
    const was = readLayout(before ?? '')[edit.node]
    const text = after ?? before ?? ''
    const line = text.split('\n').findIndex(one => nodeOf(one) === edit.node) + 1
    return {
      kind: 'applied',
      files: new Map([[file, after]]),
      changes: [
        {
          file,
          line: Math.max(1, line),
          field: edit.node,
          ...(was && { before: `${was.x}, ${was.y}` }),
          ...(edit.position && { after: `${rounded(edit.position.x)}, ${rounded(edit.position.y)}` }),
        },
      ],
    }
  })
}
