import type { Json } from '../../../shared/manifests/manifest.ts'
import type { ObjectKind, ObjectScope } from '../../needs/cluster.ts'
import type { Question } from './api-line.ts'
import type { Asked } from './translate-kubernetes-error.ts'

/** Path of a kind's collection, of one object in it, or of a part of that; each part encoded. */
export function objectPath(
  { group, version, resource, namespaced }: ObjectKind,
  at: { readonly namespace?: string | undefined; readonly name?: string; readonly subresource?: string | undefined },
): string {
  const root = group === '' ? ['api', version] : ['apis', group, version]
  const space = namespaced && at.namespace !== undefined && at.namespace !== '' ? ['namespaces', at.namespace] : []
  const parts = [...root, ...space, resource, ...(at.name === undefined ? [] : [at.name]), at.subresource ?? '']
  return `/${parts
    .filter(part => part !== '')
    .map(encodeURIComponent)
    .join('/')}`
}

/** What is asked of a kind, for the words of a failure. */
export function askedOf(
  verb: string,
  { group, resource, kind, namespaced }: ObjectKind,
  at: {
    readonly namespace?: string | undefined
    readonly name?: string
    readonly subresource?: string | undefined
  } = {},
): Asked {
  return {
    verb,
    group,
    resource,
    ...(at.subresource !== undefined && { subresource: at.subresource }),
    ...(namespaced && at.namespace !== undefined && at.namespace !== '' && { namespace: at.namespace }),
    ...(at.name !== undefined && { name: at.name }),
    ...(kind === 'Secret' && { secret: true }),
  }
}

export function collectionQuestion(
  verb: 'list' | 'watch',
  kind: ObjectKind,
  scope: ObjectScope,
  query: { readonly [name: string]: string | undefined },
  body?: Json,
): Question {
  return {
    method: 'GET',
    path: objectPath(kind, scope),
    query: { labelSelector: scope.labelSelector, fieldSelector: scope.fieldSelector, ...query },
    asked: askedOf(verb, kind, scope),
    ...(body !== undefined && { body }),
  }
}
