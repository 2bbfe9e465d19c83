import { relativePath } from './paths.ts'
import { type Configured, metadataMap, nameIn, namespaceIn, type Resource } from './resource.ts'
import { isMapping, isNull, type Mapping, type Tree, textIn, textScalar, treeAt } from './tree.ts'

/** A built-in plugin's own configuration, as what changed or made an object. */
export function configuredBy(plugin: Mapping): Configured {
  const name = nameIn(plugin)
  const namespace = namespaceIn(plugin)
  return {
    kind: textIn(plugin, 'kind') ?? '',
    file: plugin.origin.source.file,
    ...(name !== '' && { name }),
    ...(namespace !== '' && { namespace }),
  }
}

/**
 * What `kubectl kustomize` does at the very end: annotations are texts, none of them is no map, and `buildMetadata`
 * has it noted on each object where it is from and what changed it.
 */
export function finishResource(
  resource: Resource,
  metadata: ReadonlySet<string | undefined>,
  target: { readonly folder: string; readonly tree: Mapping },
): void {
  const { root } = resource
  if (!root) return
  refold(root)
  const { origin } = target.tree
  const annotate = (name: string, text: string): void => {
    metadataMap(root, 'annotations', origin).entries.set(name, textScalar(text, origin))
  }
  if (metadata.has('originAnnotations') && resource.made)
    annotate('config.kubernetes.io/origin', originText(resource.made, target.folder))
  if (metadata.has('transformerAnnotations') && resource.transformed.length > 0)
    annotate(
      'alpha.config.kubernetes.io/transformations',
      resource.transformed.map(step => configuredText(step, target.folder, ['- ', '  '])).join(''),
    )
  const annotations = treeAt(root, ['metadata', 'annotations'])
  if (annotations && isNull(annotations)) metadataMap(root, '', origin).entries.delete('annotations')
  if (!isMapping(annotations)) return
  for (const [key, value] of annotations.entries)
    if (value.type === 'scalar') annotations.entries.set(key, { ...value, str: true })
  if (annotations.entries.size === 0) metadataMap(root, '', origin).entries.delete('annotations')
}

const originText = (made: NonNullable<Resource['made']>, from: string): string =>
  'path' in made ? `path: ${relativePath(from, made.path)}\n` : configuredText(made, from, ['', ''])

function configuredText(step: Configured, from: string, [first, rest]: readonly [string, string]): string {
  const { kind, file, name, namespace } = step
  const named = (key: string, text: string | undefined): string => (text ? `${rest}  ${key}: ${text}\n` : '')
  return (
    `${first}configuredIn: ${relativePath(from, file)}\n${rest}configuredBy:\n` +
    `${rest}  apiVersion: builtin\n${rest}  kind: ${kind}\n${named('name', name)}${named('namespace', namespace)}`
  )
}

/**
 * Kustomize prints a folded text (`>`) as a folded one, and its printer writes one line break too many before a line that
 * is indented further: that is what is applied. A text that cannot be printed so is quoted, and stays as it is.
 */
function refold(tree: Tree): void {
  if (tree.type === 'list') tree.items.forEach(refold)
  else if (tree.type === 'map') for (const value of tree.entries.values()) refold(value)
  else if (tree.folded && tree.text.includes('\n ') && !/[ \t]\n|[ \t]$|^\s/.test(tree.text)) {
    tree.text = tree.text.replace(/^([^ \n].*\n)(?= )/gm, '$1\n')
    tree.folded = false
  }
}
