import { type JsonObject, objectAt, textAt } from '../manifests/manifest.ts'

/** What an environment of a workspace has brought to a cluster: nothing else is ever pruned. */
export const setLabel = 'pilothouse.dev/set'
/** For people who look at an object. */
export const environmentAnnotation = 'pilothouse.dev/environment'

/**
 * What names the set of an environment, the same on every machine: the repository's address without the way to it, and
 * the environment.
 */
export const setSeed = (repository: string, environment: string): string =>
  `${repository
    .trim()
    .toLowerCase()
    .replace(/^[a-z+]+:\/\//, '')
    .replace(/^[^@/]+@/, '')
    .replace(/^([^/:]+):(\d+\/)?/, '$1/')
    .replace(/(\.git)?\/*$/, '')}\n${environment}`

/** An object marked as part of a set. */
export function asOwned(object: JsonObject, set: string, environment: string): JsonObject {
  const metadata = objectAt(object, 'metadata')
  return {
    ...object,
    metadata: {
      ...metadata,
      labels: { ...objectAt(metadata, 'labels'), [setLabel]: set },
      annotations: { ...objectAt(metadata, 'annotations'), [environmentAnnotation]: environment },
    },
  }
}

/**
 * True for a live object of the set that nobody else made: what a controller made carries copies of labels (the
 * EndpointSlices of a Service), and goes with its owner.
 */
export const isOwned = (live: JsonObject, set: string): boolean =>
  textAt(live, 'metadata', 'labels', setLabel) === set &&
  textAt(live, 'metadata', 'ownerReferences', 0, 'uid') === undefined

/** Kinds that only ever copy the labels of others. */
export const isDerivedKind = ({ group, kind }: { readonly group: string; readonly kind: string }): boolean =>
  [
    'Endpoints',
    'Event',
    'EndpointSlice',
    'ControllerRevision',
    'ReplicaSet',
    'Pod',
    'Lease',
    'PodMetrics',
    'NodeMetrics',
  ].includes(kind) ||
  group === 'metrics.k8s.io' ||
  group === 'events.k8s.io'
