import * as z from 'zod/mini'
import { AppError } from '../../../shared/errors.ts'
import type { RecentWorkspace, WorkspaceId } from '../../../shared/workspaces/contract.ts'
import type { Clock } from '../../needs/clock.ts'
import type { Digest } from '../../needs/digest.ts'
import type { Documents } from '../../needs/documents.ts'
import type { Folders } from '../../needs/folders.ts'
import type { GitRepository, OpenRepository } from '../../needs/git-repository.ts'
import type { ParseGo } from '../../needs/go-parser.ts'
import type { Helm } from '../../needs/helm.ts'
import { createWorkspace, type Workspace } from './workspace.ts'

const Known = z.object({
  directory: z.string(),
  name: z.string(),
  openedAt: z.string(),
  sandbox: z.boolean(),
  fetchedAt: z.nullable(z.string()),
})
type Known = z.infer<typeof Known>

export type OpenWorkspacesNeeds = {
  readonly openRepository: OpenRepository
  readonly documents: Documents
  readonly folders: Folders
  readonly clock: Clock
  readonly digest: Digest
  readonly parseGo: ParseGo
  readonly helm: Helm
}

/** The clones that are open, and those that were. One session a clone, however many windows look at it. */
export interface Workspaces extends AsyncDisposable {
  open(directory: string): Promise<Workspace>
  /** Opens it again when this process has not yet: a page may outlive the core it talked to. */
  get(id: WorkspaceId): Promise<Workspace>
  recent(): Promise<readonly RecentWorkspace[]>
  /** Those that are open in this process. */
  current(): Promise<readonly Workspace[]>
  forget(directory: string): Promise<void>
  onRecentChange(listener: () => void): () => void
}

type Session = Workspace & AsyncDisposable

const document = 'workspaces'
const most = 50

export function openWorkspaces(needs: OpenWorkspacesNeeds): Workspaces {
  const sessions = new Map<WorkspaceId, Promise<Session>>()
  const listeners = new Set<() => void>()
  const idOf = (directory: string): WorkspaceId => needs.digest(directory).slice(0, 16)

  async function known(): Promise<readonly Known[]> {
    const read = z.array(Known).safeParse((await needs.documents.read(document)) ?? [])
    return read.success ? read.data : []
  }
  let closed = false
  let writing: Promise<void> = Promise.resolve()
  function keep(change: (list: readonly Known[]) => readonly Known[]): Promise<void> {
    const next = writing.then(async () => {
      await needs.documents.write(document, change(await known()).slice(0, most))
      for (const listener of listeners) listener()
    })
    writing = next.catch(() => undefined)
    return next
  }

  /**
   * The session of the clone that holds a folder. Between the look for one and the note of a new one nothing is waited
   * for, so that two who open a clone at once get the same.
   */
  async function sessionOf(directory: string): Promise<Session> {
    const repository = await needs.openRepository(directory)
    const id = idOf(repository.directory)
    try {
      await repository.recover()
      if (closed) throw new AppError('cancelled', 'error.cancelled')
    } catch (error) {
      await repository[Symbol.asyncDispose]()
      throw error
    }
    const running = sessions.get(id)
    if (running) {
      await repository[Symbol.asyncDispose]()
      return running
    }
    const starting = start(id, repository)
    sessions.set(id, starting)
    // A folder that has gone may come back: a failure must not be remembered.
    starting.catch(() => sessions.delete(id))
    return starting
  }

  async function start(id: WorkspaceId, repository: GitRepository): Promise<Session> {
    try {
      const old = (await known()).find(entry => entry.directory === repository.directory)
      const sandbox = (await repository.config('pilothouse.sandbox')) === 'true'
      const name = repository.directory.split(/[\\/]/).findLast(part => part !== '') ?? repository.directory
      return createWorkspace(
        { id, name, directory: repository.directory, sandbox, parseGo: needs.parseGo, helm: needs.helm },
        repository,
        old?.fetchedAt ?? null,
        fetchedAt =>
          keep(list => list.map(entry => (entry.directory === repository.directory ? { ...entry, fetchedAt } : entry))),
      )
    } catch (error) {
      await repository[Symbol.asyncDispose]()
      throw error
    }
  }

  async function open(directory: string): Promise<Workspace> {
    const workspace = await sessionOf(directory)
    const openedAt = new Date(needs.clock.now()).toISOString()
    await keep(list => {
      const old = list.find(entry => entry.directory === workspace.directory)
      const entry: Known = {
        directory: workspace.directory,
        name: workspace.name,
        openedAt,
        sandbox: workspace.sandbox,
        fetchedAt: old?.fetchedAt ?? null,
      }
      return [entry, ...list.filter(other => other.directory !== workspace.directory)]
    })
    return workspace
  }

  return {
    open,
    async get(id) {
      const session = sessions.get(id)
      if (session) return session
      const entry = (await known()).find(candidate => idOf(candidate.directory) === id)
      if (!entry) throw new AppError('not-found', 'workspace.notOpen')
      const opened = await sessionOf(entry.directory)
      // The clone is gone, and the folder it was in is part of another one now.
      if (opened.id !== id) throw new AppError('not-found', 'workspace.notOpen')
      return opened
    },
    async recent() {
      return Promise.all(
        (await known()).map(async ({ directory, name, openedAt, sandbox }) => ({
          directory,
          name,
          openedAt,
          sandbox,
          missing: !(await needs.folders.exists(directory)),
        })),
      )
    },
    async current() {
      const settled = await Promise.allSettled(sessions.values())
      return settled.flatMap(session => (session.status === 'fulfilled' ? [session.value] : []))
    },
    forget: directory => keep(list => list.filter(entry => entry.directory !== directory)),
    onRecentChange(listener) {
      listeners.add(listener)
      const unwatch = needs.documents.watch(document, listener)
      return () => {
        listeners.delete(listener)
        unwatch()
      }
    },
    async [Symbol.asyncDispose]() {
      closed = true
      const open = await Promise.allSettled(sessions.values())
      sessions.clear()
      for (const session of open) if (session.status === 'fulfilled') await session.value[Symbol.asyncDispose]()
      await writing
    },
  }
}
