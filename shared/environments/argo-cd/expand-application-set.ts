import type { Finding } from '../../topology/topology.ts'
import { findingAt } from '../helm/render-release.ts'
import type { KustomizeReader } from '../kustomize/kustomization-files.ts'
import { readInnerTrees } from '../kustomize/read-tree.ts'
import { nameIn } from '../kustomize/resource.ts'
import { isMapping, isTrue, itemsIn, type Mapping, type Scalar, textIn, textScalar, treeAt } from '../kustomize/tree.ts'
import type { BuiltObject } from '../part.ts'
import { mappingIn } from '../trees.ts'
import { fillTemplate, overlay } from './fill-template.ts'
import { type Generated, generateParameters } from './generate-parameters.ts'

/** The Applications that an ApplicationSet makes, as far as the files say which. */
export function expandApplicationSet(
  reader: KustomizeReader,
  set: BuiltObject,
): { readonly applications: readonly BuiltObject[]; readonly findings: readonly Finding[] } {
  const { tree } = set
  const spec = treeAt(tree, ['spec'])
  const template = mappingIn(spec, 'template')
  const goTemplate = isTrue(treeAt(spec, ['goTemplate']))
  const name = nameIn(tree)
  const findings: Finding[] = []
  if (!template) return { applications: [], findings }
  const generated = itemsIn(spec, 'generators').flatMap(generator =>
    generateParameters(generator, {
      reader,
      goTemplate,
      unresolved: (kind, origin) => {
        const params = { name, generator: kind, file: origin.source.file, line: origin.source.lineAt(origin.at) }
        findings.push(findingAt({ key: 'gitops.generator', params }, origin, 'info'))
      },
    }),
  )
  const said = new Set<string>()
  const fill = (one: Generated): BuiltObject => {
    const own = one.template ? overlay(template, one.template) : template
    let filled: Mapping = fillTemplate(own, one.parameters, goTemplate, ({ name: parameter, at }) => {
      if (said.has(parameter)) return
      said.add(parameter)
      const params = { name, parameter, file: at.origin.source.file, line: at.origin.source.lineAt(at.origin.at) }
      findings.push(findingAt({ key: 'gitops.noParameter', params }, at.origin, 'warning'))
    })
    const patch = treeAt(spec, ['templatePatch'])
    if (patch?.type === 'scalar') filled = overlay(filled, patchOf(patch, one, goTemplate))
    const entries = new Map(filled.entries)
    entries.set('apiVersion', textScalar('argoproj.io/v1alpha1', template.origin))
    entries.set('kind', textScalar('Application', template.origin))
    return {
      tree: { ...filled, entries, origin: tree.origin },
      names: [textIn(filled, 'metadata', 'name') ?? ''],
      sites: set.sites,
    }
  }
  return { applications: generated.map(fill), findings }
}

function patchOf(patch: Scalar, one: Generated, goTemplate: boolean): Mapping {
  const filled = fillTemplate(patch, one.parameters, goTemplate, () => undefined)
  const read = readInnerTrees(filled.text, patch.origin, false, 'template')
  const tree = 'documents' in read ? read.documents[0] : undefined
  return isMapping(tree) ? tree : { type: 'map', entries: new Map(), origin: patch.origin }
}
