import type { LiveObject } from '../../../../shared/health/health.ts'
import { numberAt, objectAt, textAt, valueAt } from '../../../../shared/manifests/manifest.ts'
import type { Controller, World } from '../simulation.ts'
import { createPod, updatedConditions } from './owning.ts'
import { isActive, isReady } from './pods.ts'

/** Runs as many Pods as a Job asks for, until as many have succeeded. */
export const jobs: Controller = {
  kinds: ['batch/Job'],
  reconcile(world: World, job: LiveObject): undefined {
    if (textAt(job, 'metadata', 'deletionTimestamp') !== undefined) return
    const name = textAt(job, 'metadata', 'name')!
    const wanted = numberAt(job, 'spec', 'completions') ?? 1
    const parallel = numberAt(job, 'spec', 'parallelism') ?? 1
    const succeeded = () =>
      world.owned('/Pod', job).filter(pod => textAt(pod, 'status', 'phase') === 'Succeeded').length
    const active = () => world.owned('/Pod', job).filter(isActive)
    const suspended = valueAt(job, ['spec', 'suspend']) === true
    const labels = { 'job-name': name, 'batch.kubernetes.io/job-name': name }
    for (let count = active().length; !suspended && count < Math.min(parallel, wanted - succeeded()); count++)
      createPod(world, job, objectAt(job, 'spec', 'template'), { generateName: `${name}-`, labels })
    const done = succeeded() >= wanted
    const finished = {
      type: 'Complete',
      status: 'True',
      reason: 'CompletionsReached',
      message: 'Reached expected number of succeeded pods',
    }
    world.report(
      'batch/Job',
      job,
      {
        startTime: textAt(job, 'status', 'startTime') ?? world.time(),
        active: active().length,
        ready: active().filter(isReady).length,
        succeeded: succeeded(),
        ...(done && {
          completionTime: textAt(job, 'status', 'completionTime') ?? world.time(),
          conditions: updatedConditions(job, [finished], world.time()),
        }),
      },
      'kube-controller-manager',
    )
  },
}
