import type { LiveObject } from '../health/health.ts'
import { objectAt, textAt } from '../manifests/manifest.ts'

/**
 * Who says to own a live object by the mark it left there, such as `Kustomization flux-system/shop`: all that is known
 * where an engine's own objects may not be read, or are in another cluster. Null where there is none.
 * https://fluxcd.io/flux/components/kustomize/kustomizations/ (labels),
 * https://argo-cd.readthedocs.io/en/stable/user-guide/resource_tracking/
 */
export function engineMark(live: LiveObject): string | null {
  const metadata = objectAt(live, 'metadata')
  const labels = objectAt(metadata, 'labels')
  for (const [group, kind] of [
    ['kustomize.toolkit.fluxcd.io', 'Kustomization'],
    ['helm.toolkit.fluxcd.io', 'HelmRelease'],
  ] as const) {
    const name = textAt(labels, `${group}/name`)
    if (name !== undefined) return `${kind} ${textAt(labels, `${group}/namespace`) ?? ''}/${name}`
  }
  // `shop:apps/Deployment:prod/web`, with the namespace of the Application before its name where that is not the usual.
  const tracked = textAt(metadata, 'annotations', 'argocd.argoproj.io/tracking-id')?.split(':')[0]
  const labelled = textAt(labels, 'argocd.argoproj.io/instance')
  const application = tracked || labelled
  return application ? `Application ${application.replace('_', '/')}` : null
}
