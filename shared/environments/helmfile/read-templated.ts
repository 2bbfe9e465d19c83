import { define } from '../helm/define-function.ts'
import { runTemplate } from '../helm/run-template.ts'
import type { Dict, Value } from '../helm/value.ts'
import type { KustomizeReader } from '../kustomize/kustomization-files.ts'
import { folderOfPath, joinPath } from '../kustomize/paths.ts'
import { readTextTrees } from '../kustomize/read-tree.ts'
import type { Tree } from '../kustomize/tree.ts'

/** What templates of a helmfile may ask. */
export type HelmfileData = { readonly environment: string; readonly values: Value }

/**
 * The documents of a helmfile or of a values file of it. One without templates is read as it is, with its lines; else
 * it is rendered first, and its values are known to be of that file. Variables of the process are empty. Throws
 * TemplateError.
 */
export function readTemplated(reader: KustomizeReader, file: string, data: HelmfileData): readonly Tree[] {
  const text = reader.content(file)
  if (typeof text !== 'string') return []
  if (!text.includes('{{')) {
    const read = reader.trees(file, 'value')
    return read && 'documents' in read ? read.documents : []
  }
  const dict: Dict = new Map<string, Value>([
    [
      'Environment',
      new Map<string, Value>([
        ['Name', data.environment],
        ['KubeContext', ''],
        ['Values', data.values],
      ]),
    ],
    ['Values', data.values],
    ['StateValues', data.values],
    [
      'Release',
      new Map<string, Value>([
        ['Name', ''],
        ['Namespace', ''],
      ]),
    ],
    ['Namespace', ''],
  ])
  const readFile = define('string', ([path]) => {
    const at = joinPath(folderOfPath(file), String(path))
    const content = at === null ? undefined : reader.content(at)
    return typeof content === 'string' ? content : ''
  })
  const rendered = runTemplate(text, dict, {
    env: define('string', () => ''),
    requiredEnv: define('string', () => ''),
    exec: define('string any any?', () => ''),
    readFile,
    // `get "a.b" fallback values`, as helmfile has it.
    get: define(
      'any any any?',
      ([path, ...rest]) => valueAt(rest.at(-1) ?? null, String(path)) ?? (rest.length > 1 ? rest[0]! : null),
    ),
  })
  const read = readTextTrees(rendered, { file, lineAt: () => 1 }, 'template')
  return 'documents' in read ? read.documents : []
}

function valueAt(value: Value, path: string): Value | undefined {
  let at: Value | undefined = value
  for (const step of path.split('.')) at = at instanceof Map ? at.get(step) : undefined
  return at
}
