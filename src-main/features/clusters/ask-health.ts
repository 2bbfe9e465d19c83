import { AppError, isCancelled } from '../../../shared/errors.ts'
import { readGrpcReply } from '../../../shared/health/grpc-health.ts'
import type { HealthAnswer, HealthContract, HealthQuestion } from '../../../shared/health/health-contract.ts'
import { healthAspects } from '../../../shared/health/health-contract.ts'
import { readHealthAnswer } from '../../../shared/health/read-health-answer.ts'
import type { LivePod } from '../../../shared/live/live.ts'
import { listAt, textAt } from '../../../shared/manifests/manifest.ts'
import type { Clock } from '../../needs/clock.ts'
import type { Cluster } from '../../needs/cluster.ts'

/** Pods of a service that are asked: enough to see that they differ. */
const mostPods = 3

/** Asks Pods of a service everything its contract can be asked: HTTP through the API server's proxy, gRPC through a port. */
export async function askHealth(
  cluster: Cluster,
  contract: HealthContract,
  pods: readonly LivePod[],
  clock: Clock,
  signal: AbortSignal,
): Promise<readonly HealthAnswer[]> {
  const running = pods.filter(({ over, phase }) => !over && phase === 'Running').slice(0, mostPods)
  const answers = await Promise.all(
    running.map(async pod => {
      const ports = await portsOf(cluster, pod, contract, signal)
      return await Promise.all(
        healthAspects.flatMap(aspect => {
          const question = contract.questions[aspect]
          return question?.how === 'http' || question?.how === 'grpc'
            ? [ask(cluster, pod, aspect, question, ports, clock, signal)]
            : []
        }),
      )
    }),
  )
  return answers.flat()
}

/** Numbers of the ports that the contract names by their name. */
async function portsOf(cluster: Cluster, pod: LivePod, contract: HealthContract, signal: AbortSignal) {
  const ports = new Map<string, string>()
  const named = Object.values(contract.questions).some(question => question && !/^\d*$/.test(question.port))
  if (!named) return ports
  const object = await cluster.get({ group: '', kind: 'Pod', namespace: pod.namespace, name: pod.name }, signal)
  for (const container of listAt(object, 'spec', 'containers'))
    for (const port of listAt(container, 'ports'))
      ports.set(textAt(port, 'name') ?? '', textAt(port, 'containerPort') ?? '')
  return ports
}

async function ask(
  cluster: Cluster,
  pod: LivePod,
  aspect: HealthAnswer['aspect'],
  question: HealthQuestion,
  ports: ReadonlyMap<string, string>,
  clock: Clock,
  signal: AbortSignal,
): Promise<HealthAnswer> {
  const { path, tls, words, service = '' } = question
  const port = ports.get(question.port) ?? question.port
  const about = { aspect, pod: pod.name, words, asOf: new Date(clock.now()).toISOString() }
  try {
    if (question.how === 'grpc') {
      if (!/^\d+$/.test(port)) throw new AppError('not-found', 'grpc.noPort', { what: words, port })
      const reply = await cluster.grpcHealth(pod, { port: Number(port), service, tls }, signal)
      return { ...about, status: null, problem: null, ...readGrpcReply(reply, question) }
    }
    const to = {
      kind: 'pods' as const,
      namespace: pod.namespace,
      // As the API server has it: the scheme stands before the name.
      name: tls ? `https:${pod.name}` : pod.name,
      port,
    }
    const answer = await cluster.proxyGet(to, path, signal)
    return { ...about, status: answer.status, problem: null, ...readHealthAnswer(answer) }
  } catch (error) {
    if (!(error instanceof AppError) || isCancelled(error)) throw error
    const problem = { key: error.key, params: error.params }
    return { ...about, status: null, verdict: 'unknown', meaningful: false, components: [], problem }
  }
}
