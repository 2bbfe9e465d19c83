import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { assessHealth } from './assess-health.ts'
import { explainObjects, readObjects } from './explain-objects.ts'
import type { HealthStatus, LiveObject } from './health.ts'

// Status blocks written after the API documentation of their kinds, with the health believed before they were tried.
// Conditions are written `Type=Status/Reason`; what else the object has is YAML in flow style.
const blocks = `
Suspended   argoproj.io/Rollout | | spec: {strategy: {blueGreen: {}}}, status: {phase: Paused, message: BlueGreenPause, controllerPause: true, pauseConditions: [{reason: BlueGreenPause}]}
Suspended   argoproj.io/Rollout | | spec: {strategy: {canary: {}}}, status: {phase: Paused, message: InconclusiveAnalysisRun, controllerPause: true, pauseConditions: [{reason: InconclusiveAnalysisRun}]}
Suspended   argoproj.io/Rollout | | spec: {strategy: {canary: {}}}, status: {phase: Paused, controllerPause: true, pauseConditions: [{reason: InconclusiveExperiment}]}
Degraded    argoproj.io/Rollout | | spec: {strategy: {canary: {}}}, status: {phase: Degraded, abort: true, message: "RolloutAborted: Rollout aborted update to revision 3"}
Progressing argoproj.io/Rollout | | spec: {strategy: {blueGreen: {}}}, status: {phase: Progressing, message: waiting for post-promotion analysis to complete}
Progressing argoproj.io/Rollout | | metadata: {generation: 7}, spec: {strategy: {canary: {}}}, status: {phase: Healthy, observedGeneration: "6"}
Unknown     argoproj.io/AnalysisRun | | status: {phase: Inconclusive}
Suspended   argoproj.io/Workflow | | spec: {suspend: true}, status: {phase: Running}
Degraded    argoproj.io/ApplicationSet | ErrorOccurred=True/ErrorOccurred ParametersGenerated=False/ErrorOccurred ResourcesUpToDate=False/ErrorOccurred |
Progressing argoproj.io/ApplicationSet | ErrorOccurred=False/ApplicationSetUpToDate ResourcesUpToDate=True RolloutProgressing=True/ApplicationSetModified |
Progressing flagger.app/Canary | Promoted=Unknown/Initializing | status: {phase: Initializing}
Suspended   flagger.app/Canary | Promoted=Unknown/Waiting | status: {phase: Waiting}
Suspended   flagger.app/Canary | Promoted=Unknown/WaitingPromotion | status: {phase: WaitingPromotion}
Progressing flagger.app/Canary | Promoted=Unknown/Terminating | status: {phase: Terminating}
Degraded    kustomize.toolkit.fluxcd.io/Kustomization | Ready=False/DependencyNotReady |
Progressing kustomize.toolkit.fluxcd.io/Kustomization | Reconciling=True/Progressing Ready=Unknown/Progressing |
Suspended   kustomize.toolkit.fluxcd.io/Kustomization | Ready=False/BuildFailed | spec: {suspend: true}
Degraded    helm.toolkit.fluxcd.io/HelmRelease | Ready=False/RollbackSucceeded Released=False/UpgradeFailed Remediated=True/RollbackSucceeded |
Degraded    helm.toolkit.fluxcd.io/HelmRelease | Stalled=True/RetriesExceeded Ready=False/InstallFailed Released=False/InstallFailed |
Degraded    helm.toolkit.fluxcd.io/HelmRelease | Ready=False/TestFailed Released=True/UpgradeSucceeded TestSuccess=False/TestFailed |
Degraded    source.toolkit.fluxcd.io/OCIRepository | Ready=False/VerificationError SourceVerified=False ArtifactInStorage=True/Succeeded |
Degraded    source.toolkit.fluxcd.io/Bucket | Ready=False/BucketOperationFailed FetchFailed=True/BucketOperationFailed |
Suspended   image.toolkit.fluxcd.io/ImageUpdateAutomation | Ready=True/Succeeded | spec: {suspend: true}
Degraded    gateway.networking.k8s.io/HTTPRoute | | status: {parents: [{parentRef: {name: a}, conditions: [{type: Accepted, status: "True"}]}, {parentRef: {name: b}, conditions: [{type: Accepted, status: "False", reason: NotAllowedByListeners}]}]}
Degraded    gateway.networking.k8s.io/TLSRoute | | status: {parents: [{parentRef: {name: a}, conditions: [{type: Accepted, status: "True"}, {type: ResolvedRefs, status: "False", reason: RefNotPermitted}]}]}
Degraded    gateway.networking.k8s.io/Gateway | Accepted=True/ListenersNotValid Programmed=True | status: {listeners: [{name: https, conditions: [{type: ResolvedRefs, status: "False", reason: InvalidCertificateRef}]}]}
Degraded    networking.istio.io/VirtualService | Reconciled=True | status: {validationMessages: [{type: {code: IST0101}, level: ERROR, message: Referenced host not found}]}
Degraded    networking.istio.io/ServiceEntry | | status: {validationMessages: [{level: ERROR, message: bad}]}
Healthy     networking.istio.io/VirtualService | | status: {validationMessages: [{level: WARNING, message: may be}]}
Degraded    /Pod | PodScheduled=True Ready=False | status: {phase: Pending, containerStatuses: [{name: m, ready: false, state: {waiting: {reason: InvalidImageName}}}]}
Degraded    /Pod | Ready=False | status: {phase: Pending, containerStatuses: [{name: m, ready: false, state: {waiting: {reason: SignatureValidationFailed}}}]}
Progressing /Pod | PodScheduled=False/SchedulingGated | status: {phase: Pending}
Degraded    serving.kserve.io/InferenceService | Ready=True PredictorReady=True | status: {modelStatus: {transitionStatus: BlockedByFailedLoad}}
Healthy     serving.kserve.io/InferenceService | Ready=True Stopped=False | status: {modelStatus: {transitionStatus: UpToDate}}
Healthy     serving.knative.dev/Revision | Active=False/NoTraffic ContainerHealthy=True Ready=True |
Progressing serving.knative.dev/Service | ConfigurationsReady=Unknown Ready=Unknown/RevisionMissing |
Degraded    promoter.argoproj.io/GitCommitStatus | Ready=True/ReconciliationSuccess | status: {environments: [{branch: env/dev, phase: failure}]}
Degraded    metrics.keptn.sh/Analysis | | status: {pass: false, state: Completed}
Degraded    kafka.strimzi.io/KafkaTopic | Ready=False/NotSupported |
Degraded    databases.spotahome.com/RedisFailover | | status: {state: NotHealthy}
Progressing kueue.x-k8s.io/Workload | QuotaReserved=False/Pending |
Healthy     cluster.x-k8s.io/Cluster | Available=True/Available RollingOut=False/NotRollingOut Remediating=False/NotRemediating Deleting=False/NotDeleting Paused=False/NotPaused | status: {phase: Provisioned}
Progressing cluster.x-k8s.io/MachineDeployment | Available=True MachinesUpToDate=False/NotUpToDate RollingOut=True/RollingOut Paused=False/NotPaused | status: {phase: ScalingUp}
Degraded    s3.aws.upbound.io/Bucket | Ready=True/Available Synced=False/ReconcileError |
Suspended   s3.aws.upbound.io/Bucket | Ready=True/Available Synced=False/ReconcilePaused |
Healthy     keda.sh/ScaledObject | Ready=True/ScaledObjectReady Active=False/ScalerNotActive Fallback=False/NoFallbackFound Paused=Unknown |
Degraded    longhorn.io/Volume | Restore=False | status: {state: attached, robustness: degraded}
Healthy     example.org/Restored | Ready=True | status: {history: [{phase: Failed}], lastAttempt: {state: error}}
`
  .trim()
  .split('\n')

const conditionIn = (text: string): LiveObject => {
  const [, type = '', status = '', reason = ''] = /^(\w+)=(\w+)\/?(.*)$/.exec(text) ?? []
  return { type, status, reason, message: '' }
}

test.each(blocks)('%s', block => {
  const [head = '', conditions = '', rest = ''] = block.split(/ ?\| ?/)
  const [health, of = ''] = head.split(/\s+/)
  const [group = '', kind = ''] = of.split('/')
  const object = parse(`{${rest}}`) as { readonly status?: LiveObject }
  const told = conditions.split(' ').filter(text => text !== '')
  const status = { ...(told.length > 0 && { conditions: told.map(conditionIn) }), ...object.status }
  const whole: LiveObject = { apiVersion: group === '' ? 'v1' : `${group}/v1`, kind, ...object, status }
  expect(assessHealth(whole).health satisfies HealthStatus).toBe(health)
})

test('a Pod whose image has no valid name is told so, and not that it waits for a machine', () => {
  const [told] = explainObjects(
    readObjects(
      'pod.yaml',
      '{kind: Pod, apiVersion: v1, status: {phase: Pending, conditions: [{type: PodScheduled, status: "True"}], containerStatuses: [{name: m, image: "Acme/Web:1", state: {waiting: {reason: InvalidImageName}}}]}}',
    ),
  )
  expect(told?.why).toContain('Acme/Web:1')
})

test("quoted values whose later lines are no further in than their key are read, as Go's parser reads them", () => {
  const pasted = `
kind: Widget
status:
  conditions:
    - type: Ready
      message: '0/3 are available: 3 didn''t match
      the constraint.'
      reason: Unschedulable
      status: "False"
    - type: Other
      message: "one \\"two\\"
      three"
      status: "True"
`
  expect(explainObjects(readObjects('widget.yaml', pasted))).toMatchObject([
    { health: 'Degraded', message: "0/3 are available: 3 didn't match the constraint." },
  ])
  expect(() => readObjects('open.yaml', "a: 'never\nclosed: 1\n")).toThrow(/open\.yaml:/)
})
