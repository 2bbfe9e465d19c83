import { applyJsonPatchEntry, applyPatch, applyStrategicPatch, type PatchNeeds } from './apply-patches.ts'
import { crdFieldSpecs } from './crd-field-specs.ts'
import {
  defaultFieldSpecs,
  emptyFieldSpecs,
  type FieldSpec,
  type FieldSpecs,
  mergeConfigurations,
  mergeFieldSpecs,
} from './field-specs.ts'
import { type GeneratorNeeds, generate, hashedName, regenerated } from './generate.ts'
import { inflateChart } from './inflate-chart.ts'
import { knownFields } from './known-fields.ts'
import { type KustomizeFiles, type KustomizeReader, kustomizeReader, originOfFile } from './kustomization-files.ts'
import { fixNameReferences } from './name-references.ts'
import { configuredBy, finishResource } from './note-origins.ts'
import { objectsIn } from './objects-in.ts'
import type { How, Origin } from './origin.ts'
import { folderOfPath, isRemote, isWithin, joinPath } from './paths.ts'
import { collectProblems, type KustomizeProblem, type Problems } from './problem.ts'
import { fieldSpecIn, fieldSpecsIn } from './read-field-specs.ts'
import { readInnerTrees, type Unreadable } from './read-tree.ts'
import { addToNames, type NamespaceOptions, rename, setNamespaces } from './rename.ts'
import { replaceValues } from './replace-values.ts'
import { bindVariable, resolveVariables, type Variable } from './resolve-variables.ts'
import {
  annotationsOf,
  anyIds,
  type Configured,
  currentId,
  idKey,
  newResource,
  type Resource,
  sameId,
  spokenId,
} from './resource.ts'
import { readJson, type ShapeOf, schemaShapes } from './schema-shapes.ts'
import { BadSelector } from './select-resources.ts'
import { setImages } from './set-images.ts'
import { setPairs } from './set-labels.ts'
import { setReplicas } from './set-replicas.ts'
import { sortResources } from './sort-resources.ts'
import {
  copyTree,
  entriesIn,
  isMapping,
  isNull,
  isTrue,
  itemsIn,
  type Mapping,
  ownValue,
  type Tree,
  textIn,
  textScalar,
  toJson,
  treeAt,
} from './tree.ts'

/** What a kustomization makes of the files. */
export type Rendering = {
  /** Objects in the order `kubectl kustomize` prints them; each value tells where it is from. */
  readonly objects: readonly Mapping[]
  /** For each object what it was called before and is called now: patches may use any of these names. */
  readonly names: readonly (readonly string[])[]
  readonly problems: readonly KustomizeProblem[]
  /** It only lists files: what they declare is what there is. */
  readonly plain: boolean
  /** The kustomization's own file; empty where the folder has none. */
  readonly file: string
  /** Every file that was read for it, its own included. */
  readonly files: readonly string[]
  /** Files this kustomization itself names: its resources, patches and generated files, without those of its bases. */
  readonly own: readonly string[]
  /** Why this may differ from what kustomize makes: a chart was rendered without Helm. */
  readonly approximate: readonly string[]
}

/** What somebody else makes of a kustomization before it is built: Flux and Argo CD write into it. */
export type Amendment = {
  readonly amend?: (tree: Mapping) => Mapping
  /** What counts as the kustomization of a folder that has none. */
  readonly instead?: { readonly file: string; readonly tree: Mapping }
  /** Objects that are there already, to be changed: what a chart made. Nothing of the folder counts then. */
  readonly objects?: readonly Mapping[]
}

/**
 * Renders the kustomization of a folder as `kubectl kustomize` does (kustomize 5.5), from files alone: what would have
 * to be fetched, or needs a program, is a problem and left out. Pure; never throws for what a file says.
 */
export function renderKustomization(
  files: KustomizeFiles,
  folder: string,
  reader: KustomizeReader = kustomizeReader(files),
  { amend, instead, objects }: Amendment = {},
): Rendering {
  const problems = collectProblems()
  const build = new Build(reader, problems)
  const opened =
    (objects ? null : build.open(folder, null)) ?? (instead ? build.openTree(folder, instead.file, instead.tree) : null)
  const target = opened && amend ? { ...opened, tree: amend(opened.tree) } : opened
  if (!target)
    return {
      objects: [],
      names: [],
      problems: problems.all,
      plain: true,
      file: '',
      files: build.files,
      own: [],
      approximate: [],
    }
  const begun = newState()
  begun.resources.push(...(objects ?? []).map(root => newResource(copyTree(root))))
  const state = build.accumulate(target, begun, [])
  for (const resource of state.resources)
    if (resource.root && resource.hashed) rename(resource, hashedName(resource.root), resource.root.origin, 'name')
  fixNameReferences(state.resources, state.specs, problems)
  resolveVariables(state.resources, state.variables, state.specs.varReference, problems)
  const kept = state.resources.filter(({ root }) => {
    const local = annotationsOf(root).get('config.kubernetes.io/local-config')
    return root !== null && (local === undefined || local === 'false')
  })
  const sorted = sortResources(kept, treeAt(target.tree, ['sortOptions']))
  const metadata = new Set(itemsIn(target.tree, 'buildMetadata').map(item => textIn(item)))
  for (const resource of sorted) finishResource(resource, metadata, target)
  return {
    objects: sorted.flatMap(({ root }) => (root ? [root] : [])),
    names: sorted.map(resource => [...new Set(anyIds(resource).map(id => id.name))]),
    problems: problems.all,
    plain: isPlain(target, build.files),
    file: target.file,
    files: build.files,
    own: [target.file, ...(build.named.get(target.file) ?? [])],
    approximate: [...build.approximate],
  }
}

/** The one Kubernetes schema that kustomize 5 brings along. */
const builtinSchema = 'v1.21.2'

const unsaying = new Set(['apiVersion', 'kind'])
const listing = new Set(['apiVersion', 'kind', 'metadata', 'resources'])
const isPlain = ({ folder, file, tree }: Target, files: readonly string[]): boolean =>
  [...tree.entries.keys()].every(field => listing.has(field)) &&
  files.every(path => path === file || folderOfPath(path) === folder)

type Target = { readonly folder: string; readonly file: string; readonly tree: Mapping; readonly component: boolean }

/** What was gathered so far on one level. */
type State = {
  resources: Resource[]
  specs: FieldSpecs
  variables: Variable[]
  /** What the objects are called, while they are being gathered; null once something may have renamed them. */
  taken: Set<string> | null
}
const newState = (): State => ({ resources: [], specs: emptyFieldSpecs, variables: [], taken: null })
const idsOf = (resources: readonly Resource[]): Set<string> =>
  new Set(resources.flatMap(resource => (resource.root ? [idKey(currentId(resource))] : [])))

class Build {
  readonly #reader: KustomizeReader
  readonly #problems: Problems
  readonly #files = new Set<string>()
  readonly approximate = new Set<string>()
  /** Of the first schema that any kustomization brings: it counts for all of them. */
  #shapeOf: ShapeOf | undefined
  /** Files each kustomization names itself. */
  readonly named = new Map<string, Set<string>>()

  constructor(reader: KustomizeReader, problems: Problems) {
    this.#reader = reader
    this.#problems = problems
  }

  get files(): readonly string[] {
    return [...this.#files].sort()
  }

  /** The kustomization of a folder. */
  open(folder: string, asked: Origin | null): Target | null {
    const [file, second] = this.#reader.kustomizations(folder)
    if (file === undefined) {
      if (asked) this.#problems.add('no-kustomization', asked, folder)
      return null
    }
    this.#files.add(file)
    const read = this.#reader.trees(file, 'transformer')
    if (!read) return null
    const start = originOfFile(file, '')
    if ('unreadable' in read) {
      const { line, reason } = read.unreadable
      this.#problems.add('unreadable', { ...start, source: { file, lineAt: () => line } }, reason)
      return null
    }
    const [tree] = read.documents
    if (!tree || (isMapping(tree) && [...tree.entries.keys()].every(field => unsaying.has(field)))) {
      this.#problems.add('empty', start, file)
      return null
    }
    if (!isMapping(tree)) {
      this.#problems.add('unreadable', start, '')
      return null
    }
    if (read.repeated) this.#repeated(file, read.repeated, 'warning')
    if (second !== undefined) this.#problems.add('several-kustomizations', tree.origin, second)
    return this.openTree(folder, file, tree)
  }

  /** A kustomization whose text somebody else has read. */
  openTree(folder: string, file: string, tree: Mapping): Target {
    const entries = new Map<string, Tree>()
    for (const [field, value] of tree.entries) {
      const known = knownFields.get(field.toLowerCase())
      if (known === undefined) this.#problems.add('unknown-field', value.origin, field)
      entries.set(known ?? field, value)
    }
    const order = treeAt(tree, ['sortOptions'])
    if (order && !['fifo', 'legacy'].includes(textIn(order, 'order') ?? ''))
      this.#problems.add('bad-value', order.origin, 'sortOptions.order')
    if (textIn(order, 'order') === 'fifo' && treeAt(order, ['legacySortOptions']))
      this.#problems.add('bad-value', order!.origin, 'sortOptions.legacySortOptions')
    this.named.set(file, new Set())
    const target = { folder, file, tree: { ...tree, entries }, component: textIn(tree, 'kind') === 'Component' }
    this.#schema(target)
    return target
  }

  /** `openapi`: which lists are merged by which keys. */
  #schema(target: Target): void {
    const version = treeAt(target.tree, ['openapi', 'version'])
    if (version && textIn(version) !== builtinSchema) this.#problems.add('bad-value', version.origin, 'openapi.version')
    const entry = treeAt(target.tree, ['openapi', 'path'])
    if (entry?.type !== 'scalar' || this.#shapeOf) return
    const path = this.#load(target, entry.text, entry.origin)
    const content = path === null ? undefined : this.#reader.content(path)
    if (typeof content !== 'string') return
    const json = readJson(content)
    const [tree] = json === undefined ? (this.#trees(target, entry.text, entry.origin, 'transformer') ?? []) : []
    this.#shapeOf = schemaShapes(json ?? (tree ? toJson(tree) : null))
  }

  /** Kustomize takes the last one in its own file, and refuses an object that says a thing twice. */
  #repeated(file: string, { reason, line }: Unreadable, severity: 'error' | 'warning'): void {
    const start = originOfFile(file, '')
    this.#problems.add('repeated-key', { ...start, source: { file, lineAt: () => line } }, reason, severity)
  }

  /** Everything a kustomization does, into what its parent (of a component) or nobody has gathered. */
  accumulate(target: Target, into: State, above: readonly string[]): State {
    const state = into
    const chain = [...above, target.folder]
    const { tree } = target
    for (const field of ['resources', 'bases'])
      for (const entry of itemsIn(tree, field)) this.#resource(target, entry, state, chain)
    state.specs = mergeConfigurations(state.specs, this.#configuration(target))
    this.#generate(target, state)
    for (const entry of itemsIn(tree, 'components')) this.#folder(target, entry, state, chain, true)
    this.#transform(target, state)
    for (const entry of itemsIn(tree, 'vars')) {
      const variable = { name: textIn(entry, 'name') ?? '', entry }
      bindVariable(state.resources, variable, this.#problems)
      this.#addVariable(state, variable)
    }
    return state
  }

  /** Content of a file named in a kustomization. */
  #load(target: Target, entry: string, at: Origin): string | null {
    if (isRemote(entry)) {
      this.#problems.add('remote', at, entry, 'warning')
      return null
    }
    const path = joinPath(target.folder, entry)
    if (path === null || this.#reader.content(path) === undefined) {
      this.#problems.add('missing', at, entry)
      return null
    }
    // Kustomize refuses files outside of its folder, unless told not to.
    if (!isWithin(target.folder, path)) this.#problems.add('outside', at, entry, 'warning')
    this.#files.add(path)
    this.named.get(target.file)?.add(path)
    return path
  }

  #trees(target: Target, entry: string, at: Origin, how: How): readonly Tree[] | undefined {
    const path = this.#load(target, entry, at)
    if (path === null) return undefined
    const read = this.#reader.trees(path, how)
    if (!read) {
      this.#problems.add('unreadable', at, entry)
      return undefined
    }
    if ('documents' in read) {
      if (read.repeated) this.#repeated(path, read.repeated, 'error')
      return read.documents
    }
    const { line, reason } = read.unreadable
    this.#problems.add('unreadable', { ...at, source: { file: path, lineAt: () => line } }, reason)
    return undefined
  }

  #resource(target: Target, entry: Tree, state: State, chain: readonly string[]): void {
    const text = textIn(entry) ?? ''
    const path = joinPath(target.folder, text)
    if (!isRemote(text) && (path === null || this.#reader.content(path) === undefined)) {
      this.#folder(target, entry, state, chain, false)
      return
    }
    for (const root of objectsIn(this.#trees(target, text, entry.origin, 'resource') ?? [])) {
      if (textIn(root, 'kind') === undefined) {
        this.#problems.add('unreadable', root.origin, text)
        continue
      }
      this.#append(state, newResource(copyTree(root), { made: { path: path ?? text } }), root.origin)
    }
  }

  #append(state: State, resource: Resource, origin: Origin): void {
    const id = currentId(resource)
    state.taken ??= idsOf(state.resources)
    if (state.taken.has(idKey(id))) {
      this.#problems.add('duplicate', origin, spokenId(id))
      return
    }
    state.taken.add(idKey(id))
    state.resources.push(resource)
  }

  #folder(target: Target, entry: Tree, state: State, chain: readonly string[], component: boolean): void {
    const text = textIn(entry) ?? ''
    if (isRemote(text)) {
      this.#problems.add('remote', entry.origin, text, 'warning')
      return
    }
    const folder = joinPath(target.folder, text)
    if (folder === null) {
      this.#problems.add('missing', entry.origin, text)
      return
    }
    if (chain.includes(folder)) {
      this.#problems.add('cycle', entry.origin, text)
      return
    }
    const below = this.open(folder, null)
    if (!below) {
      this.#problems.add(this.#reader.kustomizations(folder).length > 0 ? 'unreadable' : 'missing', entry.origin, text)
      return
    }
    if (below.component !== component) {
      this.#problems.add('wrong-kind', entry.origin, text)
      return
    }
    if (component) {
      this.accumulate(below, state, chain)
      return
    }
    const inner = this.accumulate(below, newState(), chain)
    for (const resource of inner.resources) if (resource.root) this.#append(state, resource, resource.root.origin)
    state.specs = mergeConfigurations(state.specs, inner.specs)
    for (const variable of inner.variables) this.#addVariable(state, variable)
  }

  #addVariable(state: State, variable: Variable): void {
    if (state.variables.some(known => known.name === variable.name))
      this.#problems.add('variable', variable.entry.origin, variable.name)
    else state.variables.push(variable)
  }

  #configuration(target: Target): FieldSpecs {
    let specs = defaultFieldSpecs
    for (const entry of itemsIn(target.tree, 'configurations'))
      for (const tree of this.#trees(target, textIn(entry) ?? '', entry.origin, 'transformer') ?? [])
        specs = mergeConfigurations(specs, fieldSpecsIn(tree))
    for (const entry of itemsIn(target.tree, 'crds'))
      for (const tree of this.#trees(target, textIn(entry) ?? '', entry.origin, 'transformer') ?? [])
        specs = mergeConfigurations(specs, crdFieldSpecs(tree))
    return specs
  }

  #generate(target: Target, state: State): void {
    const { tree } = target
    const needs: GeneratorNeeds = {
      problems: this.#problems,
      options: treeAt(tree, ['generatorOptions']),
      load: (entry, at) => {
        const path = this.#load(target, entry, at)
        const content = path === null ? undefined : this.#reader.content(path)
        return content === undefined ? undefined : { content, origin: originOfFile(path!, content) }
      },
    }
    const made = (kind: string): Configured => ({ kind, file: target.file })
    // In this order whatever the file's: Kustomize makes ConfigMaps first.
    for (const [field, kind] of [
      ['configMapGenerator', 'ConfigMap'],
      ['secretGenerator', 'Secret'],
    ] as const)
      for (const entry of itemsIn(tree, field)) {
        this.#demandTexts(
          new Map([...entriesIn(entry, 'options', 'labels'), ...entriesIn(entry, 'options', 'annotations')]),
        )
        const resource = generate(kind, entry, needs)
        if (resource) this.#absorb(state, { ...resource, made: made(`${kind}Generator`) }, entry.origin)
      }
    for (const field of ['helmCharts', 'helmChartInflationGenerator'])
      for (const entry of itemsIn(tree, field)) this.#inflate(target, entry, state)
    for (const plugin of this.#plugins(target, 'generators')) {
      const kind = builtinKind(plugin)
      const makes = kind === 'ConfigMapGenerator' ? 'ConfigMap' : kind === 'SecretGenerator' ? 'Secret' : null
      if (makes === null) {
        this.#problems.add('plugin', plugin.origin, textIn(plugin, 'kind') ?? '', 'warning')
        continue
      }
      const resource = generate(makes, plugin, { ...needs, options: undefined })
      if (resource) this.#absorb(state, { ...resource, made: configuredBy(plugin) }, plugin.origin)
    }
  }

  /** A chart that lies in the folder of charts; others would have to be fetched. */
  #inflate(target: Target, entry: Tree, state: State): void {
    const part = inflateChart(this.#reader, target.folder, target.tree, entry)
    if (!part) {
      const name = textIn(entry, 'name') ?? textIn(entry, 'chartName') ?? ''
      this.#problems.add('chart', entry.origin, name, 'warning')
      return
    }
    for (const reason of part.approximate) this.approximate.add(reason)
    for (const file of part.files) this.#files.add(file)
    for (const file of part.own) this.named.get(target.file)?.add(file)
    for (const finding of part.findings) this.#problems.say(finding)
    for (const { tree } of part.objects) this.#append(state, newResource(tree), tree.origin)
  }

  #absorb(state: State, resource: Resource, origin: Origin): void {
    const id = currentId(resource)
    state.taken = null
    const index = state.resources.findIndex(known => known.root && anyIds(known).some(own => sameId(own, id)))
    const older = state.resources[index]
    const again = resource.behavior === 'merge' || resource.behavior === 'replace'
    if (older && again) state.resources[index] = regenerated(older, resource)
    else if (older) this.#problems.add('duplicate', origin, spokenId(id))
    else if (again) this.#problems.add('no-target', origin, spokenId(id))
    else state.resources.push(resource)
  }

  /** Configurations of built-in generators and transformers: files, folders of such, or texts. */
  #plugins(target: Target, field: 'generators' | 'transformers' | 'validators'): Mapping[] {
    return itemsIn(target.tree, field).flatMap(entry => {
      if (entry.type !== 'scalar') return []
      if (entry.text.includes('\n')) {
        const read = readInnerTrees(entry.text, entry.origin, entry.block === true, 'transformer')
        return 'documents' in read ? objectsIn(read.documents) : []
      }
      const path = joinPath(target.folder, entry.text)
      if (path !== null && this.#reader.content(path) === undefined && this.#reader.kustomizations(path).length > 0) {
        const state = newState()
        this.#folder(target, entry, state, [target.folder], false)
        return state.resources.flatMap(({ root }) => (root ? [root] : []))
      }
      return objectsIn(this.#trees(target, entry.text, entry.origin, 'transformer') ?? [])
    })
  }

  #transform(target: Target, state: State): void {
    const { tree } = target
    const { specs } = state
    const problems = this.#problems
    const needs = this.#patchNeeds(target)
    state.taken = null
    const alive = (): Resource[] => {
      state.resources = state.resources.filter(resource => resource.root)
      return state.resources
    }
    const note = (by: string | Configured): void => {
      const step = typeof by === 'string' ? { kind: by, file: target.file } : by
      for (const resource of state.resources) resource.transformed.push(step)
    }
    for (const entry of itemsIn(tree, 'patchesStrategicMerge')) applyStrategicPatch(alive(), entry, needs)
    if (itemsIn(tree, 'patchesStrategicMerge').length > 0) note('PatchStrategicMergeTransformer')
    for (const entry of itemsIn(tree, 'patches')) {
      applyPatch(alive(), entry, needs)
      note('PatchTransformer')
    }
    const namespace = treeAt(tree, ['namespace'])
    if (namespace && !isNull(namespace)) {
      setNamespaces(alive(), namespace, specs.namespace, problems)
      note('NamespaceTransformer')
    }
    for (const [field, part, list] of [
      ['namePrefix', 'prefix', specs.namePrefix],
      ['nameSuffix', 'suffix', specs.nameSuffix],
    ] as const) {
      const said = treeAt(tree, [field])
      if (!said || isNull(said)) continue
      addToNames(alive(), part, said, list)
      note(part === 'prefix' ? 'PrefixTransformer' : 'SuffixTransformer')
    }
    for (const entry of itemsIn(tree, 'labels')) {
      const pairs = entriesIn(entry, 'pairs')
      this.#demandTexts(pairs)
      setPairs(alive(), pairs, labelSpecs(entry, specs), 'label')
      note('LabelTransformer')
    }
    const common = entriesIn(tree, 'commonLabels')
    if (common.size > 0) {
      this.#demandTexts(common)
      setPairs(alive(), common, specs.commonLabels, 'label')
    }
    if (common.size > 0 || itemsIn(tree, 'labels').length > 0) note('LabelTransformer')
    const annotations = entriesIn(tree, 'commonAnnotations')
    if (annotations.size > 0) {
      this.#demandTexts(annotations)
      setPairs(alive(), annotations, specs.commonAnnotations, 'annotation')
      note('AnnotationsTransformer')
    }
    for (const entry of itemsIn(tree, 'patchesJson6902')) {
      this.#guard(entry, () => applyJsonPatchEntry(alive(), entry, needs))
      note('PatchJson6902Transformer')
    }
    for (const entry of itemsIn(tree, 'replicas')) {
      setReplicas(alive(), entry, specs.replicas, problems)
      note('ReplicaCountTransformer')
    }
    const images = ['images', 'imageTags'].flatMap(field => itemsIn(tree, field))
    for (const entry of images) {
      this.#demandTexts(entriesIn(entry))
      note('ImageTagTransformer')
    }
    setImages(alive(), images, specs.images)
    for (const entry of itemsIn(tree, 'replacements'))
      for (const replacement of this.#replacements(target, entry))
        this.#guard(replacement, () => replaceValues(alive(), replacement, problems))
    if (itemsIn(tree, 'replacements').length > 0) note('ReplacementTransformer')
    for (const plugin of this.#plugins(target, 'transformers')) {
      this.#guard(plugin, () => this.#plugin(target, plugin, alive(), state))
      note(configuredBy(plugin))
    }
    for (const entry of itemsIn(tree, 'validators')) problems.add('plugin', entry.origin, textIn(entry) ?? '', 'info')
    alive()
  }

  #guard(entry: Tree, work: () => void): void {
    try {
      work()
    } catch (error) {
      if (!(error instanceof BadSelector)) throw error
      this.#problems.add('selector', entry.origin, error.message)
    }
  }

  #patchNeeds(target: Target): PatchNeeds {
    return {
      problems: this.#problems,
      shapeOf: this.#shapeOf,
      load: (entry, at) => this.#trees(target, entry, at, 'patch'),
    }
  }

  /** An entry stands here, or names a file that holds one or a list of them. */
  #replacements(target: Target, entry: Tree): readonly Tree[] {
    const path = treeAt(entry, ['path'])
    if (path?.type !== 'scalar') return [entry]
    return (this.#trees(target, path.text, path.origin, 'replacement') ?? []).flatMap(tree =>
      tree.type === 'list' ? tree.items : [tree],
    )
  }

  /** Kustomize reads these into texts, and stops at a number that is not quoted. */
  #demandTexts(pairs: ReadonlyMap<string, Tree>): void {
    for (const [key, value] of pairs)
      if (value.type !== 'scalar' || !(isNull(value) || typeof ownValue(value) === 'string'))
        this.#problems.add('not-text', value.origin, key)
  }

  #plugin(target: Target, plugin: Mapping, resources: Resource[], state: State): void {
    const { specs } = state
    const listed = itemsIn(plugin, 'fieldSpecs').map(fieldSpecIn)
    const own = (fallback: readonly FieldSpec[]): readonly FieldSpec[] => (listed.length > 0 ? listed : fallback)
    const needs = this.#patchNeeds(target)
    const said = (field: string): Tree => treeAt(plugin, [field]) ?? textScalar('', plugin.origin)
    switch (builtinKind(plugin)) {
      case 'PatchTransformer':
        applyPatch(resources, plugin, needs)
        break
      case 'PatchStrategicMergeTransformer': {
        for (const path of itemsIn(plugin, 'paths')) applyStrategicPatch(resources, path, needs)
        const inline = treeAt(plugin, ['patches'])
        if (inline) applyStrategicPatch(resources, inline, needs)
        break
      }
      case 'PatchJson6902Transformer':
        applyJsonPatchEntry(resources, plugin, needs)
        break
      case 'NamespaceTransformer': {
        const namespace = treeAt(plugin, ['metadata', 'namespace']) ?? said('namespace')
        setNamespaces(resources, namespace, own(specs.namespace), this.#problems, namespaceOptions(plugin))
        break
      }
      case 'PrefixTransformer':
        addToNames(resources, 'prefix', said('prefix'), listed)
        break
      case 'SuffixTransformer':
        addToNames(resources, 'suffix', said('suffix'), listed)
        break
      case 'PrefixSuffixTransformer':
        addToNames(resources, 'prefix', said('prefix'), listed)
        addToNames(resources, 'suffix', said('suffix'), listed)
        break
      case 'LabelTransformer':
        setPairs(resources, entriesIn(plugin, 'labels'), listed, 'label')
        break
      case 'AnnotationsTransformer':
        setPairs(resources, entriesIn(plugin, 'annotations'), listed, 'annotation')
        break
      case 'ReplicaCountTransformer':
        setReplicas(resources, said('replica'), listed, this.#problems)
        break
      case 'ImageTagTransformer':
        setImages(resources, [said('imageTag')], listed)
        break
      case 'ReplacementTransformer':
        for (const entry of itemsIn(plugin, 'replacements'))
          for (const replacement of this.#replacements(target, entry))
            replaceValues(resources, replacement, this.#problems)
        break
      case 'HashTransformer':
        for (const resource of resources)
          if (resource.root && resource.hashed) {
            rename(resource, hashedName(resource.root), resource.root.origin, 'name')
            resource.hashed = false
          }
        break
      default:
        this.#problems.add('plugin', plugin.origin, textIn(plugin, 'kind') ?? '', 'warning')
    }
  }
}

const builtinKind = (plugin: Mapping): string =>
  textIn(plugin, 'apiVersion') === 'builtin' ? (textIn(plugin, 'kind') ?? '') : ''

function namespaceOptions(plugin: Mapping): NamespaceOptions {
  const subjects = textIn(plugin, 'setRoleBindingSubjects')
  return {
    unsetOnly: isTrue(treeAt(plugin, ['unsetOnly'])),
    ...((subjects === 'allServiceAccounts' || subjects === 'none') && { subjects }),
  }
}

function labelSpecs(entry: Tree, specs: FieldSpecs): readonly FieldSpec[] {
  const own = mergeFieldSpecs(itemsIn(entry, 'fields').map(fieldSpecIn), specs.labels)
  if (isTrue(treeAt(entry, ['includeSelectors']))) return mergeFieldSpecs(own, specs.commonLabels)
  const more = isTrue(treeAt(entry, ['includeTemplates'])) ? mergeFieldSpecs(own, specs.templateLabels) : own
  return mergeFieldSpecs(more, [{ path: 'metadata/labels', create: true }])
}
