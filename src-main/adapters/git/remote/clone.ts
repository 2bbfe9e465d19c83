import { mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { AppError } from '../../../../shared/errors.ts'
import { withoutCredentials } from '../../../../shared/workspaces/remote-url.ts'
import type { Clock } from '../../../needs/clock.ts'
import type { TransferProgress } from '../../../needs/git-remote.ts'
import type { ObjectId } from '../../../needs/git-repository.ts'
import { toWorkTree } from '../attributes/line-endings.ts'
import { PathConversions } from '../attributes/path-conversion.ts'
import { Configuration } from '../config/configuration.ts'
import { CommitGraph } from '../history/commit-graph.ts'
import { entryAt } from '../history/trees.ts'
import { ObjectStore } from '../objects/object-store.ts'
import { treeMode } from '../objects/tree.ts'
import type { GitEnvironment } from '../open/git-environment.ts'
import { isRefName } from '../refs/ref-name.ts'
import { appendReflog } from '../refs/reflog.ts'
import type { Advertisement } from './advertisement.ts'
import { checkOut } from './checkout.ts'
import { fetchPack } from './fetch-pack.ts'
import { greet, translateRemoteError } from './greet.ts'
import { reflogPerson } from './local-clone.ts'
import { openService, type ServiceNeeds } from './open-service.ts'
import { parseAddress } from './remote-address.ts'
import { rewriteUrl } from './rewrite-url.ts'
import type { GitService } from './service.ts'

export type CloneOptions = {
  readonly progress?: TransferProgress
  readonly signal: AbortSignal
  readonly environment: GitEnvironment
  readonly clock: Pick<Clock, 'now' | 'offset'>
  /** False: objects and refs alone, HEAD set, no files and no index. */
  readonly checkOut?: boolean
}

/** Clones as `git clone` does. What fails or is cancelled on the way leaves nothing behind. */
export async function clone(
  url: string,
  directory: string,
  needs: ServiceNeeds,
  { progress, signal, environment, clock, checkOut: withFiles = true }: CloneOptions,
): Promise<void> {
  signal.throwIfAborted()
  const target = resolve(directory)
  const made = makeFolder(target)
  let service: GitService | null = null
  try {
    const gitDirectory = join(target, '.git')
    initialise(gitDirectory)
    const configuration = new Configuration(gitDirectory, gitDirectory, environment, () => null)
    const address = rewriteUrl(url, configuration, 'insteadof')
    const parsed = parseAddress(address, process.cwd())
    progress?.({ phase: 'transport.phaseConnecting', done: 0, total: null })
    service = await openService(address, 'git-upload-pack', configuration, target, needs, signal)
    const advertisement = await greet(service, 'git-upload-pack', signal)

    const branches = [...advertisement.refs].filter(([name]) => name.startsWith('refs/heads/') && isRefName(name))
    const tags = [...advertisement.refs].filter(([name]) => name.startsWith('refs/tags/') && isRefName(name))
    const detached = advertisement.refs.get('HEAD') ?? null
    const wants = [...new Set([...branches, ...tags].map(([, oid]) => oid).concat(detached ?? []))]
    const packDirectory = join(gitDirectory, 'objects', 'pack')
    if (wants.length > 0) {
      const request = { wants, haves: [][Symbol.iterator](), common: () => {}, shallow: [], tags: false }
      await fetchPack(service, advertisement, request, packDirectory, progress, signal)
    }
    await service[Symbol.asyncDispose]()

    const objects = new ObjectStore(join(gitDirectory, 'objects'))
    try {
      for (const oid of wants)
        if (!objects.has(oid))
          throw new AppError('connection-lost', 'transport.missingTip', { host: service.host, oid })
      const shallow = advertisement.shallow.filter(oid => objects.has(oid))
      if (shallow.length > 0) writeFileSync(join(gitDirectory, 'shallow'), shallow.map(oid => `${oid}\n`).join(''))

      const head = headOf(advertisement, configuration)
      const commit = head.commit && new CommitGraph(objects, gitDirectory).peel(head.commit)
      writeRefs(gitDirectory, branches, tags, advertisement, head, commit)
      // A relative path means something only here and now.
      const isPath = parsed.kind === 'local' && address === url && !url.includes('://')
      const remembered = isPath ? parsed.path : withoutPassword(url)
      const symlinks = canMakeSymlinks(gitDirectory)
      writeFileSync(
        join(gitDirectory, 'config'),
        configText(remembered, head.branch, { symlinks, ignoreCase: ignoresCase(gitDirectory) }),
      )
      if (commit) {
        const log = { committer: reflogPerson(configuration, environment, clock), keep: 'normal' as const }
        const message = `clone: from ${withoutCredentials(remembered)}`
        for (const ref of ['HEAD', ...(head.branch === null ? [] : [head.branch])])
          appendReflog(gitDirectory, ref, null, commit, message, log)
        if (withFiles) {
          const { tree } = new CommitGraph(objects, gitDirectory).links(commit)
          const conversions = new PathConversions(configuration, environment, gitDirectory, path => {
            const entry = entryAt(objects, tree, path)
            return entry && entry.mode !== treeMode ? objects.read(entry.oid).data.toString('utf8') : null
          })
          await checkOut(objects, tree, target, join(gitDirectory, 'index'), {
            symlinks,
            convert: (path, data) => toWorkTree(data, conversions.of(path).endings),
            signal,
            ...(progress && { progress }),
          })
        }
      }
    } finally {
      objects.close()
    }
    // Until here a cancelled clone is no clone.
    signal.throwIfAborted()
  } catch (error) {
    await service?.[Symbol.asyncDispose]()
    if (made !== null) rmSync(made, { recursive: true, force: true })
    // A folder that was there before stays, as empty as it was.
    else for (const name of readdirSync(target)) rmSync(join(target, name), { recursive: true, force: true })
    throw translateRemoteError(error, service, signal)
  }
}

/** Makes the folder and what is above it. Returns the topmost that was made, which has to go when the clone fails. */
function makeFolder(target: string): string | null {
  try {
    const first = mkdirSync(target, { recursive: true })
    if (first !== undefined) return first
    if (readdirSync(target).length > 0) throw new AppError('conflict', 'transport.notEmpty', { directory: target })
    return null
  } catch (error) {
    if (error instanceof AppError) throw error
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    if (code === 'EEXIST' || code === 'ENOTDIR')
      throw new AppError('conflict', 'transport.notEmpty', { directory: target }, { cause: error })
    throw new AppError(
      'unauthorized',
      'transport.cannotWrite',
      { directory: dirname(target), reason: code },
      { cause: error },
    )
  }
}

function initialise(gitDirectory: string): void {
  for (const folder of ['objects/info', 'objects/pack', 'refs/heads', 'refs/tags', 'info', 'hooks'])
    mkdirSync(join(gitDirectory, folder), { recursive: true })
  writeFileSync(join(gitDirectory, 'HEAD'), 'ref: refs/heads/main\n')
  writeFileSync(join(gitDirectory, 'info', 'exclude'), '')
}

type Head = {
  /** Full name of the branch HEAD is on; null: detached. */
  readonly branch: string | null
  /** Null: not born. */
  readonly commit: ObjectId | null
}

/** Where HEAD goes: the remote's branch, else the one that is where the remote's HEAD is, else detached there. */
function headOf({ refs, head }: Advertisement, configuration: Configuration): Head {
  const commit = refs.get('HEAD') ?? null
  if (head?.startsWith('refs/heads/') && isRefName(head)) return { branch: head, commit: refs.get(head) ?? null }
  const fallback = `refs/heads/${configuration.get('init.defaultbranch') ?? 'master'}`
  if (commit === null) return { branch: isRefName(fallback) ? fallback : 'refs/heads/master', commit: null }
  // Servers of old do not name the branch of HEAD.
  const same = [...refs].filter(([name, oid]) => oid === commit && name.startsWith('refs/heads/')).map(([name]) => name)
  const branch =
    head === null ? (['refs/heads/main', 'refs/heads/master'].find(name => same.includes(name)) ?? same[0]) : undefined
  return { branch: branch !== undefined && isRefName(branch) ? branch : null, commit }
}

function writeRefs(
  gitDirectory: string,
  branches: readonly (readonly [string, ObjectId])[],
  tags: readonly (readonly [string, ObjectId])[],
  { peeled }: Advertisement,
  head: Head,
  commit: ObjectId | null,
): void {
  const packed = [
    ...branches.map(([name, oid]) => [`refs/remotes/origin/${name.slice('refs/heads/'.length)}`, oid] as const),
    ...tags,
  ].sort(([a], [b]) => (Buffer.from(a) < Buffer.from(b) ? -1 : 1))
  packed.sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
  if (packed.length > 0)
    writeFileSync(
      join(gitDirectory, 'packed-refs'),
      `# pack-refs with: peeled fully-peeled sorted \n${packed
        .map(([name, oid]) => `${oid} ${name}\n${peeled.has(name) ? `^${peeled.get(name)}\n` : ''}`)
        .join('')}`,
    )
  if (head.branch !== null && commit !== null) {
    const origin = join(gitDirectory, 'refs', 'remotes', 'origin')
    mkdirSync(origin, { recursive: true })
    writeFileSync(join(origin, 'HEAD'), `ref: refs/remotes/origin/${head.branch.slice('refs/heads/'.length)}\n`)
    const path = join(gitDirectory, head.branch)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, `${commit}\n`)
  }
  writeFileSync(
    join(gitDirectory, 'HEAD'),
    head.branch !== null ? `ref: ${head.branch}\n` : `${commit ?? head.commit}\n`,
  )
}

/** A clone's configuration as git writes it. */
function configText(url: string, branch: string | null, disk: { symlinks: boolean; ignoreCase: boolean }): string {
  const lines = [
    '[core]',
    '\trepositoryformatversion = 0',
    `\tfilemode = ${process.platform !== 'win32'}`,
    '\tbare = false',
    '\tlogallrefupdates = true',
    ...(disk.symlinks ? [] : ['\tsymlinks = false']),
    ...(disk.ignoreCase ? ['\tignorecase = true'] : []),
    ...(process.platform === 'darwin' ? ['\tprecomposeunicode = true'] : []),
    '[remote "origin"]',
    `\turl = ${quoted(url)}`,
    '\tfetch = +refs/heads/*:refs/remotes/origin/*',
  ]
  if (branch !== null) {
    const name = branch.slice('refs/heads/'.length)
    lines.push(`[branch "${name.replace(/["\\]/g, '\\$&')}"]`, '\tremote = origin', `\tmerge = ${quoted(branch)}`)
  }
  return `${lines.join('\n')}\n`
}

const quoted = (value: string): string =>
  /^[ \t]|[ \t]$|[#;"\\]/.test(value) ? `"${value.replace(/["\\]/g, '\\$&')}"` : value

/** A password has no place in a file that is copied with the clone; the user name stays. */
const withoutPassword = (url: string): string => url.replace(/^([a-z][a-z0-9+.-]*:\/\/[^/?#@:]*):[^/?#]*@/i, '$1@')

function canMakeSymlinks(gitDirectory: string): boolean {
  const probe = join(gitDirectory, 'probe')
  try {
    symlinkSync('HEAD', probe)
    return true
  } catch {
    return false // Windows without the right to: git then writes the target as text
  } finally {
    rmSync(probe, { force: true })
  }
}

function ignoresCase(gitDirectory: string): boolean {
  return readdirSync(gitDirectory).length > 0 && exists(join(gitDirectory, 'hEAD'))
}

function exists(path: string): boolean {
  try {
    readdirSync(path)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ENOTDIR'
  }
}
