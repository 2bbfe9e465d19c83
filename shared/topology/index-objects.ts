import { listAt, type Manifest, numberAt, objectAt, type Path, textAt, textsAt } from '../manifests/manifest.ts'
import { madeBy } from './made-services.ts'
import { nearestName } from './nearest-name.ts'
import { Parts } from './parts.ts'
import type { Technology } from './recognise-technology.ts'
import { identityOf, isCoreService, isEdgeService, podTemplatePath } from './workload.ts'

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
  /** What an operator runs behind it, where `manifest` is no Service but a resource that one is made for. */
  readonly made?: Technology
}

/** What is found under a key. */
export type Lookup<Found> = { get(key: string): Found | undefined }

/**
 * The objects of an environment by what they do, in order of file and line. Every way to ask is watched (see `Parts`):
 * a part that asks for a whole list is made again whenever anything in that list changes, so ask for what you need.
 */
export type Objects = {
  readonly all: readonly Manifest[]
  readonly workloads: readonly Workload[]
  readonly workloadsByAccount: Lookup<readonly Workload[]>
  readonly services: readonly ServiceObject[]
  readonly servicesByName: Lookup<readonly ServiceObject[]>
  /** The name of a Service that was most likely meant by one that there is not. */
  readonly nearestService: Lookup<string>
  /** By the name that the kubelet's variables for a Service begin with: `CART_DB` for `cart-db`. */
  readonly servicesByVariable: Lookup<readonly ServiceObject[]>
  readonly namespaces: { has(name: string): boolean }
  /** Resources an operator runs something for that others reach by name. */
  readonly operated: readonly Manifest[]
  /** Hosts outside that the mesh is told of (ServiceEntry). */
  readonly hosts: { has(name: string): boolean }
  /** ConfigMaps and Secrets by their identity: `/Kind/namespace/name`. */
  readonly data: Lookup<Manifest>
  /** HorizontalPodAutoscalers by `Kind/name` of what they scale. */
  readonly autoscalers: Lookup<readonly Manifest[]>
  /** Objects declared a second time, with the first. */
  readonly repeated: readonly { readonly manifest: Manifest; readonly first: Manifest }[]
  /** Pods of this namespace that carry these labels. */
  select(namespace: string, labels: { readonly [key: string]: string }): readonly Workload[]
}

/** Manifests that name no namespace are applied to one that is not known here; empty stands for it. */
export function indexObjects(manifests: readonly Manifest[], parts: Parts = new Parts()): Objects {
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
  const byAccount = new Map<string, Workload[]>()
  const namespaces = new Set<string>()
  const data = new Map<string, Manifest>()
  const autoscalers = new Map<string, Manifest[]>()
  const hosts = new Set<string>()
  for (const manifest of all) {
    if (manifest.namespace) namespaces.add(manifest.namespace)
    if (manifest.kind === 'Namespace') namespaces.add(manifest.name)
    if (manifest.group === '' && (manifest.kind === 'ConfigMap' || manifest.kind === 'Secret'))
      data.set(identityOf(manifest), manifest)
    if (manifest.kind === 'HorizontalPodAutoscaler') {
      const target = objectAt(manifest.value, 'spec', 'scaleTargetRef')
      push(autoscalers, `${textAt(target, 'kind')}/${textAt(target, 'name')}`, manifest)
    }
    if (manifest.kind === 'ServiceEntry' && manifest.group === 'networking.istio.io')
      for (const host of listAt(manifest.value, 'spec', 'hosts'))
        if (typeof host === 'string') hosts.add(host.toLowerCase())
    const workload = workloadOf(manifest)
    if (!workload) continue
    workloads.push(workload)
    push(byAccount, workload.serviceAccount, workload)
    for (const pair of pairsOf(workload.labels)) push(byLabel, pair, workload)
  }

  const select = (namespace: string, labels: { readonly [key: string]: string }): readonly Workload[] => {
    const pairs = pairsOf(labels)
    if (pairs.length === 0) return []
    let candidates: readonly Workload[] | undefined
    for (const pair of pairs) {
      const list = byLabel.get(pair)
      if (!list) return []
      if (!candidates || list.length < candidates.length) candidates = list
    }
    const keys = Object.keys(labels)
    const matching = candidates!.filter(workload => keys.every(key => workload.labels[key] === labels[key]))
    const here = matching.filter(workload => sameNamespace(workload.namespace, namespace))
    // Where one side does not say its namespace, it may be the other's.
    return here.length > 0 ? here : matching.filter(workload => workload.namespace === '' || namespace === '')
  }

  const services: ServiceObject[] = []
  const servicesByName = new Map<string, ServiceObject[]>()
  const servicesByVariable = new Map<string, ServiceObject[]>()
  for (const manifest of all) {
    const service = toService(manifest, select, parts)
    if (!service) continue
    services.push(service)
    push(servicesByName, service.name, service)
    push(servicesByVariable, service.name.toUpperCase().replaceAll('-', '_'), service)
  }
  const operated: Manifest[] = []
  for (const manifest of all) {
    const made = madeBy(manifest)
    if (!made) continue
    if (made.technology) operated.push(manifest)
    const target = made.target
    const behind = target
      ? workloads.filter(
          ({ manifest: other, namespace }) =>
            other.kind === target.kind &&
            other.name === target.name &&
            sameNamespace(namespace, manifest.namespace ?? ''),
        )
      : []
    if (target && behind.length === 0) continue
    for (const name of made.names) {
      const declared = servicesByName.get(name)?.some(other => sameNamespace(other.namespace, manifest.namespace ?? ''))
      if (declared) continue
      const service = parts.of('made service', `${identityOf(manifest)} ${name}`, [manifest, ...behind], () => ({
        manifest,
        namespace: manifest.namespace ?? '',
        name,
        type: manifest.kind,
        ports: [],
        selector: null,
        workloads: behind,
        ...(made.technology && { made: made.technology }),
      }))
      push(servicesByName, name, service)
    }
  }
  const lists = {
    all: parts.list('objects', 'all', all),
    workloads: parts.list('objects', 'workloads', workloads),
    services: parts.list('objects', 'services', services),
    operated: parts.list('objects', 'operated', operated),
  }
  const names = parts.list('objects', 'names', [...servicesByName.keys()])
  const list = parts.watch('list of objects', (name: keyof typeof lists) => lists[name]) as <
    Name extends keyof typeof lists,
  >(
    name: Name,
  ) => (typeof lists)[Name]
  const find = <Found>(name: string, map: ReadonlyMap<string, Found>): Lookup<Found> => ({
    get: parts.table(name, map),
  })
  return {
    get all() {
      return list('all')
    },
    get workloads() {
      return list('workloads')
    },
    get services() {
      return list('services')
    },
    workloadsByAccount: find('account', byAccount),
    servicesByName: find('service', servicesByName),
    nearestService: {
      get: parts.watch('nearest service', (name: string) =>
        parts.of('nearest service', name, [names], () => nearestName(name, names)),
      ),
    },
    servicesByVariable: find('variable', servicesByVariable),
    get operated() {
      return list('operated')
    },
    hosts: { has: parts.watch('host of a mesh', (name: string) => hosts.has(name)) },
    namespaces: { has: parts.watch('namespace', (name: string) => namespaces.has(name)) },
    data: find('data', data),
    autoscalers: find('autoscaler', autoscalers),
    repeated,
    select: parts.watch('select', select),
  }
}

/** Labels as `key=value`. Labels that did not change are the same object as before, and their texts are made once. */
function pairsOf(labels: { readonly [key: string]: string }): readonly string[] {
  let pairs = knownPairs.get(labels)
  if (!pairs) {
    pairs = Object.entries(labels).map(([key, value]) => `${key}=${value}`)
    knownPairs.set(labels, pairs)
  }
  return pairs
}
const knownPairs = new WeakMap<object, readonly string[]>()

function push<Item>(map: Map<string, Item[]>, key: string, item: Item): void {
  const list = map.get(key)
  if (list) list.push(item)
  else map.set(key, [item])
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
  objects.data.get(`/${kind}/${namespace}/${name}`) ??
  objects.data.get(`/${kind}//${name}`) ??
  (namespace === '' ? objects.data.get(`/${kind}/default/${name}`) : undefined)

/** The same object for the same manifest, so that what was made of it can be used again. */
function workloadOf(manifest: Manifest): Workload | null {
  let workload = knownWorkloads.get(manifest)
  if (workload === undefined) {
    workload = toWorkload(manifest)
    knownWorkloads.set(manifest, workload)
  }
  return workload
}
const knownWorkloads = new WeakMap<Manifest, Workload | null>()

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

/** Labels that Pods get while they run: who leads now, which one of a set it is. */
const givenWhileRunning = /(^|\/)([\w-]*role|leader|is-?leader|master|primary|pod-name|pod-index)$/

/** Pods a selector means, be it that a label of it is one they get while they run. */
function selected(
  namespace: string,
  selector: { readonly [key: string]: string },
  select: Objects['select'],
): readonly Workload[] {
  const found = select(namespace, selector)
  const given = Object.keys(selector).filter(key => givenWhileRunning.test(key))
  if (found.length > 0 || given.length === 0) return found
  const rest = Object.fromEntries(Object.entries(selector).filter(([key]) => !given.includes(key)))
  return select(namespace, rest).filter(({ labels }) => given.every(key => labels[key] === undefined))
}

function toService(manifest: Manifest, select: Objects['select'], parts: Parts): ServiceObject | null {
  if (isCoreService(manifest)) {
    const alone = parts.of('service as written', manifest, [], () => readService(manifest))
    const workloads = alone.selector ? selected(alone.namespace, alone.selector, select) : []
    return parts.of('service', manifest, [alone, ...workloads], () => ({ ...alone, workloads }))
  }
  // Knative and edge services answer to their own name.
  if (manifest.kind !== 'EdgeService' && !(manifest.kind === 'Service' && manifest.group === 'serving.knative.dev'))
    return null
  return parts.of('service', manifest, [], () => {
    const own = workloadOf(manifest)
    const containers = isEdgeService(manifest)
      ? [objectAt(manifest.value, 'spec')]
      : own
        ? listAt(manifest.value, ...own.template, 'spec', 'containers')
        : []
    return {
      manifest,
      namespace: manifest.namespace ?? '',
      name: manifest.name,
      type: manifest.kind,
      ports: containers.flatMap(container =>
        listAt(container, 'ports').map(port => ({ port: numberAt(port, 'containerPort') ?? 80 })),
      ),
      selector: null,
      workloads: own ? [own] : [],
    }
  })
}

function readService(manifest: Manifest): Omit<ServiceObject, 'workloads'> {
  const spec = objectAt(manifest.value, 'spec')
  const type = textAt(spec, 'type') ?? 'ClusterIP'
  const labels = textsAt(spec, 'selector')
  const selector = Object.keys(labels).length > 0 && type !== 'ExternalName' ? labels : null
  const externalName = type === 'ExternalName' ? textAt(spec, 'externalName') : undefined
  return {
    manifest,
    namespace: manifest.namespace ?? '',
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
  }
}
