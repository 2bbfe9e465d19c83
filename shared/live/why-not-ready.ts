import { conditionsOf, countAt, type LiveObject } from '../health/health.ts'
import { type Json, listAt, objectAt, textAt, valueAt } from '../manifests/manifest.ts'
import type { Message, MessageKey } from '../messages/index.ts'
import { redact } from '../topology/redact.ts'

/** Events that say more than the Pod's own status does. */
export type Asks = 'mount' | 'probe' | 'pull' | 'start'

/**
 * Why a Pod is not ready. `rank` is from 0 to 100, the worst highest: what needs a person stands before what passes by
 * itself. `asks` names the events that may say it more exactly.
 */
export type Why = { readonly message: Message; readonly rank: number; readonly asks?: Asks }

const why = (rank: number, key: MessageKey, params: Message['params'] = {}, asks?: Asks): Why => ({
  message: { key, params },
  rank,
  ...(asks && { asks }),
})

/** One line of what a controller or a program said, without credentials, short enough to stand in a sentence. */
export function oneLine(text: string, most = 200): string {
  const line = redact(
    text
      .split('\n')
      .map(each => each.trim())
      .findLast(each => each !== '') ?? '',
  )
  // It stands at the end of a sentence that has its own full stop.
  return line.length > most ? `${line.slice(0, most - 1)}…` : line.replace(/\.+$/, '')
}
const firstLine = (text: string): string => oneLine(text.replaceAll('\n', ' '))

/**
 * Why a Pod does not do its work, from the Pod alone; null where it is ready, has ended well, or is nobody's loss.
 * Reasons are those of kubelet (`pkg/kubelet`), scheduler and controllers.
 */
export function whyNotReady(pod: LiveObject): Why | null {
  const reason = textAt(pod, 'status', 'reason') ?? ''
  const phase = textAt(pod, 'status', 'phase') ?? ''
  const conditions = conditionsOf(pod)
  if (phase === 'Succeeded') return null
  if (textAt(pod, 'metadata', 'deletionTimestamp') !== undefined) {
    const lost = conditions.find(({ type }) => type === 'Ready')?.reason === 'NodeStatusUnknown'
    return lost ? why(55, 'live.whyNodeLost', { node: nodeOf(pod) }) : why(10, 'live.whyTerminating')
  }
  if (phase === 'Failed') return whyFailed(pod, reason)
  const ready = conditions.find(({ type }) => type === 'Ready')
  if (ready?.status === 'True') return null
  if (reason === 'NodeLost' || ready?.reason === 'NodeStatusUnknown' || phase === 'Unknown')
    return why(85, 'live.whyNodeLost', { node: nodeOf(pod) })

  const scheduled = conditions.find(({ type }) => type === 'PodScheduled')
  if (scheduled?.status === 'False') return whyUnplaced(scheduled.reason, scheduled.message)
  const placed = scheduled?.status === 'True' || textAt(pod, 'spec', 'nodeName') !== undefined
  const begun = [...statuses(pod, 'initContainerStatuses'), ...statuses(pod, 'containerStatuses')].length > 0
  if (phase === 'Pending' && !placed && !begun) return why(15, 'live.whyPending')

  return whyContainers(pod) ?? whyGate(pod, conditions) ?? why(15, 'live.whyStarting', {}, 'start')
}

const nodeOf = (pod: LiveObject): string => textAt(pod, 'spec', 'nodeName') ?? ''

function whyFailed(pod: LiveObject, reason: string): Why {
  const said = firstLine(textAt(pod, 'status', 'message') ?? '')
  const told = said === '' ? '' : `: ${said}`
  if (reason === 'Evicted') return why(60, 'live.whyEvicted', { said: told })
  if (reason === 'Preempting' || reason === 'Preempted') return why(45, 'live.whyPreempted', { said: told })
  if (reason === 'NodeShutdown' || reason === 'Terminated' || reason === 'NodeLost')
    return why(40, 'live.whyNodeGone', { node: nodeOf(pod), said: told })
  if (reason === 'DeadlineExceeded') return why(60, 'live.whyDeadline', { said: told })
  const fell = [...statuses(pod, 'initContainerStatuses'), ...statuses(pod, 'containerStatuses')].find(
    item => countAt(item, ['state', 'terminated', 'exitCode'], 0) !== 0,
  )
  if (fell) return whyEnded(pod, fell, objectAt(fell, 'state', 'terminated'), false)
  return why(60, 'live.whyFailed', { reason: reason || 'Failed', said: told })
}

/** The scheduler's words: `0/3 nodes are available: 1 Insufficient cpu, … preemption: …`. */
function whyUnplaced(reason: string, message: string): Why {
  if (reason === 'SchedulingGated') return why(30, 'live.whyGated')
  const missing = /persistentvolumeclaim "([^"]+)" not found/.exec(message)
  if (missing) return why(88, 'live.whyClaimMissing', { claim: missing[1]! })
  if (/unbound immediate PersistentVolumeClaims/.test(message)) return why(80, 'live.whyClaimUnbound')
  if (/persistentvolumeclaim "([^"]+)" (is being deleted|bound to non-existent)/.test(message))
    return why(88, 'live.whyUnschedulable', { reason: firstLine(message) })
  const [, causes = message] = /nodes are available: ?([\s\S]*)/.exec(message) ?? []
  const short = firstLine(causes.replace(/\.?\s*(preemption|no new claims to deallocate)\b[\s\S]*$/, '')).replace(
    /\.$/,
    '',
  )
  return short === '' ? why(70, 'live.whyPending') : why(82, 'live.whyUnschedulable', { reason: short })
}

const statuses = (pod: LiveObject, field: string): readonly Json[] => listAt(pod, 'status', field)
const nameOf = (status: Json): string => textAt(status, 'name') ?? ''

function specOf(pod: LiveObject, name: string): Json | undefined {
  return [...listAt(pod, 'spec', 'initContainers'), ...listAt(pod, 'spec', 'containers')].find(
    item => textAt(item, 'name') === name,
  )
}

/** The worst of its containers. */
function whyContainers(pod: LiveObject): Why | null {
  const found: Why[] = []
  for (const status of statuses(pod, 'initContainerStatuses')) {
    const done = countAt(status, ['state', 'terminated', 'exitCode'], -1) === 0
    // A sidecar is an init container that stays.
    const stays = textAt(specOf(pod, nameOf(status)), 'restartPolicy') === 'Always'
    if (done || (stays && valueAt(status, ['started']) === true && valueAt(status, ['ready']) !== false)) continue
    const reason = whyContainer(pod, status, !stays)
    if (reason) found.push(reason)
    // Those behind it wait for it, and have nothing to say.
    if (!stays) return worst(found)
  }
  for (const status of statuses(pod, 'containerStatuses')) {
    if (valueAt(status, ['ready']) === true) continue
    const reason = whyContainer(pod, status, false)
    if (reason) found.push(reason)
  }
  return worst(found)
}

const worst = (found: readonly Why[]): Why | null =>
  found.reduce<Why | null>((most, each) => (most === null || each.rank > most.rank ? each : most), null)

const pullReasons =
  /^(ErrImagePull|ImagePullBackOff|ErrImagePullBackOff|InvalidImageName|ImageInspectError|ErrImageNeverPull|RegistryUnavailable|SignatureValidationFailed)$/

function whyContainer(pod: LiveObject, status: Json, init: boolean): Why | null {
  const container = nameOf(status)
  const waiting = objectAt(status, 'state', 'waiting')
  const reason = textAt(waiting, 'reason') ?? ''
  const message = textAt(waiting, 'message') ?? ''
  if (reason !== '') {
    const image = textAt(status, 'image') || (textAt(specOf(pod, container), 'image') ?? '')
    if (pullReasons.test(reason)) return whyImage(image, reason, message)
    if (reason === 'CreateContainerConfigError') return whyConfiguration(container, message)
    if (
      /^(CreateContainerError|RunContainerError|StartError|ContainerCannotRun|PostStartHookError|PreStartHookError|CreatePodSandboxError)$/.test(
        reason,
      )
    )
      return whyCannotStart(container, message || reason)
    if (reason === 'CrashLoopBackOff') {
      const last = objectAt(status, 'lastState', 'terminated')
      return whyEnded(pod, status, last, init)
    }
    if (reason === 'ContainerCreating' || reason === 'PodInitializing')
      return why(15, init ? 'live.whyInitRunning' : 'live.whyStarting', { container }, 'start')
    return why(50, 'live.whyWaiting', { container, reason, said: message === '' ? '' : `: ${firstLine(message)}` })
  }
  const ended = objectAt(status, 'state', 'terminated')
  if (Object.keys(ended).length > 0) return whyEnded(pod, status, ended, init)
  if (valueAt(status, ['state', 'running']) === undefined) return null
  if (init) return why(20, 'live.whyInitRunning', { container })
  return whyUnready(pod, status)
}

/** What registries and container runtimes answer, in classes that a person acts on differently. */
export function whyImage(image: string, reason: string, message: string): Why {
  if (reason === 'InvalidImageName') return why(95, 'live.whyImageName', { image })
  if (reason === 'ErrImageNeverPull') return why(95, 'live.whyImageNever', { image })
  const text = message.toLowerCase()
  const params = { image }
  if (/toomanyrequests|429|rate limit/.test(text)) return why(90, 'live.whyImageLimit', params)
  if (/no match for platform|no matching manifest for/.test(text)) return why(95, 'live.whyImagePlatform', params)
  if (/manifest unknown|not found|name_unknown|404/.test(text) && !/lookup .*no such host/.test(text))
    return why(95, 'live.whyImageMissing', params)
  if (/unauthorized|denied|authentication required|no basic auth|40[13]\b|forbidden/.test(text))
    return why(95, 'live.whyImageDenied', params)
  if (/no such host|timeout|connection refused|dial tcp|i\/o|x509|tls:|unreachable|eof/.test(text))
    return why(92, 'live.whyImageUnreachable', { image, said: lastClause(message) })
  const backOff = message === '' || /^back-off pulling image/i.test(message)
  return why(90, 'live.whyImage', { image, said: backOff ? '' : `: ${lastClause(message)}` }, 'pull')
}

/** Errors of registries are nested, the cause last. */
const lastClause = (message: string): string => {
  const line = firstLine(message)
  const parts = line.split(': ')
  return oneLine(parts.slice(-2).join(': '))
}

function whyConfiguration(container: string, message: string): Why {
  const key = /couldn't find key (\S+) in (ConfigMap|Secret) (\S+)/.exec(message)
  if (key) return why(94, 'live.whyKeyMissing', { container, key: key[1]!, kind: key[2]!, name: key[3]! })
  const absent = /(configmap|secret) "([^"]+)" not found/i.exec(message)
  if (absent) {
    const kind = absent[1]!.toLowerCase() === 'secret' ? 'Secret' : 'ConfigMap'
    return why(94, 'live.whyConfigMissing', { container, kind, name: absent[2]! })
  }
  return why(94, 'live.whyConfig', { container, said: firstLine(message) })
}

const whyCannotStart = (container: string, message: string): Why =>
  /executable file not found|no such file or directory/.test(message)
    ? why(93, 'live.whyNoCommand', { container, said: lastClause(message) })
    : why(93, 'live.whyCannotStart', { container, said: lastClause(message) })

/** A container that ended: how, and what it said last. `ended` may be empty where kubelet has forgotten. */
function whyEnded(pod: LiveObject, status: Json, ended: Json, init: boolean): Why {
  const container = nameOf(status)
  const restarts = countAt(objectAt(status), ['restartCount'], 0)
  const code = countAt(objectAt(ended), ['exitCode'], -1)
  const reason = textAt(ended, 'reason') ?? ''
  const message = oneLine(textAt(ended, 'message') ?? '', 160)
  const said = message === '' ? '' : `: ${message}`
  const params = { container, code, count: restarts, said }
  if (reason === 'OOMKilled') {
    const limit = textAt(specOf(pod, container), 'resources', 'limits', 'memory')
    return limit === undefined
      ? why(98, 'live.whyMemoryNode', { container, count: restarts })
      : why(98, 'live.whyMemory', { container, limit, count: restarts })
  }
  if (reason === 'ContainerCannotRun' || reason === 'StartError')
    return whyCannotStart(container, textAt(ended, 'message') ?? reason)
  if (code === -1) return why(96, 'live.whyCrashUnknown', { container, count: restarts })
  if (init) return why(97, 'live.whyInitCrash', params)
  if (code === 0) return why(75, 'live.whyEnds', { container, count: restarts })
  if (code === 126 || code === 127) return why(97, 'live.whyCrashCommand', params)
  if (code === 137) return why(96, 'live.whyKilled', params)
  return why(97, 'live.whyCrash', params)
}

/** It runs, and something says that it is not ready. */
function whyUnready(pod: LiveObject, status: Json): Why {
  const container = nameOf(status)
  const spec = specOf(pod, container)
  const restarts = countAt(objectAt(status), ['restartCount'], 0)
  const last = objectAt(status, 'lastState', 'terminated')
  if (textAt(last, 'reason') === 'OOMKilled') return whyEnded(pod, status, last, false)
  const starting = valueAt(status, ['started']) === false && valueAt(objectAt(spec), ['startupProbe']) !== undefined
  const probe = objectAt(spec, starting ? 'startupProbe' : 'readinessProbe')
  if (Object.keys(probe).length === 0)
    return restarts > 0 && Object.keys(last).length > 0
      ? { ...whyEnded(pod, status, last, false), asks: 'probe' }
      : why(18, 'live.whyStarting', { container }, 'start')
  const params = { container, probe: probeWords(probe), count: restarts }
  // Freshly started it may well be on its way; once it has been started again it is not.
  return why(restarts > 0 ? 65 : 52, starting ? 'live.whyStartupProbe' : 'live.whyReadinessProbe', params, 'probe')
}

/** `GET :8080/healthz`, `gRPC :9090`, `TCP :5432`, `pg_isready -U app`. */
export function probeWords(probe: Json): string {
  const http = objectAt(probe, 'httpGet')
  if (Object.keys(http).length > 0) return `GET :${textAt(http, 'port') ?? ''}${textAt(http, 'path') ?? '/'}`
  const grpc = objectAt(probe, 'grpc')
  if (Object.keys(grpc).length > 0) return `gRPC :${textAt(grpc, 'port') ?? ''}`
  const tcp = objectAt(probe, 'tcpSocket')
  if (Object.keys(tcp).length > 0) return `TCP :${textAt(tcp, 'port') ?? ''}`
  const command = listAt(probe, 'exec', 'command').filter(item => typeof item === 'string')
  return oneLine(command.join(' '), 60)
}

function whyGate(pod: LiveObject, conditions: ReturnType<typeof conditionsOf>): Why | null {
  for (const item of listAt(pod, 'spec', 'readinessGates')) {
    const type = textAt(item, 'conditionType') ?? ''
    const condition = conditions.find(each => each.type === type)
    if (condition?.status === 'True') continue
    const said = condition?.message ? `: ${firstLine(condition.message)}` : ''
    return why(52, 'live.whyReadinessGate', { gate: type, said })
  }
  return null
}
