import { roleOf } from './classify-path.ts'
import { type FileFacts, says } from './source-facts.ts'

/** Go modules of a tree: the folder of each by the path its packages begin with. */
export type GoModules = ReadonlyMap<string, string>

/** Module path of a go.mod; undefined where it names none. */
export const modulePath = (goMod: string): string | undefined => /^module\s+(\S+)/m.exec(goMod)?.[1]

/**
 * Go files outside a program's folder that it is built with: packages of the modules of this tree, followed from the
 * program's own imports. A package is read whoever owns the folder it is in, and no further than its own files.
 */
export async function followImports(
  own: ReadonlyMap<string, FileFacts>,
  folder: string,
  modules: GoModules,
  files: FilesByFolder,
  read: (path: string) => Promise<FileFacts | null>,
): Promise<ReadonlyMap<string, FileFacts>> {
  const found = new Map<string, FileFacts>()
  const seen = new Set<string>()
  const waiting = [...own.values()].flatMap(facts => facts.imports ?? [])
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const target = folderOf(next, modules)
    if (target === undefined || seen.has(target)) continue
    seen.add(target)
    if (folder === '' || target === folder || target.startsWith(`${folder}/`)) continue
    for (const path of files(target)) {
      const facts = await read(path)
      if (!facts) continue
      waiting.push(...(facts.imports ?? []))
      if (says(facts)) found.set(path, facts)
    }
  }
  return found
}

/** Go files that stand right in a folder, tests and generated ones left out. */
export type FilesByFolder = (folder: string) => readonly string[]

export function goFilesByFolder(paths: readonly string[]): FilesByFolder {
  const byFolder = new Map<string, string[]>()
  for (const path of paths) {
    if (!path.endsWith('.go')) continue
    const slash = path.lastIndexOf('/')
    if (roleOf(path.slice(slash + 1)) !== 'code') continue
    const folder = slash < 0 ? '' : path.slice(0, slash)
    byFolder.set(folder, [...(byFolder.get(folder) ?? []), path])
  }
  return folder => byFolder.get(folder) ?? []
}

function folderOf(importPath: string, modules: GoModules): string | undefined {
  for (let prefix = importPath; prefix !== ''; prefix = prefix.slice(0, Math.max(0, prefix.lastIndexOf('/')))) {
    const root = modules.get(prefix)
    if (root === undefined) continue
    const rest = importPath.slice(prefix.length + 1)
    return [root, rest].filter(part => part !== '').join('/')
  }
  return undefined
}
