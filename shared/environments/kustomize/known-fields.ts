/** Fields of a kustomization by their lower case: kustomize does not mind `nameprefix`. */
export const knownFields = new Map(
  [
    ...['apiVersion', 'kind', 'metadata', 'openapi', 'namePrefix', 'nameSuffix', 'namespace', 'commonLabels', 'labels'],
    ...['commonAnnotations', 'patchesStrategicMerge', 'patchesJson6902', 'patches', 'images', 'imageTags'],
    ...['replacements', 'replicas', 'vars', 'sortOptions', 'resources', 'components', 'crds', 'bases'],
    ...['configMapGenerator', 'secretGenerator', 'helmGlobals', 'helmCharts', 'helmChartInflationGenerator'],
    ...['generatorOptions', 'configurations', 'generators', 'transformers', 'validators', 'buildMetadata'],
  ].map(field => [field.toLowerCase(), field]),
)
