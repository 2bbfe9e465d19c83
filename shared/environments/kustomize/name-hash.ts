import { sha256 } from './sha256.ts'
import { type Tree, textIn, toJson, treeAt } from './tree.ts'

/**
 * The suffix kustomize gives to the name of a generated object: of the SHA-256 of its kind, name and data as JSON the
 * first ten digits, with those replaced that could spell words. (api/hasher)
 */
export function nameHash(root: Tree): string {
  const kind = textIn(root, 'kind')
  // The name stands under no such key, so it is empty here: kustomize looks for `metadata/name` as one key.
  if (kind === 'ConfigMap') {
    const binary = dataAt(root, 'binaryData')
    return shorten({
      ...(typeof binary === 'object' && { binaryData: binary }),
      data: dataAt(root, 'data'),
      kind,
      name: '',
    })
  }
  if (kind === 'Secret') {
    const plain = dataAt(root, 'stringData')
    return shorten({
      data: dataAt(root, 'data'),
      kind,
      name: '',
      ...(typeof plain === 'object' && { stringData: plain }),
      type: dataAt(root, 'type'),
    })
  }
  return shorten(toJson(root))
}

function dataAt(root: Tree, field: string): unknown {
  const found = treeAt(root, [field])
  if (!found) return ''
  return found.type === 'scalar' ? found.text : toJson(found)
}

function shorten(value: unknown): string {
  const letters: { readonly [digit: string]: string } = { 0: 'g', 1: 'h', 3: 'k', a: 'm', e: 't' }
  return [...sha256(goJson(value)).slice(0, 10)].map(digit => letters[digit] ?? digit).join('')
}

/** JSON as Go writes it: keys sorted by their bytes, and `<`, `>`, `&` and line separators escaped. */
function goJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(goJson).join(',')}]`
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).sort(([a], [b]) => compareBytes(a, b))
    return `{${entries.map(([key, item]) => `${goText(key)}:${goJson(item)}`).join(',')}}`
  }
  return typeof value === 'string' ? goText(value) : JSON.stringify(value)
}

const goText = (text: string): string =>
  JSON.stringify(text)
    .replaceAll('<', '\\u003c')
    .replaceAll('>', '\\u003e')
    .replaceAll('&', '\\u0026')
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029')

/** UTF-16 and UTF-8 sort differently above the basic plane. */
function compareBytes(a: string, b: string): number {
  const left = [...a]
  const right = [...b]
  for (let index = 0; index < Math.min(left.length, right.length); index += 1) {
    const difference = left[index]!.codePointAt(0)! - right[index]!.codePointAt(0)!
    if (difference !== 0) return difference
  }
  return left.length - right.length
}
