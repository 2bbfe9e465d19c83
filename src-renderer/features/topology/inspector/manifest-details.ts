import { listAt, objectAt, textAt, textsAt, valueAt } from '../../../../shared/manifests/manifest.ts'
import { readManifestFile } from '../../../../shared/manifests/read-manifests.ts'
import { type ResourceRef, sameResource } from '../../../../shared/manifests/resource-ref.ts'

type Texts = { readonly [key: string]: string }
export type ProbeName = 'livenessProbe' | 'readinessProbe' | 'startupProbe'
export type ProbeField = { readonly path: readonly string[]; readonly value: string }
/** What a form shows of an object and the topology does not carry. */
export type ManifestDetails = {
  readonly object: { readonly labels: Texts; readonly annotations: Texts }
  readonly template: { readonly labels: Texts; readonly annotations: Texts }
  /** By container name. */
  readonly probes: ReadonlyMap<string, readonly { readonly name: ProbeName; readonly fields: readonly ProbeField[] }[]>
}

const probeNames: readonly ProbeName[] = ['startupProbe', 'readinessProbe', 'livenessProbe']
/** core/v1 Probe, in the order a person reads them. */
const probeFields: readonly (readonly string[])[] = [
  ['httpGet', 'path'],
  ['httpGet', 'port'],
  ['tcpSocket', 'port'],
  ['grpc', 'port'],
  ['initialDelaySeconds'],
  ['periodSeconds'],
  ['timeoutSeconds'],
  ['failureThreshold'],
  ['successThreshold'],
]

/** Reads labels, annotations and probes of one object from its file; null when it is not there. */
export function manifestDetails(path: string, text: string, resource: ResourceRef): ManifestDetails | null {
  const manifest = readManifestFile(path, text).manifests.find(item => sameResource(item.ref, resource))
  if (!manifest) return null
  const { value } = manifest
  const template =
    manifest.kind === 'Pod'
      ? value
      : objectAt(value, 'spec', ...(manifest.kind === 'CronJob' ? ['jobTemplate', 'spec'] : []), 'template')
  const metadata = (of: typeof value) => ({
    labels: textsAt(of, 'metadata', 'labels'),
    annotations: textsAt(of, 'metadata', 'annotations'),
  })
  const containers = [...listAt(template, 'spec', 'initContainers'), ...listAt(template, 'spec', 'containers')]
  return {
    object: metadata(value),
    template: manifest.kind === 'Pod' ? { labels: {}, annotations: {} } : metadata(template),
    probes: new Map(
      containers.map(container => [
        textAt(container, 'name') ?? '',
        probeNames
          .filter(name => valueAt(container, [name]) !== undefined)
          .map(name => ({
            name,
            fields: probeFields.flatMap(field => {
              const found = textAt(container, name, ...field)
              return found === undefined ? [] : [{ path: field, value: found }]
            }),
          })),
      ]),
    ),
  }
}
