import type { JsonObject } from '../../../shared/manifests/manifest.ts'

/** group, versions (storage first), kind, plural, short names, subresources. */
const table: readonly (readonly [string, string, string, string, string, string])[] = [
  ['argoproj.io', 'v1alpha1', 'Rollout', 'rollouts', 'ro', 'status scale'],
  ['argoproj.io', 'v1alpha1', 'AnalysisTemplate', 'analysistemplates', 'at', ''],
  ['argoproj.io', 'v1alpha1', 'AnalysisRun', 'analysisruns', 'ar', ''],
  ['argoproj.io', 'v1alpha1', 'Application', 'applications', 'app apps', ''],
  ['flagger.app', 'v1beta1', 'Canary', 'canaries', '', 'status'],
  ['flagger.app', 'v1beta1', 'MetricTemplate', 'metrictemplates', '', 'status'],
  ['networking.istio.io', 'v1 v1beta1', 'VirtualService', 'virtualservices', 'vs', 'status'],
  ['networking.istio.io', 'v1 v1beta1', 'DestinationRule', 'destinationrules', 'dr', 'status'],
  ['gateway.networking.k8s.io', 'v1 v1beta1', 'Gateway', 'gateways', 'gtw', 'status'],
  ['gateway.networking.k8s.io', 'v1 v1beta1', 'HTTPRoute', 'httproutes', '', 'status'],
  ['kustomize.toolkit.fluxcd.io', 'v1', 'Kustomization', 'kustomizations', 'ks', 'status'],
  ['helm.toolkit.fluxcd.io', 'v2', 'HelmRelease', 'helmreleases', 'hr', 'status'],
  ['source.toolkit.fluxcd.io', 'v1', 'GitRepository', 'gitrepositories', 'gitrepo', 'status'],
]

const words = (text: string) => text.split(' ').filter(word => word !== '')

/** The definitions of the delivery tools' kinds, with no more of their schemas than says where a status may be written. */
export const customDefinitions: readonly JsonObject[] = table.map(
  ([group, versions, kind, plural, shortNames, subresources]) => ({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List`, shortNames: words(shortNames) },
      versions: words(versions).map((name, index) => ({
        name,
        served: true,
        storage: index === 0,
        schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
        subresources: {
          ...(subresources.includes('status') && { status: {} }),
          ...(subresources.includes('scale') && {
            scale: {
              specReplicasPath: '.spec.replicas',
              statusReplicasPath: '.status.HPAReplicas',
              labelSelectorPath: '.status.selector',
            },
          }),
        },
      })),
    },
  }),
)
