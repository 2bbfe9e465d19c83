import { environmentInPath, environmentWordIn, isExactEnvironmentWord } from '../environment-word.ts'
import { nameIn } from '../kustomize/resource.ts'
import { entriesIn, itemsIn, type Mapping, type Tree, textIn, treeAt } from '../kustomize/tree.ts'

/**
 * What people call the environment an Application deploys to: what a label says, else the name of an environment in its
 * path, values files, namespace, own name, cluster or file, whichever says it most plainly. Undefined where none does.
 */
export function nameApplication(tree: Mapping): string | undefined {
  const spec = treeAt(tree, ['spec'])
  const several = itemsIn(spec, 'sources')
  const sources: readonly (Tree | undefined)[] = several.length > 0 ? several : [treeAt(spec, ['source'])]
  const paths = sources.flatMap(source => {
    const files = itemsIn(source, 'helm', 'valueFiles').map(file => (textIn(file) ?? '').replace(/^\$[^/]+\//, ''))
    return [...files, textIn(source, 'path') ?? '']
  })
  const steps = paths.flatMap(path => path.split('/'))
  const namespace = textIn(spec, 'destination', 'namespace') ?? ''
  const cluster = textIn(spec, 'destination', 'name') ?? ''
  return (
    labelled(tree) ??
    steps.findLast(isExactEnvironmentWord) ??
    firstWord(steps.map(step => valuesName.exec(step)?.[1] ?? '')) ??
    (isExactEnvironmentWord(namespace) ? namespace : undefined) ??
    environmentWordIn(nameIn(tree)) ??
    environmentWordIn(namespace) ??
    environmentWordIn(cluster) ??
    paths.map(environmentInPath).findLast(word => word !== undefined) ??
    environmentInPath(tree.origin.source.file)
  )
}

const valuesName = /^(?:values[-_.])?(.+?)(?:[-_.]values)?\.ya?ml$/i
const firstWord = (texts: readonly string[]): string | undefined =>
  texts.find(text => text !== '' && isExactEnvironmentWord(text))

function labelled(tree: Mapping): string | undefined {
  for (const place of ['labels', 'annotations'])
    for (const [key, value] of entriesIn(tree, 'metadata', place))
      if (/(^|[./])(env|environment)$/i.test(key)) return textIn(value)
  return undefined
}
