import { annotationsOf, currentId, effectiveNamespace, labelsOf, originalId, type Resource } from './resource.ts'
import { type Tree, textIn } from './tree.ts'

/** A selector that cannot be understood. */
export class BadSelector extends Error {}

/** Objects that a `target` or `select` means: patterns over type, name and namespace, and selectors of labels. */
export function selectResources(resources: readonly Resource[], selector: Tree): Resource[] {
  const pattern = (field: string): RegExp | null => {
    const text = textIn(selector, field) ?? ''
    return text === '' ? null : anchored(text)
  }
  const [group, version, kind, name, namespace] = ['group', 'version', 'kind', 'name', 'namespace'].map(pattern)
  const matches = selectorMatcher(selector)
  return resources.filter(resource => {
    if (!resource.root) return false
    const now = currentId(resource)
    const first = originalId(resource)
    if (namespace && !namespace.test(effectiveNamespace(first)) && !namespace.test(effectiveNamespace(now)))
      return false
    if (name && !name.test(first.name) && !name.test(now.name)) return false
    if (group && !group.test(now.group)) return false
    if (version && !version.test(now.version)) return false
    if (kind && !kind.test(now.kind)) return false
    return matches(resource)
  })
}

/** Go's regular expressions are those of RE2; what manifests use of them means the same here. */
function anchored(pattern: string): RegExp {
  try {
    return new RegExp(`^(?:${pattern})$`)
  } catch (cause) {
    throw new BadSelector(`${pattern} is not a regular expression`, { cause })
  }
}

/** By `labelSelector` and `annotationSelector`. */
export function selectorMatcher(selector: Tree): (resource: Resource) => boolean {
  const byLabels = parseSelector(textIn(selector, 'labelSelector') ?? '')
  const byAnnotations = parseSelector(textIn(selector, 'annotationSelector') ?? '')
  return ({ root }) => byLabels(labelsOf(root)) && byAnnotations(annotationsOf(root))
}

type Matcher = (labels: ReadonlyMap<string, string>) => boolean

/** The selectors of `kubectl get -l`: `a=b,c!=d,e in (f,g),h notin (i),j,!k,l>1`. */
export function parseSelector(text: string): Matcher {
  const parts = text.match(/(?:[^,(]|\([^)]*\))+/g) ?? []
  const matchers = parts.map(part => parseRequirement(part.trim()))
  return labels => matchers.every(matches => matches(labels))
}

function parseRequirement(text: string): Matcher {
  const absent = /^!\s*([^\s=!<>]+)$/.exec(text)
  if (absent) return labels => !labels.has(absent[1]!)
  const set = /^([^\s=!<>]+)\s+(in|notin)\s*\(([^)]*)\)$/.exec(text)
  if (set) {
    const values = new Set(set[3]!.split(',').map(value => value.trim()))
    const key = set[1]!
    return set[2] === 'in'
      ? labels => labels.has(key) && values.has(labels.get(key)!)
      : labels => !labels.has(key) || !values.has(labels.get(key)!)
  }
  const pair = /^([^\s=!<>]+)\s*(==|=|!=|<|>)\s*(.*)$/.exec(text)
  if (pair) {
    const [, key, operator, value] = pair as unknown as [string, string, string, string]
    if (operator === '!=') return labels => labels.get(key) !== value
    if (operator === '>') return labels => labels.has(key) && Number(labels.get(key)) > Number(value)
    if (operator === '<') return labels => labels.has(key) && Number(labels.get(key)) < Number(value)
    return labels => labels.get(key) === value
  }
  if (/^[^\s=!<>()]+$/.test(text)) return labels => labels.has(text)
  throw new BadSelector(`${text} is not a selector`)
}
