import { AppError } from '../../../shared/errors.ts'
import type { LiveObject } from '../../../shared/health/health.ts'
import { objectAt, textAt } from '../../../shared/manifests/manifest.ts'
import type { ActionPlan, GateRequest, PatchStep } from '../../../shared/rollouts/actions.ts'
import type { Cluster } from '../../needs/cluster.ts'

/** The name our changes carry in `managedFields`. */
const fieldManager = 'pilothouse'

/** Carries a plan out. Rejects what the cluster rejects: `forbidden`, `conflict`, `refused-by-rule` of its context … */
export async function carryOut(plan: ActionPlan, cluster: Cluster, signal: AbortSignal): Promise<void> {
  if (plan.kind === 'patch') {
    if (plan.first) await moveGate(plan.first, cluster, signal)
    for (const step of plan.patches) await patch(step, cluster, signal)
  } else if (plan.kind === 'gate') await moveGate(plan, cluster, signal)
}

async function patch(step: PatchStep, cluster: Cluster, signal: AbortSignal): Promise<void> {
  const { group, kind, namespace, name, subresource, body, whole } = step
  const object = { group, kind, namespace, name }
  try {
    await cluster.patch(object, { type: 'merge', body, fieldManager, ...(subresource && { subresource }) }, signal)
  } catch (error) {
    // A server without the status subresource says that it is not found, and takes both in one.
    if (!whole || !(error instanceof AppError) || error.code !== 'not-found') throw error
    await cluster.patch(object, { type: 'merge', body: whole, fieldManager }, signal)
  }
}

/**
 * Opens or closes a gate of Flagger's load tester as its documentation does: a request from within one of its Pods, since its
 * Service takes only GET through the API server.
 */
async function moveGate(
  { namespace, service, path, body }: GateRequest,
  cluster: Cluster,
  signal: AbortSignal,
): Promise<void> {
  const of = await cluster.get({ group: '', kind: 'Service', namespace, name: service }, signal)
  const labelSelector = Object.entries(objectAt(of, 'spec', 'selector'))
    .map(([label, value]) => `${label}=${String(value)}`)
    .join(',')
  const pods = await cluster.list({ kind: { group: '', kind: 'Pod' }, namespace, labelSelector }, signal)
  const pod = pods.find(isRunning)
  const name = textAt(pod, 'metadata', 'name')
  if (labelSelector === '' || name === undefined)
    throw new AppError('not-found', 'rollout.noTester', { service, namespace })
  const port = textAt(of, 'spec', 'ports', 0, 'targetPort') ?? '8080'
  const address = `http://localhost:${/^\d+$/.test(port) ? port : '8080'}${path}`
  await using process = await cluster.exec(
    { namespace, name },
    ['curl', '-sS', '--fail', '-d', JSON.stringify(body), address],
    {},
    signal,
  )
  const said: string[] = []
  for await (const { bytes } of process.output) said.push(new TextDecoder().decode(bytes))
  const exit = await process.exit
  if (exit.code !== 0)
    throw new AppError('refused-by-rule', 'rollout.gateFailed', {
      service,
      namespace,
      said: said.join('').trim().slice(0, 300) || String(exit.code),
    })
}

const isRunning = (pod: LiveObject): boolean =>
  textAt(pod, 'status', 'phase') === 'Running' && textAt(pod, 'metadata', 'deletionTimestamp') === undefined
