import type { LiveObject } from '../../../../shared/health/health.ts'
import { isObject, type Json, listAt, objectAt, textAt, valueAt } from '../../../../shared/manifests/manifest.ts'
import { sameValue } from '../../../../shared/yaml/yaml-value.ts'
import { selects } from '../selectors.ts'
import type { Controller, World } from '../simulation.ts'
import { ownerReference } from './owning.ts'
import { isActive, isReady } from './pods.ts'

const manager = 'kube-controller-manager'

/** Says which Pods are behind a Service, as Endpoints and as an EndpointSlice. */
export const endpoints: Controller = {
  kinds: ['/Service'],
  follows: {
    '/Pod': (world, pod) =>
      world
        .list('/Service', textAt(pod, 'metadata', 'namespace') ?? '')
        .filter(service => selects(objectAt(service, 'spec', 'selector'), objectAt(pod, 'metadata', 'labels'))),
  },
  reconcile(world: World, service: LiveObject): undefined {
    const selector = objectAt(service, 'spec', 'selector')
    if (Object.keys(selector).length === 0) return
    const namespace = textAt(service, 'metadata', 'namespace')!
    const name = textAt(service, 'metadata', 'name')!
    const pods = world
      .list('/Pod', namespace)
      .filter(
        pod =>
          isActive(pod) &&
          textAt(pod, 'status', 'podIP') !== undefined &&
          selects(selector, objectAt(pod, 'metadata', 'labels')),
      )
    const ports = listAt(service, 'spec', 'ports').map(port => ({
      ...(textAt(port, 'name') !== undefined && { name: textAt(port, 'name')! }),
      port: portNumber(port, pods[0]),
      protocol: textAt(port, 'protocol') ?? 'TCP',
    }))
    const target = (pod: LiveObject) => ({
      kind: 'Pod',
      namespace,
      name: textAt(pod, 'metadata', 'name')!,
      uid: textAt(pod, 'metadata', 'uid')!,
    })
    const addresses = (ready: boolean): Json[] =>
      pods
        .filter(pod => isReady(pod) === ready)
        .map(pod => ({
          ip: textAt(pod, 'status', 'podIP')!,
          nodeName: textAt(pod, 'spec', 'nodeName')!,
          targetRef: target(pod),
        }))
    const ready = addresses(true)
    const notReady = addresses(false)
    const subset = {
      ...(ready.length > 0 && { addresses: ready }),
      ...(notReady.length > 0 && { notReadyAddresses: notReady }),
      ports,
    }
    const labels = objectAt(service, 'metadata', 'labels')
    put(world, '/Endpoints', {
      metadata: { name, namespace, labels, ownerReferences: [ownerReference(service)] },
      subsets: pods.length > 0 ? [subset] : [],
    })
    put(world, 'discovery.k8s.io/EndpointSlice', {
      metadata: {
        name: `${name}-sandbox`,
        namespace,
        labels: { ...labels, 'kubernetes.io/service-name': name },
        ownerReferences: [ownerReference(service)],
      },
      addressType: 'IPv4',
      ports,
      endpoints: pods.map(pod => ({
        addresses: [textAt(pod, 'status', 'podIP')!],
        conditions: { ready: isReady(pod), serving: isReady(pod), terminating: false },
        nodeName: textAt(pod, 'spec', 'nodeName')!,
        targetRef: target(pod),
      })),
    })
  },
}

function portNumber(port: Json, pod: LiveObject | undefined): number {
  const target = valueAt(port, ['targetPort'])
  if (typeof target === 'number') return target
  const ports = listAt(pod, 'spec', 'containers').flatMap(each => listAt(each, 'ports'))
  const named = ports.find(each => textAt(each, 'name') === target)
  return Number(textAt(named, 'containerPort') ?? textAt(port, 'port') ?? 0)
}

function put(world: World, kind: string, object: LiveObject): void {
  const before = world.get(kind, textAt(object, 'metadata', 'namespace')!, textAt(object, 'metadata', 'name')!)
  if (!before) {
    world.create(kind, object, manager)
    return
  }
  const same = Object.entries(object).every(
    ([key, value]) => key === 'metadata' || (isObject(before) && sameValue(before[key], value)),
  )
  if (!same) world.replace(kind, { ...before, ...object, metadata: before['metadata']! }, manager)
}
