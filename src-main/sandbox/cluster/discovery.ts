import type { JsonObject } from '../../../shared/manifests/manifest.ts'
import type { Kind } from './kinds.ts'

/** What the server calls itself; said to be a sandbox to whoever asks. */
export const serverVersion = {
  major: '1',
  minor: '33',
  gitVersion: 'v1.33.0+sandbox',
  gitCommit: '0000000000000000000000000000000000000000',
  gitTreeState: 'clean',
  buildDate: '2026-01-01T00:00:00Z',
  goVersion: 'none',
  compiler: 'none',
  platform: 'pilothouse/sandbox',
} as const

const groupVersion = (group: string, version: string) => (group === '' ? version : `${group}/${version}`)

/** Versions of a group in the order its kinds prefer them. */
const versionsOf = (kinds: readonly Kind[], group: string): readonly string[] => [
  ...new Set(kinds.filter(kind => kind.group === group).flatMap(kind => kind.versions)),
]
const groupsOf = (kinds: readonly Kind[]): readonly string[] => [...new Set(kinds.map(({ group }) => group))]

/** `/apis`: groups and their versions. */
export function listGroups(kinds: readonly Kind[]): JsonObject {
  const groups = groupsOf(kinds).filter(group => group !== '')
  return { kind: 'APIGroupList', apiVersion: 'v1', groups: groups.map(group => describeGroup(kinds, group)) }
}

export function describeGroup(kinds: readonly Kind[], group: string): JsonObject {
  const versions = versionsOf(kinds, group).map(version => ({ groupVersion: groupVersion(group, version), version }))
  return { kind: 'APIGroup', apiVersion: 'v1', name: group, versions, preferredVersion: versions[0] ?? {} }
}

const scaleKind = { group: 'autoscaling', version: 'v1', kind: 'Scale' }

/** `/api/v1` and `/apis/GROUP/VERSION`: what is served there. */
export function listResources(kinds: readonly Kind[], group: string, version: string): JsonObject {
  const resources = kinds
    .filter(kind => kind.group === group && kind.versions.includes(version))
    .flatMap(({ resource, singular, namespaced, kind, verbs, shortNames, categories, subresources }) => [
      {
        name: resource,
        singularName: singular,
        namespaced,
        kind,
        verbs,
        ...(shortNames.length > 0 && { shortNames }),
        ...(categories.length > 0 && { categories }),
      },
      ...subresources.map(name => ({
        name: `${resource}/${name}`,
        singularName: '',
        namespaced,
        ...(name === 'scale' ? scaleKind : { kind }),
        verbs: verbsOf(name),
      })),
    ])
  return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion: groupVersion(group, version), resources }
}

const verbsOf = (subresource: string): readonly string[] =>
  /^(status|scale)$/.test(subresource)
    ? ['get', 'patch', 'update']
    : subresource === 'log'
      ? ['get']
      : /^(exec|attach|portforward|proxy)$/.test(subresource)
        ? ['create', 'get']
        : ['create']

/** Aggregated discovery (`apidiscovery.k8s.io/v2`): all of it in one answer, for the core group or for all others. */
export function aggregate(kinds: readonly Kind[], core: boolean): JsonObject {
  const groups = groupsOf(kinds).filter(group => (group === '') === core)
  return {
    kind: 'APIGroupDiscoveryList',
    apiVersion: 'apidiscovery.k8s.io/v2',
    metadata: {},
    items: groups.map(group => ({
      metadata: group === '' ? {} : { name: group },
      versions: versionsOf(kinds, group).map(version => ({
        version,
        freshness: 'Current',
        resources: kinds
          .filter(kind => kind.group === group && kind.versions.includes(version))
          .map(({ resource, singular, namespaced, kind, verbs, shortNames, categories, subresources }) => ({
            resource,
            responseKind: { group, version, kind },
            scope: namespaced ? 'Namespaced' : 'Cluster',
            singularResource: singular,
            verbs,
            ...(shortNames.length > 0 && { shortNames }),
            ...(categories.length > 0 && { categories }),
            ...(subresources.length > 0 && {
              subresources: subresources.map(name => ({
                subresource: name,
                responseKind: name === 'scale' ? scaleKind : { group, version, kind },
                verbs: verbsOf(name),
              })),
            }),
          })),
      })),
    })),
  }
}

/** `/openapi/v3`: where the document of each group and version is. */
export function listOpenApi(kinds: readonly Kind[]): JsonObject {
  const paths = groupsOf(kinds).flatMap(group =>
    versionsOf(kinds, group).map(version => {
      const path = group === '' ? `api/${version}` : `apis/${group}/${version}`
      return [path, { serverRelativeURL: `/openapi/v3/${path}?hash=sandbox` }] as const
    }),
  )
  return { paths: Object.fromEntries(paths) }
}

/** One document: no schemas, only that a PATCH of each kind can be validated by the server and tried without effect. */
export function describeOpenApi(kinds: readonly Kind[], group: string, version: string): JsonObject {
  const parameters = ['dryRun', 'fieldManager', 'fieldValidation'].map(name => ({
    name,
    in: 'query',
    schema: { type: 'string', uniqueItems: true },
  }))
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`
  const paths = kinds
    .filter(kind => kind.group === group && kind.versions.includes(version))
    .map(({ resource, namespaced, kind }) => [
      `${root}/${namespaced ? 'namespaces/{namespace}/' : ''}${resource}/{name}`,
      {
        patch: {
          'x-kubernetes-group-version-kind': { group, version, kind },
          'x-kubernetes-action': 'patch',
          parameters,
          responses: {},
        },
        parameters,
      },
    ])
  return {
    openapi: '3.0.0',
    info: { title: 'Pilothouse sandbox', version: serverVersion.gitVersion },
    paths: Object.fromEntries(paths),
    components: { schemas: {} },
  }
}
