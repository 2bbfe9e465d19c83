/** Who drives a progressive delivery. */
export type RolloutEngine =
  | 'argo-rollouts'
  | 'flagger'
  | 'istio'
  | 'gateway-api'
  | 'linkerd'
  | 'smi'
  | 'traefik'
  | 'contour'
  | 'nginx'
  | 'alb'
  | 'openshift'
  | 'apisix'
  | 'app-mesh'
  | 'knative'

/** How far a progressive delivery is. Weights are percent of the traffic that goes to what is new. */
export type RolloutStatus = {
  readonly engine: RolloutEngine
  /** `Canary` or `BlueGreen`; `ABTest` where requests are chosen and not counted; `Weights` where a route says it all. */
  readonly strategy: 'Canary' | 'BlueGreen' | 'ABTest' | 'Weights'
  /** In the engine's own words: `Progressing`, `Paused`, `Degraded`, `Promoting`… */
  readonly phase: string
  /** Steps done, from 0 to `steps`; null where there are none. */
  readonly step: number | null
  readonly steps: number | null
  /** What really goes to the new revision; null where only the cluster's ReplicaSets could tell. */
  readonly weight: number | null
  /** What the engine has asked for at this step. */
  readonly desiredWeight: number | null
  /** Revisions as the engine names them: pod template hashes, specs' hashes, Services. Null where it does not say. */
  readonly stable: string | null
  readonly canary: string | null
}
