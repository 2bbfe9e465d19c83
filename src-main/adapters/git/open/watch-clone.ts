import { type FSWatcher, readdirSync, statSync, watch } from 'node:fs'
import { dirname, join } from 'node:path'
import { isAbsent } from '../files/read-text.ts'
import type { CloneLayout } from './find-clone.ts'

const debounceMilliseconds = 100
const pollMilliseconds = 2000

/** Files of a git directory whose change matters: what is current, what is in progress, and the configuration. */
const matters =
  /^(HEAD|packed-refs|config|config\.worktree|index|shallow|MERGE_HEAD|CHERRY_PICK_HEAD|REVERT_HEAD|FETCH_HEAD|rebase-merge|rebase-apply)$/

/**
 * Calls back, debounced, when a ref, HEAD, the index or the configuration changes on disk, whoever did it. Where the
 * system cannot watch (no handles left, a network drive), it looks every two seconds. Does not keep the process alive.
 */
export function watchClone({ gitDirectory, commonDirectory }: CloneLayout, listener: () => void): () => void {
  let debounce: NodeJS.Timeout | null = null
  let poll: NodeJS.Timeout | null = null
  let closed = false
  const watchers: FSWatcher[] = []
  const changed = (): void => {
    if (closed || debounce) return
    debounce = setTimeout(() => {
      debounce = null
      listener()
    }, debounceMilliseconds)
    debounce.unref()
  }
  const startPolling = (): void => {
    if (closed || poll) return
    for (const watcher of watchers.splice(0)) watcher.close()
    let known = fingerprint(gitDirectory, commonDirectory)
    poll = setInterval(() => {
      const now = fingerprint(gitDirectory, commonDirectory)
      if (now === known) return
      known = now
      listener()
    }, pollMilliseconds)
    poll.unref()
  }
  const open = (path: string, recursive: boolean, wanted: (name: string) => boolean): FSWatcher => {
    const watcher = watch(path, { recursive, persistent: false }, (_event, name) => {
      if (name === null || wanted(name)) changed()
    })
    watcher.on('error', startPolling)
    watchers.push(watcher)
    return watcher
  }
  // Lock files come and go with every change; the change itself follows.
  const isRef = (name: string): boolean => !name.endsWith('.lock')
  const refs = join(commonDirectory, 'refs')
  const watchRefs = (): void => {
    // On Linux node would hold a handle for each branch; one for each folder is enough.
    if (process.platform !== 'linux') open(refs, true, isRef)
    else watchFolders(refs)
  }
  const folders = new Map<string, FSWatcher>()
  const lookAgain = (folder: string): void => {
    try {
      watchFolders(folder)
    } catch {
      // No handle left for a new folder, most likely.
      startPolling()
    }
  }
  const watchFolders = (folder: string): void => {
    if (closed || poll) return
    let children: string[]
    try {
      if (!folders.has(folder)) {
        const watcher = open(folder, false, isRef)
        watcher.on('change', (event, name) => {
          if (event === 'rename' && isRef(String(name))) lookAgain(folder)
        })
        folders.set(folder, watcher)
      }
      children = readdirSync(folder, { withFileTypes: true })
        .filter(entry => entry.isDirectory())
        .map(entry => join(folder, entry.name))
    } catch (error) {
      // Git removes folders that became empty, and so the watch of one may come too late.
      folders.get(folder)?.close()
      folders.delete(folder)
      if (isAbsent(error)) return
      throw error
    }
    for (const known of folders.keys())
      if (dirname(known) === folder && !children.includes(known)) {
        folders.get(known)!.close()
        folders.delete(known)
      }
    for (const child of children) watchFolders(child)
  }
  try {
    for (const directory of new Set([gitDirectory, commonDirectory])) open(directory, false, name => matters.test(name))
    watchRefs()
  } catch {
    // Whatever the system's reason, looking by turns does the same.
    startPolling()
  }
  return () => {
    closed = true
    for (const watcher of watchers.splice(0)) watcher.close()
    if (debounce) clearTimeout(debounce)
    if (poll) clearInterval(poll)
  }
}

/** Times and sizes of all that is watched. */
function fingerprint(gitDirectory: string, commonDirectory: string): string {
  const parts: string[] = []
  const add = (path: string): void => {
    const stat = statSync(path, { throwIfNoEntry: false })
    if (stat) parts.push(`${path} ${stat.mtimeMs} ${stat.size} ${stat.ino}`)
  }
  const visit = (folder: string, deep: boolean): void => {
    let entries: { name: string; isDirectory(): boolean }[]
    try {
      entries = readdirSync(folder, { withFileTypes: true })
    } catch (error) {
      if (isAbsent(error)) return
      throw error
    }
    for (const entry of entries) {
      const path = join(folder, entry.name)
      if (deep && entry.isDirectory()) visit(path, true)
      else if (deep ? !entry.name.endsWith('.lock') : matters.test(entry.name)) add(path)
    }
  }
  for (const directory of new Set([gitDirectory, commonDirectory])) visit(directory, false)
  visit(join(commonDirectory, 'refs'), true)
  return parts.sort().join('\n')
}
