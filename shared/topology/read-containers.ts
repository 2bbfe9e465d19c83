import {
  type Json,
  type JsonObject,
  listAt,
  numberAt,
  objectAt,
  otherFile,
  type Path,
  textAt,
  textsAt,
  valueAt,
} from '../manifests/manifest.ts'
import type { Objects, Workload } from './index-objects.ts'
import { dataObject } from './index-objects.ts'
import { redactArguments, redactValue } from './redact.ts'
import type { Container } from './topology.ts'
import { isEdgeService } from './workload.ts'

/** Paths of a workload's containers from the top of its manifest; the main ones first, then those that only start. */
export function containerPaths(workload: Workload): { readonly path: Path; readonly init: boolean }[] {
  if (isEdgeService(workload.manifest)) return [{ path: ['spec'], init: false }]
  const paths: { path: Path; init: boolean }[] = []
  for (const [field, init] of [
    ['containers', false],
    ['initContainers', true],
  ] as const) {
    const at = [...workload.template, 'spec', field]
    // An init container that always restarts is a sidecar (Kubernetes 1.29).
    for (const [index, container] of listAt(workload.manifest.value, ...at).entries())
      paths.push({ path: [...at, index], init: init && textAt(container, 'restartPolicy') !== 'Always' })
  }
  return paths
}

/** The containers of a workload for the inspector; values of Secrets and what looks like a credential are left out. */
export const containersOf = (objects: Objects, workload: Workload): readonly Container[] =>
  containerPaths(workload).map(({ path, init }) => readContainer(objects, workload, path, init))

/** What an edge service runs, as an image is written: where its program comes from, its version and its digest. */
function artifactOf(spec: JsonObject): string {
  const artifact = objectAt(spec, 'artifact')
  const image = textAt(artifact, 'image')
  if (image !== undefined) return image
  const [version, sha256] = [textAt(spec, 'version') ?? numberAt(spec, 'version'), textAt(artifact, 'sha256')]
  const from = textAt(artifact, 'path') ?? textAt(artifact, 'url') ?? ''
  return `${from}${version === undefined ? '' : `:${version}`}${sha256 === undefined ? '' : `@sha256:${sha256}`}`
}

const probeNames = ['livenessProbe', 'readinessProbe', 'startupProbe'] as const

function readContainer(objects: Objects, workload: Workload, path: Path, init: boolean): Container {
  const { manifest } = workload
  const container = objectAt(manifest.value, ...path)
  const command = texts(listAt(container, 'command'))
  const args = texts(listAt(container, 'args'))
  const line = redactArguments([...command, ...args])
  const section = (name: string): { readonly [name: string]: string } | undefined =>
    valueAt(container, ['resources', name]) === undefined ? undefined : textsAt(container, 'resources', name)
  const requests = section('requests')
  const limits = section('limits')
  return {
    name: textAt(container, 'name') ?? (isEdgeService(manifest) ? manifest.name : ''),
    image: textAt(container, 'image') ?? artifactOf(container),
    init,
    ...(command.length > 0 && { command: line.slice(0, command.length) }),
    ...(args.length > 0 && { args: line.slice(command.length) }),
    ports: listAt(container, 'ports').flatMap(port => {
      const number = numberAt(port, 'containerPort')
      if (number === undefined) return []
      const name = textAt(port, 'name')
      const protocol = textAt(port, 'protocol')
      return [{ port: number, ...(name !== undefined && { name }), ...(protocol !== undefined && { protocol }) }]
    }),
    env: listAt(container, 'env').flatMap((item, index) => {
      const name = textAt(item, 'name')
      if (name === undefined) return []
      const at = [...path, 'env', index]
      const place = { ...otherFile(manifest, at), line: manifest.lineOf(at) }
      const value = textAt(item, 'value')
      const from = sourceOf(item)
      const held =
        from?.kind === 'configMap' ? dataObject(objects, 'ConfigMap', workload.namespace, from.name) : undefined
      const given = value ?? (held && from ? textsAt(held.value, 'data')[from.key] : undefined)
      return [
        { name, ...(given !== undefined && { value: redactValue(name, given) }), ...(from && { from }), ...place },
      ]
    }),
    resources: { ...(requests && { requests }), ...(limits && { limits }) },
    probes: probeNames.filter(probe => valueAt(container, [probe]) !== undefined),
  }
}

const texts = (items: readonly Json[]): string[] => items.map(item => (typeof item === 'string' ? item : String(item)))

function sourceOf(item: Json): NonNullable<Container['env'][number]['from']> | undefined {
  for (const [field, kind] of [
    ['configMapKeyRef', 'configMap'],
    ['secretKeyRef', 'secret'],
  ] as const) {
    const name = textAt(item, 'valueFrom', field, 'name')
    const key = textAt(item, 'valueFrom', field, 'key')
    if (name !== undefined && key !== undefined) return { kind, name, key }
  }
  const field = textAt(item, 'valueFrom', 'fieldRef', 'fieldPath')
  if (field !== undefined) return { kind: 'field', name: '', key: field }
  const resource = textAt(item, 'valueFrom', 'resourceFieldRef', 'resource')
  return resource === undefined
    ? undefined
    : { kind: 'resource', name: textAt(item, 'valueFrom', 'resourceFieldRef', 'containerName') ?? '', key: resource }
}
