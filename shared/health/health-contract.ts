import { probeWords } from '../live/why-not-ready.ts'
import { isObject, type Json, listAt, objectAt, textAt } from '../manifests/manifest.ts'
import type { Message } from '../messages/index.ts'
import type { Workspace } from '../workspace-file/workspace-schema.ts'
import { type GrpcTarget, grpcTargetOf } from './grpc-health.ts'

export type DeclaredHealth = NonNullable<NonNullable<NonNullable<Workspace['services']>[string]>['health']>
export type HealthAspect = 'liveness' | 'readiness' | 'dependencies'
export const healthAspects: readonly HealthAspect[] = ['liveness', 'readiness', 'dependencies']

/** One question a service answers about its health. */
export type HealthQuestion = {
  readonly how: 'http' | 'grpc' | 'tcp' | 'exec'
  /** Number or name of a port; empty for a command. */
  readonly port: string
  /** Of HTTP. */
  readonly path: string
  /** Of gRPC: what is asked about; the whole server when empty or absent. */
  readonly service?: string
  readonly tls: boolean
  /** As a person reads it: `GET :8080/healthz`. */
  readonly words: string
  /** Kubernetes asks it all the time; else only we do, when a person wants to know. */
  readonly probed: boolean
}

/** How a service tells its health, whatever it is written in. */
export type HealthContract = {
  readonly kind: DeclaredHealth['kind'] | 'none'
  /** `declared` in pilothouse.yaml, or `detected` in its manifest. */
  readonly origin: 'declared' | 'detected'
  readonly questions: { readonly [aspect in HealthAspect]: HealthQuestion | null }
  /** What follows from how it is set up, whatever the answers are. */
  readonly notes: readonly Message[]
  /** Where it is said, from the root of the workspace. */
  readonly file?: string
  readonly line?: number
}

/** What a service answered once. */
export type HealthAnswer = {
  readonly aspect: HealthAspect
  readonly pod: string
  readonly words: string
  /** Of HTTP; null where there was no answer. */
  readonly status: number | null
  /** What was said, where that is more than a status. */
  readonly said?: Message
  readonly verdict: 'up' | 'partly' | 'down' | 'unknown'
  /** The body says how it does; else only that something answers is known. */
  readonly meaningful: boolean
  readonly components: readonly HealthComponent[]
  readonly problem: Message | null
  /** ISO 8601. */
  readonly asOf: string
}
export type HealthComponent = {
  readonly name: string
  readonly verdict: HealthAnswer['verdict']
  readonly said: string
}

/** One service on the health screen. */
export type ServiceHealth = {
  readonly node: string
  readonly state: 'down' | 'degraded' | 'starting' | 'unknown' | 'healthy'
  readonly contract: HealthContract
  readonly aspects: { readonly [aspect in HealthAspect]: AspectHealth }
  readonly answers: readonly HealthAnswer[]
  /** Null where its cluster is not known. */
  readonly running: { readonly ready: number; readonly desired: number | null; readonly restarts: number } | null
}
export type AspectHealth = {
  readonly state: 'pass' | 'fail' | 'partly' | 'unknown' | 'silent'
  /** What that rests on, in one sentence. */
  readonly message: Message
}

const probeOf = (container: Json | undefined, name: string): HealthQuestion | null => {
  const probe = objectAt(container ?? null, name)
  if (Object.keys(probe).length === 0) return null
  const words = probeWords(probe)
  const http = objectAt(probe, 'httpGet')
  if (Object.keys(http).length > 0)
    return {
      how: 'http',
      port: textAt(http, 'port') ?? '',
      path: textAt(http, 'path') ?? '/',
      tls: textAt(http, 'scheme')?.toUpperCase() === 'HTTPS',
      words,
      probed: true,
    }
  const grpc = grpcOf(probe, container)
  if (grpc) return { ...ofGrpc(grpc), probed: true }
  const how = isObject(probe['tcpSocket'] ?? null) ? 'tcp' : 'exec'
  return { how, port: textAt(probe, 'tcpSocket', 'port') ?? '', path: '', tls: false, words, probed: true }
}

/** Asked by Kubernetes itself, or by a program in the container. */
function grpcOf(probe: Json, container: Json | undefined): GrpcTarget | null {
  const grpc = objectAt(probe, 'grpc')
  if (Object.keys(grpc).length > 0)
    return { port: textAt(grpc, 'port') ?? '', service: textAt(grpc, 'service') ?? '', tls: false }
  const command = listAt(probe, 'exec', 'command').filter(item => typeof item === 'string')
  return grpcTargetOf(command, container)
}

const ofGrpc = ({ port, service, tls }: GrpcTarget): HealthQuestion => ({
  how: 'grpc',
  port,
  path: '',
  tls,
  words: `gRPC :${port}${service === '' ? '' : ` ${service}`}`,
  probed: false,
  ...(service !== '' && { service }),
})

const get = (port: string, path: string): HealthQuestion => ({
  how: 'http',
  port,
  path,
  tls: false,
  words: `GET :${port}${path}`,
  probed: false,
})

const actuator = /^(.*\/actuator\/health)(?:\/(?:liveness|readiness))?\/?$/

/**
 * The health contract of a workload: what people declared, else what its manifest shows. `workload` is the object as
 * it is declared or runs, `declared` what `pilothouse.yaml` says of the service.
 */
export function readHealthContract(workload: Json, declared?: DeclaredHealth): Omit<HealthContract, 'file' | 'line'> {
  const template = objectAt(workload, 'spec', 'template')
  const pod = Object.keys(template).length > 0 ? template : objectAt(workload)
  const containers = listAt(pod, 'spec', 'containers')
  const main =
    containers.find(item => Object.keys(objectAt(item, 'readinessProbe')).length > 0) ??
    containers.find(item => Object.keys(objectAt(item, 'livenessProbe')).length > 0) ??
    containers[0]
  const probed = { liveness: probeOf(main, 'livenessProbe'), readiness: probeOf(main, 'readinessProbe') }
  const firstPort = textAt(listAt(main ?? null, 'ports')[0], 'containerPort')
  const port =
    declared?.port !== undefined
      ? String(declared.port)
      : ([probed.readiness, probed.liveness].find(each => each?.how === 'http')?.port ?? firstPort ?? '8080')
  const grpcPort =
    declared?.port !== undefined
      ? String(declared.port)
      : ([probed.readiness, probed.liveness].find(each => each?.how === 'grpc')?.port ?? firstPort ?? '50051')
  const spring = [probed.readiness, probed.liveness].flatMap(each => actuator.exec(each?.path ?? '')?.[1] ?? [])[0]
  const dapr = textAt(pod, 'metadata', 'annotations', 'dapr.io/enabled') === 'true'
  const kind = declared?.kind ?? (spring !== undefined ? 'spring-actuator' : dapr ? 'dapr' : kindOf(probed))
  const said = (aspect: HealthAspect): HealthQuestion | null => {
    if (kind === 'grpc' && declared && aspect === 'readiness')
      return ofGrpc({ port: grpcPort, service: declared.service ?? '', tls: false })
    const path = declared?.[aspect]
    return path === undefined ? null : get(port, path)
  }
  const usual = usualQuestions(kind, port, spring)
  // What Kubernetes asks anyway is its own answer; a path that is declared says it is the one that counts.
  const questions = {
    liveness: sameQuestion(said('liveness'), probed.liveness) ?? usual.liveness,
    readiness: sameQuestion(said('readiness'), probed.readiness) ?? usual.readiness,
    dependencies: said('dependencies') ?? usual.dependencies,
  }
  return { kind, origin: declared ? 'declared' : 'detected', questions, notes: notesOn(questions) }
}

function kindOf(probed: { readonly [aspect: string]: HealthQuestion | null }): HealthContract['kind'] {
  const asked = Object.values(probed).flatMap(each => each ?? [])
  if (asked.length === 0) return 'none'
  if (asked.some(({ how }) => how === 'grpc')) return 'grpc'
  return asked.some(({ how }) => how === 'http') ? 'http' : 'kubernetes'
}

const sameQuestion = (said: HealthQuestion | null, probed: HealthQuestion | null): HealthQuestion | null =>
  said === null || (probed && sameThing(said, probed)) ? (probed ?? said) : said

const sameThing = (said: HealthQuestion, probed: HealthQuestion): boolean =>
  said.how === probed.how &&
  said.path === probed.path &&
  // A path is the same whatever the port is called.
  (said.how === 'http' || (said.port === probed.port && (said.service ?? '') === (probed.service ?? '')))

/** What services of a kind answer without being told to. Dapr's sidecar answers on its public port. */
function usualQuestions(
  kind: HealthContract['kind'],
  port: string,
  spring: string | undefined,
): HealthContract['questions'] {
  const none = { liveness: null, readiness: null, dependencies: null }
  if (kind === 'spring-actuator') {
    const base = spring ?? '/actuator/health'
    return {
      liveness: get(port, `${base}/liveness`),
      readiness: get(port, `${base}/readiness`),
      dependencies: get(port, base),
    }
  }
  if (kind === 'dapr')
    return { ...none, readiness: get('3501', '/v1.0/healthz'), dependencies: get('3501', '/v1.0/healthz/outbound') }
  return none
}

/** What follows from the set-up alone. */
function notesOn({ liveness, readiness, dependencies }: HealthContract['questions']): readonly Message[] {
  const notes: Message[] = []
  if (!readiness?.probed) notes.push({ key: 'live.noteNoReadiness' })
  if (!liveness?.probed) notes.push({ key: 'live.noteNoLiveness' })
  const same = (a: HealthQuestion | null, b: HealthQuestion | null) =>
    a !== null && b !== null && a.how === 'http' && a.path === b.path && a.port === b.port
  if (liveness?.probed && (same(liveness, dependencies) || actuatorWhole(liveness)))
    notes.push({ key: 'live.noteLivenessDepends', params: { question: liveness.words } })
  else if (liveness?.probed && readiness?.probed && same(liveness, readiness))
    notes.push({ key: 'live.noteSameQuestion', params: { question: liveness.words } })
  for (const question of [readiness, liveness])
    if (question?.probed && question.how === 'tcp') {
      notes.push({ key: 'live.noteOnlyPort', params: { question: question.words } })
      break
    }
  return notes
}
/** Spring's whole health has the database in it. */
const actuatorWhole = ({ path }: HealthQuestion): boolean => /\/actuator\/health\/?$/.test(path)
