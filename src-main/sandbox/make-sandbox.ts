import { randomFillSync } from 'node:crypto'
import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join, posix, sep } from 'node:path'
import type { Api } from '../../shared/contract/index.ts'
import type { Edit } from '../../shared/edits/edit.ts'
import { AppError } from '../../shared/errors.ts'
import { workspacePath } from '../../shared/workspace-file/workspace-schema.ts'
import type { WorkspaceId } from '../../shared/workspaces/contract.ts'
import type { Clock } from '../needs/clock.ts'
import type { OpenRepository } from '../needs/git-repository.ts'
import { beginnings, environment, history, people, type SandboxChange, type SandboxDecision } from './history.ts'

export type SandboxNeeds = {
  /** A core on the given clock, called through the same contract as a page calls it. It is closed before the next. */
  readonly openCore: (clock: Clock) => Promise<AsyncDisposable & { readonly api: Api }>
  /** Our own Git engine on the given clock: the sandbox asks nothing of a Git that may not be installed. */
  readonly openRepository: (directory: string, clock: Clock) => ReturnType<OpenRepository>
  /** Milliseconds since the epoch: the past is counted back from here. */
  readonly now: number
  /** Folder of the platform's files; the repository's own `resources/sandbox/payments` when absent. */
  readonly source?: string
  /** Address of the sandbox's metrics, named in its `pilothouse.yaml`. */
  readonly metrics?: string
  /** Name of the kubeconfig context of its cluster, named there too. */
  readonly cluster?: string
  /** Called after each commit, for whoever waits. */
  readonly progress?: (done: number, total: number) => void
  readonly signal?: AbortSignal
}

/** The workspace to open, and the bare repository it pushes to. */
export type Sandbox = { readonly directory: string; readonly remote: string }

/**
 * Makes the sandbox below an empty folder: `payments`, a workspace of our own invention with some weeks of decisions,
 * and `payments.git`, its remote. Every decision goes through the contract, gate and commit path of the app; only the
 * clock and the author are given. Whoever opens it afterwards commits as "You".
 */
export async function makeSandbox(directory: string, needs: SandboxNeeds): Promise<Sandbox> {
  const { signal } = needs
  const source = needs.source ?? join(import.meta.dirname, '../../resources/sandbox/payments')
  const sandbox: Sandbox = { directory: join(directory, 'payments'), remote: join(directory, 'payments.git') }
  const total = beginnings.length + history.length
  const clock = steppingClock(needs.now)

  await makeRepository(sandbox.remote, 'bare = true')
  await makeRepository(join(sandbox.directory, '.git'), 'bare = false')
  const files = new Map(await readTree(source))
  let notes = new TextDecoder().decode(files.get(workspacePath))
  if (needs.cluster !== undefined)
    notes = notes.replace(`path: ${environment}\n`, `path: ${environment}\n    cluster: ${needs.cluster}\n`)
  if (needs.metrics !== undefined)
    notes += `metrics:\n  - { name: Prometheus, kind: prometheus, url: "${needs.metrics}" }\n`
  files.set(workspacePath, new TextEncoder().encode(notes))
  for (const [index, beginning] of beginnings.entries()) {
    signal?.throwIfAborted()
    clock.set(beginning)
    await configure(sandbox, people[beginning.author])
    await using repository = await needs.openRepository(sandbox.directory, clock)
    const { commit: base } = await repository.head()
    const commit = await repository.writeCommit(
      {
        base,
        files: new Map([...files].filter(([path]) => beginning.only(path))),
        message: beginning.message,
      },
      signal,
    )
    const moved = await repository.moveBranch('main', base, commit)
    if (moved.kind !== 'moved') throw new Error(`The sandbox's first commits could not be made: ${moved.kind}`)
    needs.progress?.(index + 1, total)
  }

  const ids: string[] = []
  await using core = await needs.openCore(clock)
  const { workspace } = await core.api.workspaces.open({ directory: sandbox.directory })
  for (const [index, decision] of history.entries()) {
    signal?.throwIfAborted()
    clock.set(decision)
    await configure(sandbox, people[decision.author])
    ids.push(await decide(core.api, workspace, decision, ids, signal))
    needs.progress?.(beginnings.length + index + 1, total)
  }
  await configure(sandbox, { name: 'You', email: 'you@payments.example' })
  await fillRemote(sandbox)
  return sandbox
}

/** Makes one decision and gives its Decision-Id. */
async function decide(
  api: Api,
  workspace: WorkspaceId,
  decision: SandboxDecision,
  ids: readonly string[],
  signal: AbortSignal | undefined,
): Promise<string> {
  const options = signal ? { signal } : {}
  const { title, why, kind, alternatives, consequences, reasons, reverts } = decision
  const edits = await editsOf(api, workspace, decision.changes)
  const outcome = await api.draft.publish(
    {
      workspace,
      changeSetId: null,
      edits,
      environment,
      title,
      why,
      kind,
      ...(alternatives && { alternatives }),
      ...(consequences && { consequences }),
      ...(reasons && { reasons }),
      ...(reverts !== undefined && { reverts: ids[reverts]! }),
      target: { kind: 'current-branch' },
      push: false,
    },
    options,
  )
  if (outcome.kind !== 'published')
    throw new AppError('unexpected', 'sandbox.notMade', { title, outcome: outcome.kind })
  const { summary } = await api.decisions.show({ workspace, decision: outcome.commit }, options)
  return summary.decisionId ?? outcome.commit
}

/** Passages become whole files, each on the text as it is by then. */
async function editsOf(api: Api, workspace: WorkspaceId, changes: readonly SandboxChange[]): Promise<Edit[]> {
  const edits: Edit[] = []
  const texts = new Map<string, string>()
  for (const change of changes) {
    if (change.kind !== 'replace-text' && change.kind !== 'append-text') {
      edits.push(change)
      continue
    }
    const text = texts.get(change.file) ?? (await api.workspaces.file({ workspace, path: change.file })).text
    if (text === null) throw new Error(`The sandbox has no ${change.file}`)
    texts.set(change.file, change.kind === 'append-text' ? text + change.text : text.replace(change.from, change.to))
  }
  for (const [file, text] of texts) edits.push({ kind: 'set-file', file, text })
  return edits
}

/** What `git init` leaves, as little of it as a repository needs. */
async function makeRepository(gitDirectory: string, bare: string): Promise<void> {
  for (const folder of ['objects/info', 'objects/pack', 'refs/heads', 'refs/tags', 'info', 'hooks'])
    await mkdir(join(gitDirectory, folder), { recursive: true })
  await writeFile(join(gitDirectory, 'HEAD'), 'ref: refs/heads/main\n', { flag: 'wx' })
  await writeFile(join(gitDirectory, 'config'), `[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\t${bare}\n`)
}

/** The clone's configuration; signing is left out, as nobody's key signs these people's past. */
async function configure(sandbox: Sandbox, person: { readonly name: string; readonly email: string }): Promise<void> {
  const remote = sandbox.remote.replaceAll('\\', '/').replaceAll('"', '\\"')
  await writeFile(
    join(sandbox.directory, '.git', 'config'),
    `[core]
\trepositoryformatversion = 0
\tfilemode = ${process.platform !== 'win32'}
\tbare = false
\tlogallrefupdates = true
\tautocrlf = false
[user]
\tname = ${person.name}
\temail = ${person.email}
[commit]
\tgpgsign = false
[remote "origin"]
\turl = "${remote}"
\tfetch = +refs/heads/*:refs/remotes/origin/*
[branch "main"]
\tremote = origin
\tmerge = refs/heads/main
[pilothouse]
\tsandbox = true
`,
  )
}

/** The remote gets everything as it stands, and the clone remembers that it has it. */
async function fillRemote(sandbox: Sandbox): Promise<void> {
  const git = join(sandbox.directory, '.git')
  await cp(join(git, 'objects'), join(sandbox.remote, 'objects'), { recursive: true })
  const main = await readFile(join(git, 'refs/heads/main'))
  await writeFile(join(sandbox.remote, 'refs/heads/main'), main)
  await mkdir(join(git, 'refs/remotes/origin'), { recursive: true })
  await writeFile(join(git, 'refs/remotes/origin/main'), main)
}

/** Files below a folder by their path from it, with forward slashes. */
async function readTree(folder: string): Promise<ReadonlyMap<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>()
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    files.set(
      path
        .slice(folder.length + 1)
        .split(sep)
        .join(posix.sep),
      await readFile(path),
    )
  }
  return files
}

type Moment = { readonly daysAgo: number; readonly at: string; readonly author: keyof typeof people }

const dayLength = 24 * 60 * 60 * 1000

/** A clock that stands at one moment of the past until it is set to the next. */
function steppingClock(now: number): Clock & { set(moment: Moment): void } {
  let time = now
  let offset = 0
  return {
    now: () => time,
    offset: () => offset,
    random: bytes => randomFillSync(new Uint8Array(bytes)),
    set(moment) {
      offset = people[moment.author].offset
      const [hours, minutes] = moment.at.split(':').map(Number) as [number, number]
      const midnight = Math.floor((now - moment.daysAgo * dayLength) / dayLength) * dayLength
      time = midnight + (hours * 60 + minutes - offset) * 60_000
    },
  }
}
