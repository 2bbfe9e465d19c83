import type { LiveObject } from '../../../shared/health/health.ts'
import { isObject, listAt, objectAt, textAt, valueAt } from '../../../shared/manifests/manifest.ts'
import { isReady } from './pod-container.ts'

export type PodAnswer = { readonly status: number; readonly contentType: string; readonly body: string }

const answer = (status: number, body: object): PodAnswer => ({
  status,
  contentType: 'application/json',
  body: JSON.stringify(body),
})

/**
 * What a sandbox container answers over HTTP: its probes' paths by how it does, Spring's Actuator where a probe or the
 * annotation `sandbox.pilothouse.dev/health: spring` says that it speaks that, and otherwise that it is a sandbox.
 */
export function answerAsPod(pod: LiveObject, path: string): PodAnswer {
  const ready = isReady(pod)
  const containers = listAt(pod, 'spec', 'containers')
  const probes = containers.flatMap(each =>
    ['readinessProbe', 'livenessProbe', 'startupProbe'].flatMap(probe => {
      const at = valueAt(each, [probe, 'httpGet', 'path'])
      return typeof at === 'string' ? [{ probe, path: at }] : []
    }),
  )
  const plain = path.replace(/[?#].*$/, '')
  const isSpring =
    textAt(pod, 'metadata', 'annotations', 'sandbox.pilothouse.dev/health') === 'spring' ||
    probes.some(each => each.path.startsWith('/actuator/'))
  if (isSpring && plain.startsWith('/actuator/health')) {
    const status = ready ? 'UP' : 'OUT_OF_SERVICE'
    if (plain.endsWith('/liveness')) return answer(200, { status: 'UP' })
    if (plain.endsWith('/readiness')) return answer(ready ? 200 : 503, { status })
    return answer(ready ? 200 : 503, {
      status,
      components: { db: { status }, diskSpace: { status: 'UP' }, ping: { status: 'UP' } },
      groups: ['liveness', 'readiness'],
    })
  }
  const probed = probes.find(each => each.path === plain)
  if (probed) {
    const good = probed.probe === 'livenessProbe' || ready
    return { status: good ? 200 : 503, contentType: 'text/plain', body: good ? 'ok' : 'not ready' }
  }
  if (plain === '/') {
    const images = containers.map(each => (isObject(each) ? (each['image'] ?? '') : ''))
    return answer(200, { sandbox: true, pod: objectAt(pod, 'metadata')['name'] ?? '', images })
  }
  return { status: 404, contentType: 'text/plain', body: 'sandbox: not found\n' }
}
