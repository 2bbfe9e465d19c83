import type { LiveObject } from '../../../shared/health/health.ts'
import { type Json, listAt, objectAt, textAt } from '../../../shared/manifests/manifest.ts'
import { ApiError } from './api-error.ts'
import { faultMap } from './faults.ts'
import type { Kind } from './kinds.ts'
import type { Store } from './store.ts'

/** Somebody who may ask: by token or by client certificate. `system:masters` may everything. */
export type User = { readonly name: string; readonly groups: readonly string[] }

export type Attempt = {
  readonly verb: string
  readonly group: string
  readonly resource: string
  readonly subresource?: string | undefined
  readonly namespace?: string | undefined
  readonly name?: string | undefined
}

/** Whether the Roles and ClusterRoles bound in the cluster let a user do something, as RBAC reads them. */
export type Access = {
  may(user: User, attempt: Attempt): boolean
  /** Throws 403 with the verb, the resource and the namespace, in an API server's words. */
  require(user: User, attempt: Attempt): void
  /** Rules that hold for a user in a namespace, for SelfSubjectRulesReview. */
  rulesOf(user: User, namespace: string): readonly LiveObject[]
}

type RbacKinds = { readonly [kind in 'Role' | 'RoleBinding' | 'ClusterRole' | 'ClusterRoleBinding']: Kind }

/** `denied` is what nobody may for now: `VERB RESOURCE`, with `*` for any. */
export function createAccess(store: Store, kinds: RbacKinds, denied: () => readonly string[]): Access {
  const rulesOf = (user: User, namespace: string): readonly LiveObject[] => {
    const bindings = [
      ...store.list(kinds.ClusterRoleBinding),
      ...(namespace === '' ? [] : store.list(kinds.RoleBinding, namespace)),
    ]
    return bindings
      .filter(binding => listAt(binding, 'subjects').some(subject => names(subject, user)))
      .flatMap(binding => {
        const name = textAt(binding, 'roleRef', 'name') ?? ''
        const role =
          textAt(binding, 'roleRef', 'kind') === 'ClusterRole'
            ? store.get(kinds.ClusterRole, '', name)
            : store.get(kinds.Role, textAt(binding, 'metadata', 'namespace') ?? '', name)
        return listAt(role, 'rules').filter((rule): rule is LiveObject => typeof rule === 'object' && rule !== null)
      })
  }
  const may = (user: User, attempt: Attempt): boolean =>
    !denied().some(each => isDenied(each, attempt)) &&
    (user.groups.includes('system:masters') ||
      rulesOf(user, attempt.namespace ?? '').some(rule => permits(rule, attempt)))
  return {
    may,
    require(user, attempt) {
      if (!may(user, attempt)) throw forbidden(user, attempt)
    },
    rulesOf: (user, namespace) =>
      user.groups.includes('system:masters')
        ? [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }]
        : rulesOf(user, namespace),
  }
}

function isDenied(text: string, { verb, resource, name }: Attempt): boolean {
  if (name === faultMap.name) return false
  const [wantedVerb, wantedResource] = text.split(' ')
  return (wantedVerb === '*' || wantedVerb === verb) && (wantedResource === '*' || wantedResource === resource)
}

function names(subject: Json, user: User): boolean {
  const name = textAt(subject, 'name') ?? ''
  switch (textAt(subject, 'kind')) {
    case 'User':
      return name === user.name
    case 'Group':
      return user.groups.includes(name) || name === 'system:authenticated'
    case 'ServiceAccount':
      return user.name === `system:serviceaccount:${textAt(subject, 'namespace') ?? ''}:${name}`
    default:
      return false
  }
}

function permits(rule: LiveObject, { verb, group, resource, subresource, name }: Attempt): boolean {
  const has = (key: string, value: string) => {
    const list = listAt(objectAt(rule), key)
    return list.includes('*') || list.includes(value)
  }
  const full = subresource ? `${resource}/${subresource}` : resource
  const named = listAt(rule, 'resourceNames')
  return (
    has('verbs', verb) &&
    has('apiGroups', group) &&
    (has('resources', full) || (subresource !== undefined && listAt(rule, 'resources').includes(`*/${subresource}`))) &&
    (named.length === 0 || (name !== undefined && named.includes(name)))
  )
}

export function forbidden(user: User, { verb, group, resource, subresource, namespace, name }: Attempt): ApiError {
  const full = subresource ? `${resource}/${subresource}` : resource
  const subject = `${group === '' ? resource : `${resource}.${group}`}${name ? ` "${name}"` : ''}`
  const where = namespace ? ` in the namespace "${namespace}"` : ' at the cluster scope'
  return new ApiError(
    403,
    `${subject} is forbidden: User "${user.name}" cannot ${verb} resource "${full}" in API group "${group}"${where}`,
    { ...(name && { name }), group, kind: resource },
  )
}
