import { isObject, type Manifest, type ManifestFile, type Path } from '../manifests/manifest.ts'
import type { ResourceRef } from '../manifests/resource-ref.ts'
import type { Message, MessageKey } from '../messages/index.ts'
import type { Finding } from '../topology/topology.ts'
import { KeptManifests } from './kept-manifests.ts'
import { isOwn, originAt } from './kustomize/find-owner.ts'
import { typeOf } from './kustomize/object-type.ts'
import { lineOf, type Origin } from './kustomize/origin.ts'
import type { KustomizeProblem } from './kustomize/problem.ts'
import type { Rendering } from './kustomize/render-kustomization.ts'
import { type Mapping, type Scalar, type Tree, textIn, toJson, treeAt } from './kustomize/tree.ts'
import type { Part } from './part.ts'

/**
 * What a kustomization makes, as the files it is from would hold it: each object stands in the file that declares it,
 * and each of its values says the file and line it is really written at.
 */
export function renderedManifests(rendering: Rendering, kept = new KeptManifests()): readonly ManifestFile[] {
  let files = known.get(rendering)
  if (!files) {
    files = filesOfRendering(rendering, kept)
    known.set(rendering, files)
  }
  return files
}
const known = new WeakMap<Rendering, readonly ManifestFile[]>()

function filesOfRendering(rendering: Rendering, kept: KeptManifests): ManifestFile[] {
  const manifests = rendering.objects.map(object => {
    const { file } = object.origin.source
    // An object that is here as its file has it is edited there; any other one in its kustomization.
    const by = isAsWritten(rendering, object) ? file : rendering.file
    return kept.of(`${rendering.file} ${by}`, object, () => manifestOf(object, { file: by }))
  })
  return filesOf(manifests, rendering.problems.map(findingOf))
}

/** The same of an environment that several tools make: its objects are edited through the environment. */
export function manifestsOfPart(part: Part, environment: string, kept = new KeptManifests()): ManifestFile[] {
  const manifests = part.objects.map(({ tree }) =>
    kept.of(environment, tree, () => manifestOf(tree, { file: tree.origin.source.file, environment })),
  )
  return filesOf(manifests, part.findings)
}

function filesOf(manifests: readonly (Manifest | null)[], findings: readonly Finding[]): ManifestFile[] {
  const byFile = new Map<string, { manifests: Manifest[]; findings: Finding[] }>()
  const at = (file: string) => {
    const known = byFile.get(file) ?? { manifests: [], findings: [] }
    byFile.set(file, known)
    return known
  }
  for (const manifest of manifests) if (manifest) at(manifest.file).manifests.push(manifest)
  for (const finding of findings) at(finding.file ?? '').findings.push(finding)
  return [...byFile].map(([path, { manifests, findings }]) => ({ path, role: 'manifests', manifests, findings }))
}

function manifestOf(object: Mapping, by: Pick<ResourceRef, 'file' | 'environment'>): Manifest | null {
  const value = toJson(object)
  const name = textIn(object, 'metadata', 'name') ?? textIn(object, 'metadata', 'generateName') ?? ''
  if (!isObject(value) || name === '') return null
  const { group, kind } = typeOf(object)
  const namespace = textIn(object, 'metadata', 'namespace')
  const { file } = object.origin.source
  const identity = { kind, ...(namespace !== undefined && namespace !== '' && { namespace }), name }
  return {
    file,
    ...identity,
    apiVersion: textIn(object, 'apiVersion') ?? '',
    group,
    value,
    ref: { ...by, ...identity },
    lineOf: (path?: Path) => lineOf(originAt(object, path)),
    fileOf: (path?: Path) => originAt(object, path).source.file,
    lineInText: (path: Path, line: number) => {
      const text = treeAt(object, path)
      const put = text?.type === 'scalar' && valueInLine(text, line)
      if (put) return lineOf(put)
      const origin = originAt(object, path)
      if (text?.type === 'scalar' && text.block) return lineInBlock(text, origin, line)
      // The text is a file as it is: a generator took it whole.
      const whole = origin.how === 'generator' && origin.at === 0 && !isKustomization(origin.source.file)
      return lineOf(origin) + (whole && text?.type === 'scalar' && text.text.includes('\n') ? line : 0)
    },
    fileInText: (path: Path, line: number) => {
      const text = treeAt(object, path)
      const put = text?.type === 'scalar' && valueInLine(text, line)
      return (put || originAt(object, path)).source.file
    },
  }
}

const isKustomization = (file: string): boolean => /(^|\/)kustomization(\.ya?ml)?$/i.test(file)

/** The file's line of a block's line; of a text that a template took from elsewhere, the line that took it. */
function lineInBlock({ text }: Scalar, origin: Origin, line: number): number {
  const exact = lineOf(origin) + line + 1
  if (origin.how !== 'template') return exact
  const before = text.split('\n', line).reduce((length, row) => length + row.length + 1, 0)
  const [first, last] = [0, 20].map(indent => origin.source.lineAt(origin.at + before + (line + 1) * indent))
  return exact >= first! && exact <= last! ? exact : first!
}

/** Where the first value that was put into a line (0-based) of a text is written; undefined where none was. */
function valueInLine({ text, parts = [] }: Scalar, line: number): Origin | undefined {
  let from = 0
  let at = 0
  for (const part of parts) {
    const found = text.indexOf(part.text, from)
    if (found < 0) continue
    for (; from < found; from += 1) if (text[from] === '\n') at += 1
    if (at === line) return part.origin
    if (at > line) return undefined
  }
  return undefined
}

/** Declared in a file that this kustomization names itself, and nothing changed any of its values. */
function isAsWritten(rendering: Rendering, object: Mapping): boolean {
  const { file } = object.origin.source
  if (!isOwn(rendering, object.origin) || file === rendering.file || rendering.names.length === 0) return false
  const isPlain = (tree: Tree): boolean => {
    if (tree.origin.source.file !== file || tree.origin.how !== 'resource') return false
    if (tree.type === 'list') return tree.items.every(isPlain)
    return tree.type !== 'map' || [...tree.entries.values()].every(isPlain)
  }
  return isPlain(object)
}

const sentences: { readonly [code in KustomizeProblem['code']]: MessageKey } = {
  remote: 'kustomize.remote',
  missing: 'kustomize.missing',
  outside: 'kustomize.outside',
  unreadable: 'kustomize.unreadable',
  empty: 'kustomize.empty',
  'repeated-key': 'kustomize.repeatedKey',
  'no-kustomization': 'kustomize.missing',
  'several-kustomizations': 'kustomize.severalKustomizations',
  cycle: 'kustomize.cycle',
  'wrong-kind': 'kustomize.wrongKind',
  chart: 'kustomize.chart',
  plugin: 'kustomize.plugin',
  'no-target': 'kustomize.noTarget',
  'several-targets': 'kustomize.severalTargets',
  'patch-fails': 'kustomize.patchFails',
  selector: 'kustomize.selector',
  'no-replicas-target': 'kustomize.noReplicasTarget',
  duplicate: 'kustomize.duplicate',
  'not-text': 'kustomize.notText',
  'unknown-field': 'kustomize.unknownField',
  'replacement-source': 'kustomize.replacementSource',
  'replacement-target': 'kustomize.replacementTarget',
  generator: 'kustomize.generator',
  reference: 'kustomize.reference',
  variable: 'kustomize.variable',
  'bad-value': 'kustomize.badValue',
}

/** What would have to be fetched, or takes a program. */
const isLeftOut = (code: KustomizeProblem['code'], message: Message | undefined): boolean =>
  message ? message.key === 'helm.noDependency' : ['remote', 'chart', 'plugin'].includes(code)

export const findingOf = ({ code, severity, file, line, about, message }: KustomizeProblem): Finding => ({
  kind: isLeftOut(code, message) ? 'left-out' : 'broken-file',
  severity,
  message: message ?? { key: sentences[code], params: { file, line, about } },
  file,
  line,
})
