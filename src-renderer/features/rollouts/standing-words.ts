import {
  CircleCheck,
  CirclePause,
  CircleX,
  Loader,
  type LucideIcon,
  Pause,
  Play,
  RotateCcw,
  SkipForward,
  SlidersHorizontal,
  StepForward,
  Undo2,
} from 'lucide-react'
import type { MessageKey } from '../../../shared/messages/index.ts'
import type { RolloutAction } from '../../../shared/rollouts/actions.ts'
import type { Rollout } from '../../../shared/rollouts/rollout.ts'
import type { RolloutEngine } from '../../../shared/rollouts/rollout-status.ts'
import type { Tone } from '../../design/index.ts'

type Look = { readonly word: MessageKey; readonly tone: Tone; readonly icon: LucideIcon }

export const standingLooks: { readonly [K in Rollout['standing']]: Look } = {
  failed: { word: 'rollout.standingFailed', tone: 'danger', icon: CircleX },
  waiting: { word: 'rollout.standingWaiting', tone: 'warn', icon: CirclePause },
  moving: { word: 'rollout.standingMoving', tone: 'info', icon: Loader },
  done: { word: 'rollout.standingDone', tone: 'ok', icon: CircleCheck },
}

/** Proper nouns, the same in every language. */
export const engineNames: { readonly [K in RolloutEngine]: string } = {
  'argo-rollouts': 'Argo Rollouts',
  flagger: 'Flagger',
  istio: 'Istio',
  'gateway-api': 'Gateway API',
  linkerd: 'Linkerd',
  smi: 'SMI',
  traefik: 'Traefik',
  contour: 'Contour',
  nginx: 'ingress-nginx',
  alb: 'AWS Load Balancer',
  openshift: 'OpenShift',
  apisix: 'Apache APISIX',
  'app-mesh': 'AWS App Mesh',
  knative: 'Knative',
}

type ActionLook = { readonly word: MessageKey; readonly icon: LucideIcon; readonly danger?: true }
export const actionLooks: { readonly [K in RolloutAction]: ActionLook } = {
  promote: { word: 'rollout.promote', icon: StepForward },
  'promote-full': { word: 'rollout.promoteFull', icon: SkipForward },
  pause: { word: 'rollout.pause', icon: Pause },
  resume: { word: 'rollout.resume', icon: Play },
  abort: { word: 'rollout.abort', icon: Undo2, danger: true },
  retry: { word: 'rollout.retry', icon: RotateCcw },
  'set-weight': { word: 'rollout.setWeight', icon: SlidersHorizontal },
}
