import type { LiveObject } from '../../../../shared/health/health.ts'
import { listAt, numberAt, textAt } from '../../../../shared/manifests/manifest.ts'
import { setAt } from '../fields/json.ts'
import type { Controller, World } from '../simulation.ts'
import { replicasOf, statusCount } from './deployments.ts'
import { updatedConditions } from './owning.ts'

const every = 15_000

/** Keeps what an autoscaler aims at within its bounds, by a load that moves a little. */
export const autoscalers: Controller = {
  kinds: ['autoscaling/HorizontalPodAutoscaler'],
  reconcile(world: World, scaler: LiveObject): number | undefined {
    const namespace = textAt(scaler, 'metadata', 'namespace')!
    const kind = `${(textAt(scaler, 'spec', 'scaleTargetRef', 'apiVersion') ?? '').replace(/\/?[^/]*$/, '')}/${textAt(scaler, 'spec', 'scaleTargetRef', 'kind') ?? ''}`
    const name = textAt(scaler, 'spec', 'scaleTargetRef', 'name') ?? ''
    const target = world.get(kind, namespace, name)
    const conditions = (able: boolean) =>
      updatedConditions(
        scaler,
        [
          able
            ? {
                type: 'AbleToScale',
                status: 'True',
                reason: 'ReadyForNewScale',
                message: 'recommended size matches current size',
              }
            : {
                type: 'AbleToScale',
                status: 'False',
                reason: 'FailedGetScale',
                message: `the HPA controller was unable to get the target's current scale: ${name} not found`,
              },
        ],
        world.time(),
      )
    const report = (status: LiveObject) =>
      world.report('autoscaling/HorizontalPodAutoscaler', scaler, status, 'kube-controller-manager')
    if (!target) {
      report({ currentReplicas: 0, desiredReplicas: 0, conditions: conditions(false) })
      return world.now() + every
    }
    const current = replicasOf(target)
    const least = numberAt(scaler, 'spec', 'minReplicas') ?? 1
    const most = numberAt(scaler, 'spec', 'maxReplicas') ?? current
    const desired = Math.min(most, Math.max(least, current))
    if (desired !== current) {
      world.replace(kind, setAt(target, ['spec', 'replicas'], desired), 'kube-controller-manager')
      const message = `New size: ${desired}; reason: Current number of replicas ${desired > current ? 'below Spec.MinReplicas' : 'above Spec.MaxReplicas'}`
      world.event(scaler, 'Normal', 'SuccessfulRescale', message, 'horizontal-pod-autoscaler')
    }
    const load = Math.round(48 + 6 * Math.sin(world.now() / 97_000))
    report({
      observedGeneration: numberAt(scaler, 'metadata', 'generation') ?? 1,
      currentReplicas: statusCount(target, 'replicas') || current,
      desiredReplicas: desired,
      currentMetrics: listAt(scaler, 'spec', 'metrics').map(metric => ({
        type: textAt(metric, 'type') ?? 'Resource',
        resource: {
          name: textAt(metric, 'resource', 'name') ?? 'cpu',
          current: { averageUtilization: load, averageValue: `${load * 2}m` },
        },
      })),
      conditions: conditions(true),
    })
    return world.now() + every
  },
}
