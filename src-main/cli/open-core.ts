import { resolve } from 'node:path'
import { createClient } from '../../shared/contract/client.ts'
import { inMemoryChannel } from '../../shared/contract/in-memory-channel.ts'
import { type Api, contract } from '../../shared/contract/index.ts'
import { AppError, isCancelled } from '../../shared/errors.ts'
import type { WorkspaceId } from '../../shared/workspaces/contract.ts'
import { memoryDocuments } from '../adapters/app-data/memory-documents.ts'
import { createCore } from '../core/create-core.ts'
import type { Clock } from '../needs/clock.ts'
import type { Clusters } from '../needs/cluster.ts'
import { type PlainHostOptions, plainHost } from '../server/plain-host.ts'
import { answerQuestions } from './answer-questions.ts'
import { appVersion } from './app-root.ts'
import type { Terminal } from './terminal.ts'

/** The core in this process, called through the same contract as a page calls it. */
export type LocalCore = AsyncDisposable & {
  readonly api: Api
  readonly clusters: Clusters
  readonly report: (error: unknown) => void
}

/**
 * Starts a core for one command. Its documents end with it: a command leaves no trace in the app's list of recent
 * workspaces and does not touch a draft that is open in a window. `clock` is the system's when absent; clusters and
 * nodes are those the person's own files name, unless others are given.
 */
export async function openCore(
  terminal: Terminal,
  clock?: Clock,
  others: Pick<PlainHostOptions, 'ssh' | 'kubeconfigFiles'> = {},
): Promise<LocalCore> {
  await using opening = new AsyncDisposableStack()
  const host = plainHost({
    version: appVersion(),
    directory: null,
    sandbox: false,
    documents: memoryDocuments(),
    ...others,
  })
  const core = opening.use(await createCore(host, clock))
  const [coreSide, ourSide] = inMemoryChannel()
  core.answer(coreSide)
  const api = createClient(contract, ourSide)
  opening.defer(() => ourSide.close())
  const questions = new AbortController()
  opening.defer(() => questions.abort())
  answerQuestions(api, terminal, AbortSignal.any([terminal.signal, questions.signal])).catch((error: unknown) => {
    if (!isCancelled(error)) host.report(error)
  })
  const all = opening.move()
  return { api, clusters: core.clusters, report: host.report, [Symbol.asyncDispose]: () => all.disposeAsync() }
}

/** Opens the workspace a command names. */
export async function openWorkspace(
  { api }: LocalCore,
  directory: string | undefined,
  terminal: Terminal,
): Promise<WorkspaceId> {
  const { signal } = terminal
  const { workspace } = await api.workspaces.open(
    { directory: resolve(terminal.directory, directory ?? '.') },
    { signal },
  )
  return workspace
}

/** The first item of a stream: its snapshot. */
export async function first<T>(stream: AsyncIterable<T>, signal: AbortSignal): Promise<T> {
  for await (const item of stream) return item
  throw signal.aborted
    ? new AppError('cancelled', 'error.cancelled')
    : new AppError('connection-lost', 'error.connectionLost')
}
