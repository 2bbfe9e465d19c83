import { statSync } from 'node:fs'
import { dirname, isAbsolute, join, resolve } from 'node:path'
import { AppError } from '../../../../shared/errors.ts'
import { readText } from '../files/read-text.ts'
import { wildmatch } from '../files/wildmatch.ts'
import type { GitEnvironment } from '../open/git-environment.ts'
import { type ConfigEntry, canonicalKey, parseBoolean, parseConfig } from './parse-config.ts'

/** Where a value came from. `local` and `worktree` belong to the clone, and who made it may not be its user. */
export type ConfigScope = 'system' | 'global' | 'local' | 'worktree' | 'command'
type ScopedEntry = ConfigEntry & { readonly scope: ConfigScope }

const deepestInclude = 10

/**
 * Git's configuration of one clone: system, global, the clone's own, the work tree's and the environment's, with
 * `include` and `includeIf`. Read again when one of the files (or, for `onbranch:`, the branch) changes.
 */
export class Configuration {
  readonly #gitDirectory: string
  readonly #commonDirectory: string
  readonly #environment: GitEnvironment
  readonly #branch: () => string | null
  #entries: readonly ScopedEntry[] = []
  #stamp: string | null = null
  #files: readonly string[] = []
  #usesBranch = false

  /** `branch`: short name of the current branch, for `includeIf "onbranch:…"`. */
  constructor(gitDirectory: string, commonDirectory: string, environment: GitEnvironment, branch: () => string | null) {
    this.#gitDirectory = gitDirectory
    this.#commonDirectory = commonDirectory
    this.#environment = environment
    this.#branch = branch
  }

  /** The last value of a key; `true` for a bare name; null when it is not set. */
  get(key: string): string | null {
    const values = this.all(key)
    return values.at(-1) ?? null
  }

  /** All values of a key, in the order git reads them. */
  all(key: string, scopes?: readonly ConfigScope[]): readonly string[] {
    this.#refresh()
    const wanted = canonicalKey(key)
    return this.#entries
      .filter(entry => entry.key === wanted && (!scopes || scopes.includes(entry.scope)))
      .map(entry => entry.value ?? 'true')
  }

  /** A boolean; `fallback` when it is not set. Rejects a value that is none, naming the key. */
  boolean(key: string, fallback: boolean): boolean {
    const text = this.get(key)
    if (text === null) return fallback
    const value = parseBoolean(text)
    if (value === undefined) throw new AppError('invalid-input', 'git.configNotBoolean', { key, value: text })
    return value
  }

  /** Pairs of subsection and value: `subsections('url', 'insteadof')`. */
  subsections(section: string, name: string): readonly { readonly subsection: string; readonly value: string }[] {
    this.#refresh()
    const start = `${section}.`
    const end = `.${name}`
    return this.#entries
      .filter(({ key }) => key.startsWith(start) && key.endsWith(end) && key.length > start.length + end.length - 1)
      .map(({ key, value }) => ({ subsection: key.slice(start.length, -end.length), value: value ?? 'true' }))
  }

  /** The names set in a section without subsection. */
  namesIn(section: string, scopes: readonly ConfigScope[]): readonly string[] {
    this.#refresh()
    return this.#entries
      .filter(({ key, scope }) => scopes.includes(scope) && key.startsWith(`${section}.`))
      .map(({ key }) => key.slice(section.length + 1))
  }

  /** A path value: `~/` is the home folder; null when it is not set. */
  path(key: string): string | null {
    const value = this.get(key)
    return value === null || value === '' ? null : this.#expand(value)
  }

  #refresh(): void {
    if (this.#stamp !== null && this.#stamp === this.#currentStamp()) return
    const first = this.#load(null)
    this.#entries = first.needsRemotes
      ? this.#load(first.entries.filter(({ key }) => /^remote\..+\.url$/.test(key)).map(({ value }) => value ?? ''))
          .entries
      : first.entries
    this.#stamp = this.#currentStamp()
  }

  #currentStamp(): string {
    const times = this.#files.map(file => {
      const stat = statSync(file, { throwIfNoEntry: false })
      return stat ? `${stat.mtimeMs}/${stat.size}/${stat.ino}` : '-'
    })
    return `${times.join(' ')}${this.#usesBranch ? ` ${this.#branch()}` : ''}`
  }

  /** `remotes`: the URLs for `hasconfig:remote.*.url:`, which needs a first reading without such includes. */
  #load(remotes: readonly string[] | null): { entries: readonly ScopedEntry[]; needsRemotes: boolean } {
    const entries: ScopedEntry[] = []
    const files: string[] = []
    let needsRemotes = false
    this.#usesBranch = false

    const holds = (condition: string, file: string): boolean => {
      const [kind, ...rest] = condition.split(':')
      const pattern = rest.join(':')
      if (kind === 'gitdir' || kind === 'gitdir/i') return this.#matchesDirectory(pattern, file, kind === 'gitdir/i')
      if (kind === 'onbranch') {
        this.#usesBranch = true
        const branch = this.#branch()
        return branch !== null && wildmatch(pattern.endsWith('/') ? `${pattern}**` : pattern).test(branch)
      }
      if (kind === 'hasconfig' && pattern.startsWith('remote.*.url:')) {
        if (!remotes) {
          needsRemotes = true
          return false
        }
        const glob = wildmatch(pattern.slice('remote.*.url:'.length))
        return remotes.some(url => glob.test(url))
      }
      return false
    }
    const add = (file: string, scope: ConfigScope, depth: number): void => {
      if (depth > deepestInclude) throw new AppError('invalid-input', 'git.configIncludesTooDeep', { file })
      files.push(file)
      const text = readText(file)
      if (text === null) return
      for (const entry of parseConfig(text, file)) {
        entries.push({ ...entry, scope })
        const condition = /^includeif\.(.+)\.path$/s.exec(entry.key)
        if (!entry.value || !(entry.key === 'include.path' || (condition && holds(condition[1]!, file)))) continue
        const path = this.#expand(entry.value)
        add(isAbsolute(path) ? path : resolve(dirname(file), path), scope, depth + 1)
      }
    }
    for (const file of this.#environment.systemConfigFiles) add(file, 'system', 0)
    for (const file of this.#environment.globalConfigFiles) add(file, 'global', 0)
    add(join(this.#commonDirectory, 'config'), 'local', 0)
    const worktreeConfig = entries.findLast(({ key }) => key === 'extensions.worktreeconfig')
    if (worktreeConfig && parseBoolean(worktreeConfig.value))
      add(join(this.#gitDirectory, 'config.worktree'), 'worktree', 0)
    for (const { key, value } of this.#environment.configEntries)
      entries.push({ key: canonicalKey(key), value, scope: 'command' })
    this.#files = files
    return { entries, needsRemotes }
  }

  #matchesDirectory(condition: string, file: string, ignoreCase: boolean): boolean {
    let pattern = condition.startsWith('~/') ? this.#expand(condition) : condition
    if (pattern.startsWith('./')) pattern = `${dirname(file)}${pattern.slice(1)}`
    else if (!isAbsolute(pattern)) pattern = `**/${pattern}`
    if (pattern.endsWith('/')) pattern += '**'
    const directory = this.#gitDirectory.replaceAll('\\', '/')
    return wildmatch(pattern.replaceAll('\\', '/'), ignoreCase).test(directory)
  }

  #expand(path: string): string {
    return path.startsWith('~/') ? join(this.#environment.home, path.slice(2)) : path
  }
}
