import { isObject, type Json, type JsonObject, listAt, textAt, valueAt } from '../manifests/manifest.ts'
import type { FieldAuthor } from './drift.ts'
import type { Trail } from './live-path.ts'

export type Author = FieldAuthor & {
  /** Server-side apply; else any other write, which also takes the blame for defaults and webhooks. */
  readonly applied: boolean
  readonly subresource: string
}

/** What delivers from Git. */
const deliveries =
  /^(pilothouse|argocd.*|argo-cd.*|application-controller|kustomize-controller|helm-controller|helm|flux.*|fleet.*|kapp.*|kapp-controller|werf|terraform.*|hashicorp\/.*|pulumi.*|kpt.*|kubectl-client-side-apply|skaffold|tanka|timoni|kustomize|spinnaker.*|clouddriver)$/i
/** Tools in the hands of people. */
const people =
  /^(kubectl.*|k9s|Lens|lens.*|freelens|headlamp.*|dashboard|kubernetes-dashboard|rancher|Mozilla|node-fetch|OpenAPI-Generator|oc|curl|unknown|before-first-apply|Octant|aptakube|seabird|k8slens.*|kubie)$/i

const sortOf = (manager: string): FieldAuthor['sort'] =>
  deliveries.test(manager) ? 'delivery' : people.test(manager) ? 'person' : 'controller'

/**
 * Who holds what stands at the end of a trail, by the object's `managedFields`, newest first. Whoever holds a whole
 * list or map holds what is in it.
 * https://kubernetes.io/docs/reference/using-api/server-side-apply/#managers
 */
export function authorsOf(live: JsonObject, trail: Trail): readonly Author[] {
  return listAt(live, 'metadata', 'managedFields')
    .filter(entry => holds(valueAt(entry, ['fieldsV1']), trail))
    .map(entry => {
      const manager = textAt(entry, 'manager') ?? ''
      return {
        manager,
        since: textAt(entry, 'time') ?? null,
        sort: sortOf(manager),
        applied: textAt(entry, 'operation') === 'Apply',
        subresource: textAt(entry, 'subresource') ?? '',
      }
    })
    .sort((a, b) => ((a.since ?? '') < (b.since ?? '') ? 1 : -1))
}

function holds(fields: Json | undefined, trail: Trail): boolean {
  let at = fields
  for (const step of trail) {
    if (!isObject(at)) return false
    if (Object.keys(at).length === 0) return true
    if ('key' in step) at = at[`f:${step.key}`]
    else {
      const { item } = 'item' in step ? step : { item: null }
      const entry = Object.entries(at).find(
        ([key]) => key.startsWith('k:') && item !== null && isKeyOf(key.slice(2), item),
      )
      // Items told apart by position are held by whoever holds the list.
      at = entry ? entry[1] : at['f:']
    }
    if (at === undefined) return false
  }
  return at !== undefined
}

function isKeyOf(text: string, item: JsonObject): boolean {
  try {
    const key: unknown = JSON.parse(text)
    return (
      isObject(key as Json) &&
      Object.entries(key as JsonObject).every(
        ([name, value]) => (item[name] ?? (name === 'protocol' ? 'TCP' : undefined)) === value,
      )
    )
  } catch {
    return false
  }
}
