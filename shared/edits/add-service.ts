import { type LocatedResource, locateResource, resourcesIn } from '../manifests/locate-resource.ts'
import { podTemplatePath, textMap } from '../manifests/pod-template.ts'
import { CannotEdit } from '../yaml/cannot-edit.ts'
import { documentStyle } from '../yaml/document-style.ts'
import { blockMap } from '../yaml/format-value.ts'
import { parseYaml } from '../yaml/parse-yaml.ts'
import { lineNumber } from '../yaml/text-lines.ts'
import { valueAt, type YamlMap } from '../yaml/yaml-value.ts'
import { type Addition, appended, intoList, printed } from './append-objects.ts'
import { refusable } from './change-resource.ts'
import type { EditOf } from './edit.ts'
import type { EditOutcome, FieldChange, Files } from './edit-outcome.ts'
import { folderOf, kustomizationIn, nameOf, withEntry } from './kustomization-file.ts'
import { type Names, newService, newWorkload } from './new-service.ts'
import { isCoreService, podLabels, type ServiceParts, sameNamespace, selects, serviceParts } from './service-parts.ts'

const dnsLabel = /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/

/**
 * Adds a workload, and a Service when it has a port, written as its neighbour is: in the same folder, in files of the
 * same habit (one a service, one a kind, or one for all), with the same label keys, indentation and quoting. The
 * kustomization that lists the neighbour lists the new files too.
 */
export const addService = (files: Files, edit: EditOf<'add-service'>): EditOutcome =>
  refusable(files, edit.like.file, () => {
    if (!dnsLabel.test(edit.name)) throw new CannotEdit('edit.badName', { name: edit.name })
    const parts = serviceParts(files, edit.like)
    if (podTemplatePath(parts.target.value) === undefined)
      throw new CannotEdit('edit.noPodTemplate', { kind: edit.like.kind })
    const likeService = serviceLike(parts)
    const names = namesOf(parts, edit.name)
    const workload = newWorkload(parts.target.value, edit, names)
    const service = edit.port === undefined ? undefined : newService(likeService?.value, workload, edit, names)
    refuseTaken(parts, service ? [workload, service] : [workload])

    const added: Addition[] = [{ object: workload, like: parts.target }]
    // A Service stands where the neighbour's does, before or after its workload.
    if (service) {
      const addition = { object: service, like: likeService ?? parts.target }
      if (likeService && comesBefore(likeService, parts.target)) added.unshift(addition)
      else added.push(addition)
    }
    const changed = new Map<string, string>()
    /** New files, with the neighbour's each was made after. */
    const made = new Map<string, string>()
    for (const [file, additions] of Map.groupBy(added, ({ like }) => like.ref.file)) {
      const path = place(files, parts, file, additions, names, changed)
      if (path !== file) made.set(path, file)
    }
    listInKustomizations(files, parts, made, changed)
    return { kind: 'applied', files: changed, changes: changesOf(changed, added, edit.name) }
  })

/** The neighbour's Service: the one of its name, else one that selects its Pods. */
function serviceLike({ target, services, objects, labels }: ServiceParts): LocatedResource | undefined {
  const all = [
    ...services,
    ...objects.filter(
      object =>
        isCoreService(object) &&
        sameNamespace(object.ref, target.ref) &&
        selects(textMap(valueAt(object.value, ['spec', 'selector'])), labels),
    ),
  ]
  return all.find(({ ref }) => ref.name === target.ref.name) ?? all[0]
}

function namesOf({ target, services }: ServiceParts, to: string): Names {
  return { known: new Set([target.ref.name, ...services.map(({ ref }) => ref.name)]), to }
}

function refuseTaken({ objects, target }: ServiceParts, made: readonly YamlMap[]): void {
  for (const one of made) {
    const name = valueAt(one, ['metadata', 'name'])
    const taken = objects.find(
      ({ ref }) => ref.kind === one['kind'] && ref.name === name && sameNamespace(ref, target.ref),
    )
    if (taken)
      throw new CannotEdit('edit.nameTaken', { resource: `${taken.ref.kind}/${taken.ref.name}`, file: taken.ref.file })
  }
  // Pods that an existing selector picks up would get its traffic or be counted as its own.
  const [workload] = made.filter(one => podTemplatePath(one) !== undefined)
  const labels = workload ? podLabels(workload) : {}
  const own = objects.find(object => {
    const selector = valueAt(object.value, ['spec', 'selector'])
    const wanted = textMap(object.ref.kind === 'Service' ? selector : valueAt(selector, ['matchLabels']))
    return (
      sameNamespace(object.ref, target.ref) && podTemplatePath(object.value) !== undefined && selects(wanted, labels)
    )
  })
  if (own) throw new CannotEdit('edit.labelsTaken', { resource: `${own.ref.kind}/${own.ref.name}`, file: own.ref.file })
}

const comesBefore = (a: LocatedResource, b: LocatedResource): boolean =>
  a.ref.file === b.ref.file &&
  (a.document < b.document || (a.document === b.document && Number(a.path.at(-1)) < Number(b.path.at(-1))))

/** Puts new objects into the neighbour's file when it holds several services, else beside it. Returns the path. */
function place(
  files: Files,
  { objects, target, scope }: ServiceParts,
  file: string,
  additions: readonly Addition[],
  names: Names,
  changed: Map<string, string>,
): string {
  const text = files.get(file)!
  const here = objects.filter(object => object.ref.file === file)
  const sameKind = new Set(
    here
      .filter(({ value, ref }) => podTemplatePath(value) !== undefined || ref.kind === 'Service')
      .map(({ ref }) => ref.name),
  )
  const isShared = [...sameKind].some(name => !names.known.has(name))
  const inList = additions[0]!.like.path.length > 0
  if (isShared || inList) {
    changed.set(file, inList ? intoList(text, additions) : appended(text, additions))
    return file
  }
  const path = numbered(
    newPath(file, names, additions[0]!.object, target),
    file,
    new Set([...files.keys(), ...changed.keys()]),
  )
  if (files.has(path)) throw new CannotEdit('edit.fileTaken', { file: path })
  const made = changed.get(path)
  // The neighbour's two files have names of which ours would be one: it holds both then.
  changed.set(path, made === undefined ? newFile(text, additions) : appended(made, additions))
  // A folder of its own needs a kustomization of its own where the neighbour's has one.
  const folder = folderOf(path)
  if (folder === folderOf(file)) return path
  for (const like of scope.kustomizations.filter(one => folderOf(one) === folderOf(file))) {
    const own = `${folder}/${nameOf(like)}`
    const entries = [...changed.keys()].filter(one => folderOf(one) === folder && one !== own).map(nameOf)
    changed.set(own, newKustomization(files.get(like)!, entries))
  }
  return path
}

const legal = /copyright|licen[cs]e|spdx/i

/** A file as the neighbour's is: its licence, its way of beginning a document, its line breaks. */
function newFile(text: string, additions: readonly Addition[]): string {
  const lineBreak = text.includes('\r\n') ? '\r\n' : '\n'
  const body = text.replace(/^\ufeff/, '')
  if (/^\s*\{/.test(body)) {
    const space = /^\{\r?\n([ \t]+)/.exec(body.trimStart())?.[1] ?? '  '
    return additions.map(({ object }) => JSON.stringify(object, null, space) + lineBreak).join('')
  }
  const block = /^(?:[ \t]*#[^\n]*\n)+(?:[ \t]*\r?\n)*/.exec(body)?.[0] ?? ''
  const head = legal.test(block) ? block : ''
  const marker = body.slice(block.length).startsWith('---') ? `---${lineBreak}` : ''
  const documents = additions.map(({ object, like }) => printed(object, like, lineBreak))
  return head + marker + documents.join(`---${lineBreak}`)
}

/** The neighbour's path under the new name: in the name of its file, else in that of its folder. */
function newPath(file: string, names: Names, object: YamlMap, target: LocatedResource): string {
  const known = [...names.known].sort((a, b) => b.length - a.length)
  const under = (text: string): string | undefined => {
    for (const name of known) {
      const at = new RegExp(`(^|[^A-Za-z0-9])${name.replace(/[.]/g, '\\.')}(?=$|[^A-Za-z0-9])`)
      if (at.test(text)) return text.replace(at, `$1${names.to}`)
    }
    return undefined
  }
  const name = under(nameOf(file))
  const folder = folderOf(file)
  if (name !== undefined) return folder === '' ? name : `${folder}/${name}`
  const parts = folder.split('/')
  const at = parts.findLastIndex(part => known.includes(part))
  if (at >= 0) return [...parts.with(at, names.to), nameOf(file)].join('/')
  const extension = /\.\w+$/.exec(file)?.[0] ?? '.yaml'
  const kind = String(object['kind']).toLowerCase()
  const isSplit = nameOf(file).toLowerCase().startsWith(kind)
  const own = isSplit && target.ref.file === file ? `${names.to}-${kind}${extension}` : `${names.to}${extension}`
  return folder === '' ? own : `${folder}/${own}`
}

/** In a folder whose files are numbered (`09-cart.yaml`) the new one takes the next free number. */
function numbered(path: string, like: string, taken: ReadonlySet<string>): string {
  const folder = folderOf(path)
  const prefix = /^(\d+)([-_.])/
  const own = prefix.exec(nameOf(like))
  if (!own || folder !== folderOf(like)) return path
  const siblings = [...taken].filter(one => folderOf(one) === folder).map(nameOf)
  const numbers = siblings.flatMap(name => Number(prefix.exec(name)?.[1] ?? Number.NaN)).filter(Number.isFinite)
  if (new Set(numbers).size < numbers.length || numbers.length < 2) return path
  const next = String(Math.max(...numbers) + 1).padStart(own[1]!.length, '0')
  return `${folder === '' ? '' : `${folder}/`}${nameOf(path).replace(prefix, `${next}$2`)}`
}

function newKustomization(like: string, entries: readonly string[]): string {
  const lineBreak = like.includes('\r\n') ? '\r\n' : '\n'
  const value = kustomizationIn(like) ?? {}
  const style = documentStyle(parseYaml(like)[0]!.yaml)
  const head = Object.fromEntries(
    ['apiVersion', 'kind'].flatMap(key => (value[key] === undefined ? [] : [[key, value[key]]])),
  )
  return blockMap({ ...head, resources: entries }, style)
    .map(line => line + lineBreak)
    .join('')
}

/** Each new file is listed where its neighbour is; a new folder where the neighbour's folder is. */
function listInKustomizations(
  files: Files,
  { scope }: ServiceParts,
  made: ReadonlyMap<string, string>,
  changed: Map<string, string>,
): void {
  for (const [path, like] of made)
    for (const kustomization of scope.kustomizations) {
      const text = changed.get(kustomization) ?? files.get(kustomization)!
      const [folder, likeFolder] = [folderOf(path), folderOf(like)]
      // The kustomization of the neighbour's own folder speaks of the neighbour alone.
      if (folder !== likeFolder && folderOf(kustomization) === likeFolder) continue
      const next =
        withEntry(kustomization, text, like, path) ??
        (folder === likeFolder ? null : withEntry(kustomization, text, likeFolder, folder))
      if (next !== null && next !== text) changed.set(kustomization, next)
    }
}

function changesOf(changed: ReadonlyMap<string, string>, added: readonly Addition[], name: string): FieldChange[] {
  return added.flatMap(({ object }) => {
    for (const [file, text] of changed) {
      const made = resourcesIn(file, text).find(({ ref }) => ref.kind === object['kind'] && ref.name === name)
      if (!made) continue
      const { placed } = locateResource(text, made.ref)
      const field = `${made.ref.kind}/${name}`
      const at = placed.yaml.document.contents?.range?.[0] ?? 0
      return [{ file, line: lineNumber(text, placed.start + at), field, after: field }]
    }
    return []
  })
}
