import type { FieldSpec } from './field-specs.ts'
import { typeOf } from './object-type.ts'
import { type Origin, putBy } from './origin.ts'
import type { Resource } from './resource.ts'
import { isList, isMapping, isNull, type Tree, textIn, textScalar, treeAt } from './tree.ts'
import { visitField } from './visit-field.ts'

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
export function isImageOf(image: string, pattern: string): boolean {
  try {
    return new RegExp(`^${pattern}(:[a-zA-Z0-9_.{}-]*)?(@sha256:[a-zA-Z0-9_.{}-]*)?$`).test(image)
  } catch (error) {
    // No pattern: kustomize's own reader would stop here.
    if (error instanceof SyntaxError) return false
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

/** One entry of `images`: on every list of containers wherever it stands, and on the fields of the specs. */
export function setImages(resources: readonly Resource[], entry: Tree, specs: readonly FieldSpec[]): void {
  const pattern = textIn(entry, 'name') ?? ''
  const changed = (field: Tree | undefined): Tree | null => {
    if (field?.type !== 'scalar' || isNull(field) || !isImageOf(field.text, pattern)) return null
    return textScalar(imageBy(field.text, entry), putBy(originOf(entry), 'images', field.origin))
  }
  for (const { root } of resources) {
    if (!root || typeOf(root).kind === 'CustomResourceDefinition') continue
    everywhere(root, changed)
    for (const spec of specs)
      visitField(root, { ...spec, create: false }, (field, replace) => {
        const value = changed(field)
        if (value) replace(value)
      })
  }
}

function everywhere(tree: Tree, changed: (field: Tree | undefined) => Tree | null): void {
  if (tree.type === 'list') for (const item of tree.items) everywhere(item, changed)
  if (!isMapping(tree)) return
  for (const [key, value] of tree.entries) {
    everywhere(value, changed)
    if ((key !== 'containers' && key !== 'initContainers') || !isList(value)) continue
    for (const item of value.items) {
      const image = isMapping(item) ? changed(item.entries.get('image')) : null
      if (image && isMapping(item)) item.entries.set('image', image)
    }
  }
}
