import { listAt, type Manifest, numberAt, objectAt, type Path, textAt, textsAt } from '../manifests/manifest.ts'
import { identityOf, isCoreService, podTemplatePath } from './workload.ts'

/** A workload and what of it others are matched by. */
export type Workload = {
  readonly manifest: Manifest
  readonly namespace: string
  readonly name: string
  /** Path of its Pod template. */
  readonly template: Path
  readonly labels: { readonly [key: string]: string }
  readonly serviceAccount: string
  /** Runs to its end (Job, CronJob, a Pod that does not restart), so nobody calls it. */
  readonly finite: boolean
}

export type ServicePort = {
  readonly name?: string
  readonly port: number
  readonly targetPort?: string | number
  readonly nodePort?: number
  readonly appProtocol?: string
}
/** A name that cluster DNS answers to. */
export type ServiceObject = {
  readonly manifest: Manifest
  readonly namespace: string
  readonly name: string
  readonly type: string
  readonly ports: readonly ServicePort[]
  /** Null: it selects nothing by itself (ExternalName, or Endpoints made by hand). */
  readonly selector: { readonly [key: string]: string } | null
  readonly externalName?: string
  /** What it leads to. */
  readonly workloads: readonly Workload[]
}

/** The objects of an environment by what they do, in order of file and line. */
export type Objects = {
  readonly all: readonly Manifest[]
  readonly workloads: readonly Workload[]
  readonly services: readonly ServiceObject[]
  readonly servicesByName: ReadonlyMap<string, readonly ServiceObject[]>
  readonly namespaces: ReadonlySet<string>
  /** ConfigMaps and Secrets by `Kind/namespace/name`. */
  readonly data: ReadonlyMap<string, Manifest>
  /** HorizontalPodAutoscalers by `Kind/name` of what they scale. */
  readonly autoscalers: ReadonlyMap<string, readonly Manifest[]>
  /** Objects declared a second time, with the first. */
  readonly repeated: readonly { readonly manifest: Manifest; readonly first: Manifest }[]
  /** Pods of this namespace that carry these labels. */
  select(namespace: string, labels: { readonly [key: string]: string }): readonly Workload[]
}

/** Manifests that name no namespace are applied to one that is not known here; empty stands for it. */
export function indexObjects(manifests: readonly Manifest[]): Objects {
  const byIdentity = new Map<string, Manifest>()
  const repeated: { manifest: Manifest; first: Manifest }[] = []
  const all: Manifest[] = []
  for (const manifest of manifests) {
    const key = identityOf(manifest)
    const first = byIdentity.get(key)
    if (first) {
      if (manifest.kind !== 'Namespace') repeated.push({ manifest, first })
      continue
    }
    byIdentity.set(key, manifest)
    all.push(manifest)
  }

  const workloads: Workload[] = []
  const byLabel = new Map<string, Workload[]>()
  const namespaces = new Set<string>()
  const data = new Map<string, Manifest>()
  const autoscalers = new Map<string, Manifest[]>()
  for (const manifest of all) {
    if (manifest.namespace) namespaces.add(manifest.namespace)
    if (manifest.kind === 'Namespace') namespaces.add(manifest.name)
    if (manifest.group === '' && (manifest.kind === 'ConfigMap' || manifest.kind === 'Secret'))
      data.set(`${manifest.kind}/${manifest.namespace ?? ''}/${manifest.name}`, manifest)
    if (manifest.kind === 'HorizontalPodAutoscaler') {
      const target = objectAt(manifest.value, 'spec', 'scaleTargetRef')
      const key = `${textAt(target, 'kind')}/${textAt(target, 'name')}`
      autoscalers.set(key, [...(autoscalers.get(key) ?? []), manifest])
    }
    const workload = toWorkload(manifest)
    if (!workload) continue
    workloads.push(workload)
    for (const [key, value] of Object.entries(workload.labels)) {
      const pair = `${key}=${value}`
      const list = byLabel.get(pair)
      if (list) list.push(workload)
      else byLabel.set(pair, [workload])
    }
  }

  const select = (namespace: string, labels: { readonly [key: string]: string }): readonly Workload[] => {
    const pairs = Object.entries(labels)
    if (pairs.length === 0) return []
    let candidates: readonly Workload[] | undefined
    for (const [key, value] of pairs) {
      const list = byLabel.get(`${key}=${value}`)
      if (!list) return []
      if (!candidates || list.length < candidates.length) candidates = list
    }
    const matching = candidates!.filter(workload => pairs.every(([key, value]) => workload.labels[key] === value))
    const here = matching.filter(workload => sameNamespace(workload.namespace, namespace))
    // Where one side does not say its namespace, it may be the other's.
    return here.length > 0 ? here : matching.filter(workload => workload.namespace === '' || namespace === '')
  }

  const services: ServiceObject[] = []
  for (const manifest of all) {
    const service = toService(manifest, workloads, select)
    if (service) services.push(service)
  }
  const servicesByName = new Map<string, ServiceObject[]>()
  for (const service of services) {
    const list = servicesByName.get(service.name)
    if (list) list.push(service)
    else servicesByName.set(service.name, [service])
  }
  return { all, workloads, services, servicesByName, namespaces, data, autoscalers, repeated, select }
}

/** Not to name a namespace and to name `default` come to the same. */
export const sameNamespace = (a: string, b: string): boolean => (a || 'default') === (b || 'default')

/** A ConfigMap or Secret as a Pod of this namespace would find it. */
export const dataObject = (
  objects: Objects,
  kind: 'ConfigMap' | 'Secret',
  namespace: string,
  name: string,
): Manifest | undefined =>
  objects.data.get(`${kind}/${namespace}/${name}`) ??
  objects.data.get(`${kind}//${name}`) ??
  (namespace === '' ? objects.data.get(`${kind}/default/${name}`) : undefined)

function toWorkload(manifest: Manifest): Workload | null {
  const template = podTemplatePath(manifest)
  if (!template) return null
  const spec = objectAt(manifest.value, ...template, 'spec')
  return {
    manifest,
    namespace: manifest.namespace ?? '',
    name: manifest.name,
    template,
    labels: textsAt(manifest.value, ...template, 'metadata', 'labels'),
    serviceAccount: textAt(spec, 'serviceAccountName') ?? textAt(spec, 'serviceAccount') ?? 'default',
    finite:
      manifest.kind === 'Job' ||
      manifest.kind === 'CronJob' ||
      (manifest.kind === 'Pod' && ['Never', 'OnFailure'].includes(textAt(spec, 'restartPolicy') ?? '')),
  }
}

function toService(
  manifest: Manifest,
  workloads: readonly Workload[],
  select: Objects['select'],
): ServiceObject | null {
  const namespace = manifest.namespace ?? ''
  if (!isCoreService(manifest)) {
    // Knative and edge services answer to their own name.
    if (manifest.kind !== 'EdgeService' && !(manifest.kind === 'Service' && manifest.group === 'serving.knative.dev'))
      return null
    const own = workloads.filter(workload => workload.manifest === manifest)
    const ports = own.flatMap(workload =>
      listAt(manifest.value, ...workload.template, 'spec', 'containers').flatMap(container =>
        listAt(container, 'ports').map(port => ({ port: numberAt(port, 'containerPort') ?? 80 })),
      ),
    )
    return { manifest, namespace, name: manifest.name, type: manifest.kind, ports, selector: null, workloads: own }
  }
  const spec = objectAt(manifest.value, 'spec')
  const type = textAt(spec, 'type') ?? 'ClusterIP'
  const labels = textsAt(spec, 'selector')
  const selector = Object.keys(labels).length > 0 && type !== 'ExternalName' ? labels : null
  const externalName = type === 'ExternalName' ? textAt(spec, 'externalName') : undefined
  return {
    manifest,
    namespace,
    name: manifest.name,
    type: type === 'ClusterIP' && textAt(spec, 'clusterIP') === 'None' ? 'Headless' : type,
    ports: listAt(spec, 'ports').flatMap(port => {
      const number = numberAt(port, 'port')
      if (number === undefined) return []
      const name = textAt(port, 'name')
      // Zero, as some charts write it, is the same as nothing.
      const targetPort = numberAt(port, 'targetPort') || textAt(port, 'targetPort')
      const nodePort = numberAt(port, 'nodePort')
      const appProtocol = textAt(port, 'appProtocol')
      return [
        {
          port: number,
          ...(name !== undefined && { name }),
          ...(targetPort !== undefined && targetPort !== '0' && { targetPort }),
          ...(nodePort !== undefined && { nodePort }),
          ...(appProtocol !== undefined && { appProtocol }),
        },
      ]
    }),
    selector,
    ...(externalName !== undefined && { externalName: externalName.toLowerCase().replace(/\.$/, '') }),
    workloads: selector ? select(namespace, selector) : [],
  }
}
