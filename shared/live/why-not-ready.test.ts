import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import type { LiveObject } from '../health/health.ts'
import { translate } from '../messages/index.ts'
import { type Warning, withWarnings } from './pod-events.ts'
import { whyNotReady } from './why-not-ready.ts'

const pod = (status: string, spec = 'containers: [{name: web, image: "acme/web:1"}]', metadata = 'name: web-1') =>
  parse(`{kind: Pod, metadata: {${metadata}}, spec: {nodeName: m1, ${spec}}, status: {${status}}}`) as LiveObject
const say = (object: LiveObject, warnings: readonly Partial<Warning>[] = []) => {
  const why = whyNotReady(object)
  if (!why) return null
  const heard = withWarnings(
    why,
    warnings.map(each => ({ reason: '', message: '', count: 1, last: '', ...each })),
  )
  return translate('en', heard.message)
}
const waiting = (reason: string, message = '', more = '') =>
  pod(
    `phase: Pending, containerStatuses: [{name: web, image: "acme/web:1", ready: false, restartCount: 0, ${more} state: {waiting: {reason: ${reason}, message: ${JSON.stringify(message)}}}}]`,
  )
const running = (spec: string, restarts = 0) =>
  pod(
    `phase: Running, conditions: [{type: Ready, status: "False", reason: ContainersNotReady}], containerStatuses: [{name: web, ready: false, started: true, restartCount: ${restarts}, state: {running: {startedAt: now}}}]`,
    `containers: [{name: web, image: "acme/web:1", ${spec}}]`,
  )
const crashed = (terminated: string, restarts = 4) =>
  pod(
    `phase: Running, containerStatuses: [{name: web, ready: false, restartCount: ${restarts}, lastState: {terminated: {${terminated}}}, state: {waiting: {reason: CrashLoopBackOff, message: "back-off 5m0s restarting failed container"}}}]`,
    'containers: [{name: web, image: "acme/web:1", resources: {limits: {memory: 128Mi}}}]',
  )

describe('why a Pod is not ready', () => {
  test('one that is ready, or has ended well, has no reason', () => {
    expect(say(pod('phase: Running, conditions: [{type: Ready, status: "True"}]'))).toBeNull()
    expect(say(pod('phase: Succeeded'))).toBeNull()
  })

  test.each([
    [
      'failed to pull and unpack image "acme/web:1": failed to resolve reference "acme/web:1": acme/web:1: not found',
      'The image acme/web:1 does not exist in its registry.',
    ],
    [
      'rpc error: code = Unknown desc = Error response from daemon: manifest for acme/web:1 not found: manifest unknown',
      'The image acme/web:1 does not exist in its registry.',
    ],
    [
      'failed to authorize: failed to fetch anonymous token: unexpected status: 401 Unauthorized',
      'The registry refuses the image acme/web:1: a pull secret is missing or not valid.',
    ],
    [
      'Head "https://images.example/v2/": dial tcp: lookup images.example on 10.0.0.10:53: no such host',
      'The registry of the image acme/web:1 cannot be reached (lookup images.example on 10.0.0.10:53: no such host).',
    ],
    [
      'no match for platform in manifest: not found',
      'The image acme/web:1 has nothing for the processor of its machine.',
    ],
    [
      'toomanyrequests: You have reached your pull rate limit',
      'The image acme/web:1 cannot be pulled: the registry limits how often.',
    ],
  ])('image: %s', (message, sentence) => {
    expect(say(waiting('ErrImagePull', message))).toBe(sentence)
  })

  test('a back-off says nothing; the event before it does', () => {
    const object = waiting('ImagePullBackOff', 'Back-off pulling image "acme/web:1"')
    expect(say(object)).toBe('The image acme/web:1 cannot be pulled.')
    expect(
      say(object, [
        { reason: 'Failed', message: 'Failed to pull image "acme/web:1": rpc error: code = NotFound desc = not found' },
      ]),
    ).toBe('The image acme/web:1 does not exist in its registry.')
  })

  test('no machine can take it', () => {
    const unplaced = (message: string, reason = 'Unschedulable') =>
      say(
        pod(
          `phase: Pending, conditions: [{type: PodScheduled, status: "False", reason: ${reason}, message: ${JSON.stringify(message)}}]`,
        ),
      )
    expect(
      unplaced(
        '0/3 nodes are available: 1 Insufficient cpu, 2 node(s) had untolerated taint {a: b}. preemption: 0/3 nodes are available: 3 No preemption victims found.',
      ),
    ).toBe('No machine can take it: 1 Insufficient cpu, 2 node(s) had untolerated taint {a: b}.')
    expect(unplaced('persistentvolumeclaim "data" not found')).toBe(
      'The PersistentVolumeClaim data it mounts does not exist.',
    )
    expect(unplaced('0/3 nodes are available: pod has unbound immediate PersistentVolumeClaims.')).toBe(
      'A PersistentVolumeClaim it mounts has no volume yet.',
    )
    expect(unplaced('', 'SchedulingGated')).toContain('Scheduling gates')
  })

  test('crashes: memory, exit codes, what was said last, and credentials taken out', () => {
    expect(say(crashed('reason: OOMKilled, exitCode: 137'))).toBe(
      'Container web needs more memory than its limit of 128Mi and was killed (restarts: 4).',
    )
    expect(say(crashed('reason: Error, exitCode: 1, message: "panic: no database\\n"'))).toBe(
      'Container web ends with exit code 1 (restarts: 4): panic: no database.',
    )
    expect(say(crashed('reason: Error, exitCode: 1, message: "postgres://app:hunter2@db/x refused"'))).not.toContain(
      'hunter2',
    )
    expect(say(crashed('reason: Error, exitCode: 127'))).toContain('its command is not there')
    expect(say(crashed('reason: Error, exitCode: 137'))).toBe('Container web was killed (exit code 137, restarts: 4).')
    expect(say(crashed('reason: Completed, exitCode: 0'))).toContain('ends by itself without an error')
    expect(say(crashed(''))).toBe('Container web keeps ending (restarts: 4).')
  })

  test('configuration that is missing', () => {
    expect(say(waiting('CreateContainerConfigError', 'configmap "shop" not found'))).toBe(
      'Container web wants ConfigMap shop, which does not exist.',
    )
    expect(say(waiting('CreateContainerConfigError', "couldn't find key url in Secret prod/db"))).toBe(
      'Container web wants key url of Secret prod/db, which has no such key.',
    )
    expect(
      say(
        waiting(
          'RunContainerError',
          'failed to create shim task: OCI runtime create failed: exec: "serve": executable file not found in $PATH: unknown',
        ),
      ),
    ).toContain('Container web has no such command')
  })

  test('volumes and networks are told by events', () => {
    const object = waiting('ContainerCreating')
    expect(say(object)).toBe('It is being started.')
    expect(
      say(object, [
        { reason: 'FailedMount', message: 'MountVolume.SetUp failed for volume "tls" : secret "shop-tls" not found' },
      ]),
    ).toBe('Volume tls cannot be mounted: secret "shop-tls" not found.')
    expect(say(object, [{ reason: 'FailedCreatePodSandBox', message: 'plugin type="calico" failed' }])).toContain(
      'Its network could not be set up',
    )
  })

  test('probes: which one, and what it answered', () => {
    const probe = 'readinessProbe: {httpGet: {path: /ready, port: 8080}}'
    expect(say(running(probe))).toBe('Container web runs, and does not pass its readiness probe (GET :8080/ready).')
    const unhealthy = (message: string, last = '2026-01-01') => ({ reason: 'Unhealthy', message, last })
    expect(
      say(running(probe), [
        unhealthy('Liveness probe failed: old', '2025-01-01'),
        unhealthy('Readiness probe failed: HTTP probe failed with statuscode: 503'),
      ]),
    ).toBe('Container web runs, and does not pass its readiness probe: HTTP probe failed with statuscode: 503.')
    expect(
      say(running('readinessProbe: {grpc: {port: 9090}}', 2), [unhealthy('Liveness probe failed: command timed out')]),
    ).toContain('because its liveness probe fails: command timed out')
  })

  test('init containers, evictions, lost machines, gates, and the way out', () => {
    const init = (state: string) =>
      pod(
        `phase: Pending, initContainerStatuses: [{name: migrate, ready: false, restartCount: 2, ${state}}], containerStatuses: [{name: web, ready: false, restartCount: 0, state: {waiting: {reason: PodInitializing}}}]`,
        'initContainers: [{name: migrate, image: m}], containers: [{name: web, image: w}]',
      )
    expect(say(init('state: {running: {}}'))).toBe('It waits for its init container migrate.')
    expect(
      say(init('state: {waiting: {reason: CrashLoopBackOff}}, lastState: {terminated: {exitCode: 3, reason: Error}}')),
    ).toBe('Init container migrate ends with exit code 3 (restarts: 2).')
    expect(say(pod('phase: Failed, reason: Evicted, message: "The node was low on resource: memory."'))).toBe(
      'It was evicted from its machine: The node was low on resource: memory.',
    )
    expect(
      say(pod('phase: Running, conditions: [{type: Ready, status: "False", reason: NodeStatusUnknown}]')),
    ).toContain('Its machine m1 no longer reports')
    expect(
      say(
        pod(
          'phase: Running, conditions: [{type: Ready, status: "False"}, {type: acme.io/lb, status: "False"}], containerStatuses: [{name: web, ready: true, state: {running: {}}}]',
          'readinessGates: [{conditionType: acme.io/lb}], containers: [{name: web}]',
        ),
      ),
    ).toBe('The readiness gate acme.io/lb is not passed.')
    expect(say(pod('phase: Running', undefined, 'name: web-1, deletionTimestamp: now'))).toContain('on its way out')
  })

  test('nothing in the cluster can make it throw', () => {
    for (const status of ['', 'phase: 3', 'containerStatuses: [null, 3, {}]', 'conditions: {a: b}', 'phase: Pending'])
      expect(typeof say(pod(status))).toBe('string')
    expect(whyNotReady({})).not.toBeNull()
  })
})
