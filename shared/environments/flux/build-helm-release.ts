import type { Finding } from '../../topology/topology.ts'
import { overlay } from '../argo-cd/fill-template.ts'
import { findingAt, renderRelease } from '../helm/render-release.ts'
import type { KustomizeReader } from '../kustomize/kustomization-files.ts'
import { lineOf, type Origin } from '../kustomize/origin.ts'
import { joinPath } from '../kustomize/paths.ts'
import { readInnerTrees } from '../kustomize/read-tree.ts'
import { renderKustomization } from '../kustomize/render-kustomization.ts'
import { nameIn, namespaceIn } from '../kustomize/resource.ts'
import {
  emptyMap,
  isMapping,
  isTrue,
  itemsIn,
  type Mapping,
  type Scalar,
  type Tree,
  textIn,
  textScalar,
  treeAt,
} from '../kustomize/tree.ts'
import { type BuiltObject, noPart, type Part, type Site } from '../part.ts'
import { remoteRelease } from '../remote-release.ts'
import { findingOf } from '../rendered-manifests.ts'
import { mappingIn } from '../trees.ts'
import { dataOf } from './build-kustomization.ts'
import { isOtherRepository, type Named } from './find-source.ts'

/** What a HelmRelease installs, where its chart lies in these files; else a finding that it does not. */
export function buildHelmRelease(reader: KustomizeReader, release: BuiltObject, named: Named): Part {
  const { tree } = release
  const spec = treeAt(tree, ['spec'])
  const file = tree.origin.source.file
  const findings: Finding[] = []
  const say = (
    key: 'gitops.chartElsewhere' | 'gitops.noValues',
    params: { readonly [name: string]: string },
    origin: Origin,
    severity: Finding['severity'],
  ) =>
    findings.push(
      findingAt({ key, params: { ...params, file: origin.source.file, line: lineOf(origin) } }, origin, severity),
    )
  const chartSpec = treeAt(spec, ['chart', 'spec']) ?? treeAt(namedChart(spec, named), ['spec'])
  const chart = treeAt(chartSpec, ['chart'])
  const kind = textIn(chartSpec, 'sourceRef', 'kind') ?? ''
  const isAway = isOtherRepository(kind, textIn(chartSpec, 'sourceRef', 'name') ?? '', file, named)
  const folder = chart && kind !== 'HelmRepository' && !isAway ? joinPath('.', textIn(chart) ?? '') : null
  const inline = [
    ...itemsIn(spec, 'valuesFrom').flatMap((reference): readonly Tree[] => {
      const source = named.find(
        textIn(reference, 'kind') ?? '',
        textIn(reference, 'name') ?? '',
        file,
        namespaceIn(tree),
      )
      const key = textIn(reference, 'valuesKey') ?? 'values.yaml'
      const text = source && dataOf(source).find(([name]) => name === key)?.[1]
      if (text) return valuesOf(text, textIn(reference, 'targetPath'))
      if (!isTrue(treeAt(reference, ['optional'])))
        say(
          'gitops.noValues',
          { name: nameIn(tree), about: `${textIn(reference, 'kind') ?? ''} ${textIn(reference, 'name') ?? ''}` },
          reference.origin,
          'warning',
        )
      return []
    }),
    ...(mappingIn(spec, 'values') ? [mappingIn(spec, 'values')!] : []),
  ]
  if (folder === null || reader.content(`${folder}/Chart.yaml`) === undefined) {
    const from = treeAt(spec, ['chartRef']) ?? chartSpec
    const repository = `${kind || (textIn(from, 'kind') ?? '–')}/${textIn(chartSpec, 'sourceRef', 'name') ?? textIn(from, 'name') ?? '–'}`
    say(
      'gitops.chartElsewhere',
      { name: nameIn(tree), chart: textIn(chart) ?? textIn(from, 'name') ?? '–', repository },
      chart?.origin ?? tree.origin,
      'info',
    )
    const version = textIn(chartSpec, 'version')
    const origin = chart?.origin ?? tree.origin
    const object = remoteRelease(release, {
      ...{ chart: textIn(chart) ?? nameIn(tree), version, values: inline, origin },
      sites: [{ kind: 'object', style: 'values', owner: release, path: ['spec', 'values'], chart: '' }],
    })
    return { ...noPart, objects: [object], findings, files: [file] }
  }
  const valuesFiles = [...itemsIn(chartSpec, 'valuesFiles'), treeAt(chartSpec, ['valuesFile'])].flatMap(entry => {
    const path = joinPath('.', textIn(entry) ?? '')
    return path === null || textIn(entry) === undefined ? [] : [path]
  })
  const target = treeAt(spec, ['targetNamespace'])
  const namespace = textIn(target) ?? namespaceIn(tree)
  const lead = textIn(target) === undefined ? '' : `${textIn(target)}-`
  const sites: readonly Site[] = [
    { kind: 'object', style: 'values', owner: release, path: ['spec', 'values'], chart: folder },
  ]
  const part = renderRelease(reader, {
    chart: folder,
    name: textIn(spec, 'releaseName') ?? `${lead}${nameIn(tree)}`,
    ...(namespace !== '' && { namespace: { text: namespace, ...(target && { origin: target.origin }) } }),
    files: valuesFiles,
    inline,
    parameters: [],
    sites,
  })
  const changed = itemsIn(spec, 'postRenderers').reduce<Part>(
    (before, _, index) => postRendered(reader, release, before, index),
    part,
  )
  return {
    ...changed,
    findings: [...findings, ...changed.findings],
    files: [...new Set([...part.files, file])].sort(),
  }
}

/** What a post-renderer makes of the objects: patches and images, as a kustomization has them. */
function postRendered(reader: KustomizeReader, release: BuiltObject, part: Part, index: number): Part {
  const path = ['spec', 'postRenderers', index, 'kustomize']
  const said = mappingIn(release.tree, ...path)
  if (!said) return part
  const { file } = said.origin.source
  const files = { get: reader.content, keys: reader.paths }
  const rendering = renderKustomization(files, '.', reader, {
    instead: { file, tree: said },
    objects: part.objects.map(({ tree }) => tree),
  })
  const sites: readonly Site[] = [
    { kind: 'object', style: 'flux', owner: release, path },
    ...(part.objects[0]?.sites ?? []),
  ]
  return {
    ...part,
    objects: rendering.objects.map((tree, at) => ({ tree, names: rendering.names[at] ?? [], sites })),
    findings: [...part.findings, ...rendering.problems.map(findingOf)],
  }
}

/** `chartRef` may name a HelmChart that names the chart. */
const namedChart = (spec: Tree | undefined, named: Named): Mapping | undefined =>
  textIn(spec, 'chartRef', 'kind') === 'HelmChart'
    ? named.find('HelmChart', textIn(spec, 'chartRef', 'name') ?? '', spec?.origin.source.file ?? '')
    : undefined

/** A text of values, or one value for a path. */
function valuesOf(text: Scalar, targetPath: string | undefined): readonly Tree[] {
  if (targetPath !== undefined)
    return [
      targetPath
        .split('.')
        .reduceRight<Tree>(
          (inner, step) => ({ type: 'map', entries: new Map([[step, inner]]), origin: text.origin }),
          textScalar(text.text, text.origin),
        ),
    ]
  const read = readInnerTrees(text.text, text.origin, text.block === true, 'value')
  if (!('documents' in read)) return []
  return [read.documents.filter(isMapping).reduce(overlay, emptyMap(text.origin))]
}
