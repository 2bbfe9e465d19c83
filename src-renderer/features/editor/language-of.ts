/** The languages the editor colours; everything else is plain text. */
export type EditorLanguage = 'yaml' | 'json' | 'markdown' | 'go' | 'dockerfile' | 'shell' | 'plaintext'

const byExtension: { readonly [extension: string]: EditorLanguage } = {
  yaml: 'yaml',
  yml: 'yaml',
  json: 'json',
  md: 'markdown',
  markdown: 'markdown',
  go: 'go',
  sh: 'shell',
  bash: 'shell',
}

/** Language of a file by its name alone, so that both sides of a diff and a file that does not exist yet get one. */
export function languageOf(path: string): EditorLanguage {
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase()
  if (name === 'dockerfile' || name === 'containerfile' || name.startsWith('dockerfile.')) return 'dockerfile'
  if (name.endsWith('.dockerfile')) return 'dockerfile'
  return byExtension[name.slice(name.lastIndexOf('.') + 1)] ?? 'plaintext'
}
