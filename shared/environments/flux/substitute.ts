import { isMapping, type Mapping, type Scalar, type TextPart, type Tree, textIn, treeAt } from '../kustomize/tree.ts'

export type Variables = ReadonlyMap<string, Scalar>

/**
 * Puts variables into every text of an object, as Flux does after a build (`postBuild.substitute`): `${name}`,
 * `${name:=default}` and the other forms of its envsubst; `$${name}` stays `${name}`. A variable without a value is
 * empty, and `missing` gets its name. Objects that say so are left alone.
 */
export function substitute(tree: Mapping, variables: Variables, missing: (name: string, at: Scalar) => void): Mapping {
  for (const place of ['labels', 'annotations'])
    if (textIn(treeAt(tree, ['metadata', place, 'kustomize.toolkit.fluxcd.io/substitute'])) === 'disabled') return tree
  const fill = (at: Tree): Tree => {
    if (at.type === 'scalar') return at.text.includes('${') ? fillScalar(at, variables, missing) : at
    if (at.type === 'list') return { ...at, items: at.items.map(fill) }
    const entries = new Map<string, Tree>()
    for (const [key, value] of at.entries)
      entries.set(key.includes('${') ? replaceAll(key, variables, () => undefined).text : key, fill(value))
    return { ...at, entries }
  }
  const filled = fill(tree)
  return isMapping(filled) ? filled : tree
}

function fillScalar(scalar: Scalar, variables: Variables, missing: (name: string, at: Scalar) => void): Scalar {
  const { text, parts } = replaceAll(scalar.text, variables, name => missing(name, scalar))
  // The build was printed and is read again: what was printed without quotes may now be a number.
  const { block: _, ...rest } = scalar
  const filled: Scalar = { ...(text.includes('\n') ? scalar : rest), text, str: !isPrintedPlain(scalar.text) }
  const [only] = parts
  if (only && parts.length === 1 && only.text === text)
    return { ...filled, origin: { ...only.origin, how: 'value', before: scalar.origin } }
  return parts.length > 0 ? { ...filled, parts } : filled
}

const isPrintedPlain = (text: string): boolean =>
  !text.includes('\n') && !/^[\s&*!|>'"%@`#,[\]{}?:-]|: |\s#|\s$/.test(text)

const expression = /\$(\$?)\{([^{}]*)\}/g

function replaceAll(
  source: string,
  variables: Variables,
  missing: (name: string) => void,
): { readonly text: string; readonly parts: readonly TextPart[] } {
  const parts: TextPart[] = []
  let text = ''
  let at = 0
  for (const match of source.matchAll(expression)) {
    text += source.slice(at, match.index)
    at = match.index + match[0].length
    if (match[1] === '$') {
      text += match[0].slice(1)
      continue
    }
    const value = resolved(match[2]!, variables, missing)
    if (value === undefined) {
      text += match[0]
      continue
    }
    text += value.text
    if (value.from && value.text !== '') parts.push({ text: value.text, origin: value.from.origin })
  }
  return { text: text + source.slice(at), parts }
}

type Value = { readonly text: string; readonly from?: Scalar | undefined }

/** Undefined for what is no variable. */
function resolved(body: string, variables: Variables, missing: (name: string) => void): Value | undefined {
  const match = /^(#?)([A-Za-z_][A-Za-z0-9_]*)([\s\S]*)$/.exec(body)
  if (!match) return undefined
  const [, length, name, rest] = match as unknown as [string, string, string, string]
  const known = variables.get(name)
  const value = known?.text ?? ''
  const plain = (text: string): Value => ({ text, ...(text === value && { from: known }) })
  if (length === '#') return { text: String(value.length) }
  const fallback = /^(:?[-=])([\s\S]*)$/.exec(rest)
  if (fallback) {
    const isMissing = fallback[1]!.startsWith(':') ? value === '' : known === undefined
    return isMissing ? { text: fallback[2]!.replace(/^(["'])([\s\S]*)\1$/, '$2') } : plain(value)
  }
  const changed = operated(value, rest)
  if (changed !== undefined && known === undefined) missing(name)
  return changed === undefined ? undefined : plain(changed)
}

/** Upper and lower case, substrings, replacements and cut ends, as drone's envsubst has them. */
function operated(value: string, rest: string): string | undefined {
  if (rest === '') return value
  if (rest === '^^') return value.toUpperCase()
  if (rest === ',,') return value.toLowerCase()
  if (rest === '^') return value.charAt(0).toUpperCase() + value.slice(1)
  if (rest === ',') return value.charAt(0).toLowerCase() + value.slice(1)
  const cut = /^:(-?\d+)(?::(-?\d+))?$/.exec(rest)
  if (cut) {
    const start = Number(cut[1])
    return value.slice(start, cut[2] === undefined ? undefined : start + Number(cut[2]))
  }
  const replaced = /^(\/\/?)([^/]*)(?:\/([\s\S]*))?$/.exec(rest)
  if (replaced) {
    const [, all, from, to = ''] = replaced
    return all === '//' ? value.replaceAll(from!, () => to) : value.replace(from!, () => to)
  }
  const ends = /^(##?|%%?)([\s\S]*)$/.exec(rest)
  if (ends) {
    const [, side, pattern] = ends
    if (side!.startsWith('#')) return value.startsWith(pattern!) ? value.slice(pattern!.length) : value
    return value.endsWith(pattern!) ? value.slice(0, value.length - pattern!.length) : value
  }
  return undefined
}
