import { chartAt } from '../helm/find-charts.ts'
import { renderRelease } from '../helm/render-release.ts'
import type { Part } from '../part.ts'
import type { KustomizeReader } from './kustomization-files.ts'
import { isRemote, joinPath } from './paths.ts'
import { itemsIn, type Mapping, type Tree, textIn, treeAt } from './tree.ts'

/**
 * An entry of `helmCharts` of a chart that lies in the folder of charts (`helmGlobals.chartHome`), as `helm pull` puts
 * it there; undefined for one that does not. Hooks stay, as kustomize keeps them.
 */
export function inflateChart(reader: KustomizeReader, folder: string, tree: Mapping, entry: Tree): Part | undefined {
  const name = textIn(entry, 'name') ?? textIn(entry, 'chartName') ?? ''
  const home = joinPath(folder, textIn(tree, 'helmGlobals', 'chartHome') ?? textIn(entry, 'chartHome') ?? 'charts')
  const version = textIn(entry, 'version') ?? textIn(entry, 'chartVersion')
  const at = [`${home}/${name}`, `${home}/${name}-${version}/${name}`].find(path => chartAt(reader, path))
  if (name === '' || home === null || at === undefined) return undefined
  const files = [treeAt(entry, ['valuesFile']), treeAt(entry, ['values']), ...itemsIn(entry, 'additionalValuesFiles')]
    .map(file => textIn(file))
    .flatMap(file => (file === undefined || isRemote(file) ? [] : (joinPath(folder, file) ?? [])))
  const inline = treeAt(entry, ['valuesInline'])
  const namespace = treeAt(entry, ['namespace'])
  const text = textIn(namespace)
  return renderRelease(reader, {
    chart: at,
    name: textIn(entry, 'releaseName') ?? 'release-name',
    ...(text !== undefined && { namespace: { text, origin: namespace!.origin } }),
    files,
    inline: inline?.type === 'map' ? [inline] : [],
    parameters: [],
    sites: [],
  })
}
