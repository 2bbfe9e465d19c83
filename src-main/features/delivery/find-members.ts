import { gitopsKinds } from '../../../shared/delivery/gitops-state.ts'
import { isSameRepository } from '../../../shared/environments/same-repository.ts'
import type { LiveObject } from '../../../shared/health/health.ts'
import { type Json, listAt, objectAt, textAt } from '../../../shared/manifests/manifest.ts'
import type { Environment } from '../../../shared/topology/topology.ts'
import type { Cluster, ObjectKind } from '../../needs/cluster.ts'

/** Kinds of the engines that a cluster has. */
export async function engineKinds(cluster: Cluster, signal: AbortSignal): Promise<readonly ObjectKind[]> {
  const kinds = await cluster.kinds(signal)
  return gitopsKinds.flatMap(({ group, kind }) => kinds.find(each => each.group === group && each.kind === kind) ?? [])
}

/** Addresses of the Git repositories that Flux reads, by `namespace/name`. */
export function sourceAddresses(sources: readonly LiveObject[]): ReadonlyMap<string, string> {
  return new Map(
    sources.map(source => [
      `${textAt(source, 'metadata', 'namespace') ?? ''}/${textAt(source, 'metadata', 'name') ?? ''}`,
      textAt(source, 'spec', 'url') ?? '',
    ]),
  )
}

/**
 * True for an object of an engine that delivers this environment: one the environment is made of by name, else one that
 * reads the environment's folder of this very repository.
 */
export function delivers(
  object: LiveObject,
  environment: Environment,
  repository: string | null,
  sources: ReadonlyMap<string, string>,
): boolean {
  const name = textAt(object, 'metadata', 'name') ?? ''
  const read = sourcesOf(object, sources)
  const known = read.filter(({ address }) => address !== '')
  const isHere = ({ address }: { readonly address: string }): boolean =>
    repository !== null && isSameRepository(address, repository)
  if (environment.members?.includes(name)) return repository === null || known.length === 0 || known.some(isHere)
  return read.some(source => isHere(source) && isSamePath(source.path, environment.path))
}

type Source = { readonly address: string; readonly path: string }

function sourcesOf(object: LiveObject, sources: ReadonlyMap<string, string>): readonly Source[] {
  const spec = objectAt(object, 'spec')
  const argo = (source: Json): Source => ({
    address: textAt(source, 'repoURL') ?? '',
    path: textAt(source, 'path') ?? '',
  })
  if (textAt(object, 'kind') === 'Application')
    return [objectAt(spec, 'source'), ...listAt(spec, 'sources')].map(argo).filter(({ address }) => address !== '')
  const ref = textAt(spec, 'sourceRef', 'name')
    ? objectAt(spec, 'sourceRef')
    : objectAt(spec, 'chart', 'spec', 'sourceRef')
  if (textAt(ref, 'kind') !== 'GitRepository') return []
  const namespace = textAt(ref, 'namespace') ?? textAt(object, 'metadata', 'namespace') ?? ''
  const address = sources.get(`${namespace}/${textAt(ref, 'name') ?? ''}`) ?? ''
  return [{ address, path: textAt(spec, 'path') ?? textAt(spec, 'chart', 'spec', 'chart') ?? '' }]
}

const isSamePath = (read: string, path: string): boolean => plain(read) === plain(path)
const plain = (path: string): string =>
  path
    .split('/')
    .filter(part => part !== '' && part !== '.')
    .join('/')
