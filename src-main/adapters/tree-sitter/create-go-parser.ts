import { createRequire } from 'node:module'
import { Language, type Node, Parser } from 'web-tree-sitter'
import type { GoCall, GoFile, GoValue } from '../../../shared/topology/source/go-syntax.ts'
import type { ParseGo } from '../../needs/go-parser.ts'

// Not named `require`: the bundler puts one of its own into the same file.
const modules = createRequire(import.meta.url)

/** A parser that is loaded when the first file comes. */
export function createGoParser(): ParseGo {
  let loading: Promise<Parser> | undefined
  return async text => {
    loading ??= load()
    return readGoFile(await loading, text)
  }
}

async function load(): Promise<Parser> {
  await Parser.init()
  const parser = new Parser()
  parser.setLanguage(await Language.load(modules.resolve('tree-sitter-go/tree-sitter-go.wasm')))
  return parser
}

function readGoFile(parser: Parser, text: string): GoFile {
  const tree = parser.parse(text)
  if (!tree) return { imports: [], calls: [], assignments: [] }
  try {
    const root = tree.rootNode
    return {
      imports: all(root, 'import_spec').flatMap(importOf),
      calls: all(root, 'call_expression').map(callOf),
      assignments: all(root, ['short_var_declaration', 'assignment_statement', 'var_spec', 'const_spec']).flatMap(
        assignmentsOf,
      ),
    }
  } finally {
    // Trees live in the parser's own memory, which nobody else frees.
    tree.delete()
  }
}

const all = (root: Node, types: string | string[]): Node[] =>
  root.descendantsOfType(types).filter((node): node is Node => node !== null)
const named = (node: Node | null): Node[] =>
  (node?.namedChildren ?? []).filter((child): child is Node => child !== null && child.type !== 'comment')

function importOf(node: Node): { name: string; path: string }[] {
  const path = textOf(node.childForFieldName('path'))
  if (path === undefined) return []
  const own = node.childForFieldName('name')?.text
  // `gopkg.in/yaml.v3` is yaml, `github.com/acme/shop/v2` is shop, `go-redis` is redis.
  const last = path
    .replace(/\/v\d+$/, '')
    .split('/')
    .pop()!
    .replace(/\.v\d+$/, '')
  const names = own === undefined ? [last, last.replace(/^go-|-go$|\.go$/g, ''), last.split('-')[0]!] : [own]
  return [...new Set(names)].map(name => ({ name, path }))
}

function textOf(node: Node | null | undefined): string | undefined {
  if (node?.type === 'raw_string_literal') return node.text.slice(1, -1)
  if (node?.type !== 'interpreted_string_literal') return undefined
  const inner = node.text.slice(1, -1)
  return inner.replace(/\\(["\\'/])/g, '$1').replace(/\\[nt]/g, ' ')
}

const longestShown = 160

function callOf(node: Node): GoCall {
  const callee = node.childForFieldName('function')
  const operand = callee?.type === 'selector_expression' ? callee.childForFieldName('operand') : null
  const method =
    callee?.type === 'selector_expression' ? (callee.childForFieldName('field')?.text ?? '') : (callee?.text ?? '')
  const [line = ''] = node.text.split('\n')
  return {
    method,
    receiver: operand && (operand.type === 'identifier' || operand.type === 'selector_expression') ? operand.text : '',
    ...(operand?.type === 'call_expression' && { on: callOf(operand) }),
    arguments: named(node.childForFieldName('arguments')).map(goValue),
    line: (callee?.endPosition.row ?? node.startPosition.row) + 1,
    // A chain begins where its first call does; where it ends tells its links apart.
    start: node.childForFieldName('arguments')?.startIndex ?? node.startIndex,
    end: node.endIndex,
    shown: line.length > longestShown ? `${line.slice(0, longestShown - 1)}…` : line,
  }
}

function goValue(node: Node): GoValue {
  const text = textOf(node)
  if (text !== undefined) return { kind: 'text', value: text }
  switch (node.type) {
    case 'identifier':
    case 'selector_expression':
      return { kind: 'name', name: node.text }
    case 'call_expression':
      return { kind: 'call', call: callOf(node) }
    case 'unary_expression':
    case 'parenthesized_expression': {
      const [inner] = named(node)
      return inner ? goValue(inner) : { kind: 'other' }
    }
    case 'binary_expression':
      return {
        kind: 'sum',
        parts: [node.childForFieldName('left'), node.childForFieldName('right')].flatMap(side =>
          side ? flat(goValue(side)) : [],
        ),
      }
    case 'func_literal':
      return {
        kind: 'function',
        parameters: all(node.childForFieldName('parameters') ?? node, 'parameter_declaration').flatMap(parameter => {
          const name = parameter.childForFieldName('name')?.text
          return name === undefined ? [] : [name]
        }),
        start: node.startIndex,
        end: node.endIndex,
      }
    case 'composite_literal':
      return composite(node)
    case 'literal_element': {
      const [inner] = named(node)
      return inner ? goValue(inner) : { kind: 'other' }
    }
    default:
      return { kind: 'other' }
  }
}

const flat = (value: GoValue): readonly GoValue[] => (value.kind === 'sum' ? value.parts : [value])

function composite(node: Node): GoValue {
  const items = named(node.childForFieldName('body'))
  const fields = items.flatMap(item => {
    if (item.type !== 'keyed_element') return []
    const [key, value] = named(item)
    return key && value ? [{ name: key.text.replace(/^"|"$/g, ''), value: goValue(value) }] : []
  })
  if (fields.length > 0) return { kind: 'fields', type: node.childForFieldName('type')?.text ?? '', fields }
  return { kind: 'list', items: items.map(goValue) }
}

function assignmentsOf(node: Node): { name: string; value: GoValue; start: number }[] {
  const spec = node.type === 'var_spec' || node.type === 'const_spec'
  const left = spec
    ? (node.childrenForFieldName('name') ?? []).filter(
        (child): child is Node => child !== null && child.type === 'identifier',
      )
    : named(node.childForFieldName('left'))
  const right = named(node.childForFieldName(spec ? 'value' : 'right'))
  return left.flatMap((name, index) => {
    const value = right[index] ?? (right.length === 1 && left.length > 1 ? right[0] : undefined)
    return value ? [{ name: name.text, value: goValue(value), start: node.startIndex }] : []
  })
}
