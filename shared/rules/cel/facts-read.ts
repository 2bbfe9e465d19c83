import type { Checked } from './check.ts'
import type { Expression } from './expression.ts'

/** Every fact an expression speaks of, as far as its path is plain (`user.Age`), in the order of the text. */
export function factsRead({ expression, meanings }: Checked): readonly string[] {
  const found = new Set<string>()
  const plain = (node: Expression): string | null => {
    const meaning = meanings.get(node)
    if (meaning?.kind === 'variable' && meaning.fact) return meaning.name
    if (node.kind !== 'select') return null
    const operand = plain(node.operand)
    return operand === null ? null : `${operand}.${node.field}`
  }
  const visit = (node: Expression): void => {
    const path = plain(node)
    if (path === null) for (const child of childrenOf(node)) visit(child)
    else found.add(path)
  }
  visit(expression)
  return [...found]
}

function childrenOf(node: Expression): readonly Expression[] {
  switch (node.kind) {
    case 'literal':
    case 'name':
      return []
    case 'select':
    case 'has':
      return [node.operand]
    case 'index':
      return [node.operand, node.index]
    case 'call':
      return node.target ? [node.target, ...node.args] : node.args
    case 'and':
    case 'or':
      return node.terms
    case 'choose':
      return [node.condition, node.yes, node.no]
    case 'list':
      return node.items.map(({ value }) => value)
    case 'map':
      return node.entries.flatMap(({ key, value }) => [key, value])
    case 'message':
      return node.fields.map(({ value }) => value)
    case 'each':
      return [node.range, ...(node.filter ? [node.filter] : []), ...node.steps]
    case 'bind':
      return [node.value, node.body]
    case 'optMap':
      return [node.operand, node.body]
  }
}
