import type { FieldSpec } from './field-specs.ts'
import { isSelectedType, typeOf } from './object-type.ts'
import { type Origin, putBy } from './origin.ts'
import type { Resource } from './resource.ts'
import { isList, isMapping, isNull, type Mapping, type Tree, textIn, textScalar, treeAt } from './tree.ts'
import { pathSteps, visitField } from './visit-field.ts'

export type ImageParts = { readonly name: string; readonly tag: string; readonly digest: string }

/** `registry:5000/team/app:v1@sha256:…` in parts; a part that is not there is empty. */
export function splitImage(image: string): ImageParts {
  const slash = Math.max(0, image.indexOf('/'))
  const at = image.indexOf('@', slash)
  const colon = image.indexOf(':', slash)
  if (at >= 0 && (colon < 0 || at < colon)) return { name: image.slice(0, at), tag: '', digest: image.slice(at + 1) }
  if (colon < 0) return { name: image, tag: '', digest: '' }
  const end = at < 0 ? image.length : at
  return { name: image.slice(0, colon), tag: image.slice(colon + 1, end), digest: at < 0 ? '' : image.slice(at + 1) }
}

/** The name of an `images` entry is a pattern, which mostly says itself alone. */
function imagePattern(name: string): (image: string) => boolean {
  try {
    const pattern = new RegExp(`^${name}(:[a-zA-Z0-9_.{}-]*)?(@sha256:[a-zA-Z0-9_.{}-]*)?$`)
    return image => pattern.test(image)
  } catch (error) {
    // No pattern: kustomize's own reader would stop here.
    if (error instanceof SyntaxError) return () => false
    throw error
  }
}

/** What an entry of `images` makes of an image. */
export function imageBy(image: string, entry: Tree): string {
  let { name, tag, digest } = splitImage(image)
  const said = (field: string): string => textIn(entry, field) ?? ''
  if (said('newName') !== '') name = said('newName')
  if (said('newTag') !== '') {
    tag = said('newTag')
    digest = said('digest')
  } else if (said('digest') !== '') {
    tag = ''
    digest = said('digest')
  } else if (said('tagSuffix') !== '') {
    tag += said('tagSuffix')
    digest = ''
  }
  return `${name}${tag === '' ? '' : `:${tag}`}${digest === '' ? '' : `@${digest}`}`
}

/** The field of the entry that an edit of the version would change. */
function originOf(entry: Tree): Origin {
  for (const field of ['newTag', 'digest', 'tagSuffix', 'newName', 'name']) {
    const found = treeAt(entry, [field])
    if (found) return found.origin
  }
  return entry.origin
}

/** A field that holds an image. */
type Slot = { readonly holder: Mapping; readonly key: string }

/**
 * The entries of `images` one after the other: on every list of containers wherever it stands, then on the fields of
 * the specs, so that a field both ways lead to is gone over twice, as kustomize does.
 */
export function setImages(resources: readonly Resource[], entries: readonly Tree[], specs: readonly FieldSpec[]): void {
  if (entries.length === 0) return
  const slots: Slot[] = []
  for (const { root } of resources) {
    if (!root || typeOf(root).kind === 'CustomResourceDefinition') continue
    inContainers(root, slots)
    for (const spec of specs) inField(root, spec, slots)
  }
  for (const entry of entries) {
    const isMatch = imagePattern(textIn(entry, 'name') ?? '')
    const origin = originOf(entry)
    for (const { holder, key } of slots) {
      const field = holder.entries.get(key)
      if (field?.type !== 'scalar' || isNull(field) || !isMatch(field.text)) continue
      const text = imageBy(field.text, entry)
      const again = field.origin.at === origin.at && field.origin.source === origin.source
      // The second time mostly changes nothing, and then is not told.
      if (text !== field.text || !again)
        holder.entries.set(key, textScalar(text, putBy(origin, 'images', field.origin)))
    }
  }
}

function inContainers(tree: Tree, slots: Slot[]): void {
  if (tree.type === 'list') for (const item of tree.items) inContainers(item, slots)
  if (!isMapping(tree)) return
  for (const [key, value] of tree.entries) {
    if (value.type === 'scalar') continue
    inContainers(value, slots)
    if ((key !== 'containers' && key !== 'initContainers') || !isList(value)) continue
    for (const item of value.items)
      if (isMapping(item) && item.entries.has('image')) slots.push({ holder: item, key: 'image' })
  }
}

function inField(root: Tree, spec: FieldSpec, slots: Slot[]): void {
  const steps = pathSteps(spec.path, '/')
  const key = steps.pop()!
  const add = (holder: Tree): void => {
    if (holder.type === 'list') holder.items.forEach(add)
    else if (isMapping(holder) && holder.entries.has(key)) slots.push({ holder, key })
  }
  if (steps.length === 0) {
    if (isSelectedType(typeOf(root), spec)) add(root)
  } else
    visitField(
      root,
      {
        ...spec,
        path: steps
          .map(step => step.replaceAll('/', '\\/'))
          .join('/')
          .replace(/\[\]$/, ''),
        create: false,
      },
      add,
    )
}
