import { fileAt, listAt, type Manifest, type Path, textAt, textsAt } from '../manifests/manifest.ts'
import { type Call, classOf, protocolOf } from './call.ts'
import { ALONE } from './confidence.ts'
import { referencesOfPair } from './find-references.ts'
import { type Objects, sameNamespace, type Workload } from './index-objects.ts'
import type { DraftNode, NodeBook } from './name-nodes.ts'
import { containerPaths } from './read-containers.ts'
import { readVariables, type Variable } from './read-variables.ts'
import { protocolOfPort, protocolOfScheme } from './recognise-technology.ts'
import { redact } from './redact.ts'
import { resolveHost } from './resolve-host.ts'
import type { NodeKind } from './topology.ts'

/** True for an object of Dapr that {@link daprCalls} reads. */
export const isDapr = ({ group, kind }: Manifest): boolean =>
  group === 'dapr.io' && (kind === 'Component' || kind === 'Subscription' || kind === 'Configuration')

/** What a component is to those who use it; undefined for what is no other system (middleware, a clock, secrets). */
export function kindOfComponent(manifest: Manifest): NodeKind | undefined {
  const type = textAt(manifest.value, 'spec', 'type') ?? ''
  if (type.startsWith('pubsub.')) return 'queue'
  if (/^(state|lock|configuration)\./.test(type)) return 'datastore'
  return type.startsWith('bindings.') && type !== 'bindings.cron' ? 'external' : undefined
}

/** The id a workload is invoked by through Dapr, where its sidecar is on. */
export function appIdOf({ manifest, template }: Workload): string | undefined {
  const annotations = textsAt(manifest.value, ...template, 'metadata', 'annotations')
  return annotations['dapr.io/enabled'] === 'false' ? undefined : annotations['dapr.io/app-id']
}

/** Where a Configuration says the sidecars' traces go. */
const tracing: readonly Path[] = ['zipkin', 'otel'].map(kind => ['spec', 'tracing', kind, 'endpointAddress'])

/** Variables that tell a program which component to use: `PUBSUB_NAME=order-pub-sub`. */
function namingVariables(objects: Objects, workload: Workload, component: string): readonly Variable[] {
  return containerPaths(workload).flatMap(({ path }) =>
    [...readVariables(objects, workload, path).values()].filter(
      ({ name, value, evidence }) => value === component && evidence.length > 0 && namesComponents.test(name),
    ),
  )
}
const namesComponents = /pub_?sub|state|store|binding|component|dapr|queue|broker/i

/**
 * Calls through Dapr: a component and what it keeps its state in (class `backing`); the apps a component or a
 * subscription is scoped to; the callers an app's access control names; where the sidecars send their traces. A
 * component that is scoped to nobody may be used by all: that is weak, unless there is only one.
 */
export function daprCalls(objects: Objects, book: NodeBook, manifest: Manifest): readonly Call[] {
  const { value, kind } = manifest
  const calls: Call[] = []
  const apps = objects.workloads.flatMap(workload => {
    const id = appIdOf(workload)
    return id !== undefined && sameNamespace(workload.namespace, manifest.namespace ?? '') ? [{ id, workload }] : []
  })
  const add = (
    from: DraftNode,
    to: DraftNode,
    confidence: number,
    at: Path,
    rest: Pick<Call, 'protocol' | 'class'>,
    said: string,
  ) => {
    if (from === to) return
    const evidence = {
      kind: 'config' as const,
      file: fileAt(manifest, at),
      line: manifest.lineOf(at),
      detail: redact(said),
    }
    calls.push({ from, to, confidence, evidence: [evidence], ...rest })
  }
  const scoped = (list: Path) =>
    listAt(value, ...list).flatMap((id, index) =>
      apps.filter(app => app.id === id).map(({ workload }) => ({ workload, at: [...list, index] })),
    )

  if (kind === 'Component') {
    const kindOfNode = kindOfComponent(manifest)
    if (!kindOfNode) return []
    const component = book.middleman(manifest, kindOfNode)
    for (const [index, item] of listAt(value, 'spec', 'metadata').entries()) {
      const key = textAt(item, 'name') ?? ''
      const at: Path = ['spec', 'metadata', index, 'value']
      for (const reference of referencesOfPair(key, textAt(item, 'value') ?? '')) {
        const resolution = resolveHost(objects, reference.host, manifest.namespace ?? '')
        const said = `${manifest.name} ${key}: ${textAt(item, 'value')}`
        if (resolution.kind === 'service')
          for (const to of book.ofService(resolution.service))
            add(
              component,
              to,
              ALONE.value,
              at,
              {
                protocol: protocolOf(to, {
                  service: resolution.service,
                  ...(reference.port !== undefined && { port: reference.port }),
                }),
                class: 'backing',
              },
              said,
            )
        else if (resolution.kind === 'external' && reference.form === 'address') {
          const protocol = protocolOfScheme(reference.scheme) ?? protocolOfPort(reference.port) ?? 'tcp'
          add(
            component,
            book.external(resolution.host, protocol, reference.port),
            ALONE.value,
            at,
            { protocol, class: 'backing' },
            said,
          )
        }
      }
    }
    for (const { workload } of apps)
      for (const variable of namingVariables(objects, workload, manifest.name)) {
        const from = book.ofWorkload(workload)
        calls.push({
          from,
          to: component,
          confidence: ALONE.hinted,
          protocol: 'http',
          evidence: variable.evidence,
          class: classOf(from, component, {}),
        })
      }
    const scopes = scoped(['scopes'])
    const users =
      listAt(value, 'scopes').length > 0
        ? scopes
        : apps.map(({ workload }) => ({ workload, at: ['metadata', 'name'] as Path }))
    const confidence = scopes.length > 0 || apps.length === 1 ? ALONE.scoped : ALONE.sharedMap
    for (const { workload, at } of users) {
      const from = book.ofWorkload(workload)
      add(
        from,
        component,
        confidence,
        at,
        { protocol: 'http', class: classOf(from, component, {}) },
        `Component ${manifest.name} for ${appIdOf(workload)}`,
      )
    }
  } else if (kind === 'Subscription') {
    const name = textAt(value, 'spec', 'pubsubname')
    const component = objects.all.find(
      other => other.kind === 'Component' && other.group === 'dapr.io' && other.name === name,
    )
    if (!component || kindOfComponent(component) !== 'queue') return []
    const to = book.middleman(component, 'queue')
    for (const { workload, at } of scoped(['scopes'])) {
      const from = book.ofWorkload(workload)
      add(
        from,
        to,
        ALONE.value,
        at,
        { protocol: 'http', class: classOf(from, to, {}) },
        `Subscription ${manifest.name}: ${textAt(value, 'spec', 'topic')} of ${name}`,
      )
    }
  } else {
    const targets = apps.filter(
      ({ workload }) =>
        textAt(workload.manifest.value, ...workload.template, 'metadata', 'annotations', 'dapr.io/config') ===
        manifest.name,
    )
    for (const at of tracing)
      for (const { workload } of targets) {
        const from = book.ofWorkload(workload)
        for (const reference of referencesOfPair('endpoint', textAt(value, ...at) ?? '')) {
          const resolution = resolveHost(objects, reference.host, manifest.namespace ?? '')
          if (resolution.kind !== 'service') continue
          const { service } = resolution
          const speaking = { service, ...(reference.port !== undefined && { port: reference.port }) }
          for (const to of book.ofService(service))
            add(
              from,
              to,
              ALONE.value,
              at,
              { protocol: protocolOf(to, speaking), class: 'telemetry' },
              `Configuration ${manifest.name}: traces to ${reference.host}`,
            )
        }
      }
    const [target, other] = targets
    if (!target || other) return calls
    const to = book.ofWorkload(target.workload)
    for (const [index, policy] of listAt(value, 'spec', 'accessControl', 'policies').entries()) {
      const at: Path = ['spec', 'accessControl', 'policies', index, 'appId']
      const caller = apps.find(({ id }) => id === textAt(policy, 'appId'))
      if (!caller || (textAt(policy, 'defaultAction') === 'deny' && listAt(policy, 'operations').length === 0)) continue
      const from = book.ofWorkload(caller.workload)
      add(
        from,
        to,
        ALONE.policy,
        at,
        { protocol: 'http', class: classOf(from, to, {}) },
        `Configuration ${manifest.name} allows ${caller.id}`,
      )
    }
  }
  return calls
}
