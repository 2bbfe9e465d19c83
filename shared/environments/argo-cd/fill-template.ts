import { runTemplate } from '../helm/run-template.ts'
import { type Dict, isDict, TemplateError } from '../helm/value.ts'
import { isMapping, type Mapping, type Scalar, type TextPart, type Tree } from '../kustomize/tree.ts'

/** Parameters of one Application by their path (`path.basename`, `values.tag`), each with where it is written. */
export type Parameters = ReadonlyMap<string, Scalar>

export type FillProblem = { readonly name: string; readonly at: Scalar }

/**
 * The template of an ApplicationSet with its `{{parameters}}` put in: by plain replacement, or as a Go template.
 * `missing` gets what names no parameter; its place stays as it is.
 */
export function fillTemplate<T extends Tree>(
  tree: T,
  parameters: Parameters,
  goTemplate: boolean,
  missing: (problem: FillProblem) => void,
): T {
  const fill = (at: Tree): Tree => {
    if (at.type === 'scalar') return fillScalar(at, parameters, goTemplate, missing)
    if (at.type === 'list') return { ...at, items: at.items.map(fill) }
    return {
      ...at,
      entries: new Map(
        [...at.entries].map(([key, value]) => [
          key.includes('{{')
            ? fillScalar(
                { type: 'scalar', text: key, str: true, origin: value.origin },
                parameters,
                goTemplate,
                missing,
              ).text
            : key,
          fill(value),
        ]),
      ),
    }
  }
  return fill(tree) as T
}

const placeholder = /\{\{-?\s*([^{}]*?)\s*-?\}\}/g

function fillScalar(
  scalar: Scalar,
  parameters: Parameters,
  goTemplate: boolean,
  missing: (problem: FillProblem) => void,
): Scalar {
  if (!scalar.text.includes('{{')) return scalar
  let text = ''
  let at = 0
  let known = true
  const parts: TextPart[] = []
  for (const match of scalar.text.matchAll(placeholder)) {
    const found = parameters.get(goTemplate ? goPath(match[1]!) : match[1]!)
    text += scalar.text.slice(at, match.index)
    at = match.index + match[0].length
    if (found) {
      text += found.text
      parts.push({ text: found.text, origin: found.origin })
      continue
    }
    known = false
    text += match[0]
    if (!goTemplate) missing({ name: match[1]!, at: scalar })
  }
  text += scalar.text.slice(at)
  if (!known && goTemplate) return { ...scalar, text: run(scalar, parameters, missing), str: true }
  const [only] = parts
  if (only && parts.length === 1 && only.text === text)
    return { ...scalar, text, origin: { ...only.origin, how: 'value', before: scalar.origin } }
  return { ...scalar, text, ...(parts.length > 0 && { parts }) }
}

/** `.path.basename` and `index .path.segments 0` as parameters are called; empty for any other expression. */
function goPath(expression: string): string {
  const [, list, index] = /^index \.([\w.]+) (\d+)$/.exec(expression) ?? []
  if (list !== undefined) return list === 'path.segments' ? `path[${index}]` : `${list}.${index}`
  return /^\.[\w.-]+$/.test(expression) ? expression.slice(1) : ''
}

function run(scalar: Scalar, parameters: Parameters, missing: (problem: FillProblem) => void): string {
  try {
    return runTemplate(scalar.text, parametersDict(parameters))
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error
    missing({ name: scalar.text.trim(), at: scalar })
    return scalar.text
  }
}

function parametersDict(parameters: Parameters): Dict {
  const root: Dict = new Map()
  for (const [key, { text }] of parameters) {
    const index = /^path\[(\d+)\]$/.exec(key)
    if (index) {
      const path = inside(root, 'path')
      const segments = path.get('segments')
      path.set('segments', [...(Array.isArray(segments) ? segments : []), text])
      continue
    }
    // `path` itself is text only where parameters are put in as they are.
    if (key === 'path') continue
    const steps = key.split('.')
    const last = steps.pop()!
    steps.reduce(inside, root).set(last, text)
  }
  return root
}

function inside(dict: Dict, step: string): Dict {
  const known = dict.get(step)
  if (isDict(known)) return known
  const made: Dict = new Map()
  dict.set(step, made)
  return made
}

/** Lays one map over another, all the way down. */
export function overlay(base: Mapping, over: Mapping): Mapping {
  const entries = new Map(base.entries)
  for (const [key, value] of over.entries) {
    const now = entries.get(key)
    entries.set(key, isMapping(now) && isMapping(value) ? overlay(now, value) : value)
  }
  return { ...base, entries }
}
