import { resolve } from 'node:path'
import { AppError } from '../../../shared/errors.ts'
import type { Cluster, Clusters } from '../../needs/cluster.ts'
import type { ContextEntry } from './kubeconfig-entries.ts'
import { ownKubeconfigFiles } from './kubeconfig-files.ts'
import { lastingCluster } from './lasting-cluster.ts'
import { type Kubeconfig, type ParsedFiles, readKubeconfig } from './read-kubeconfig.ts'
import { watchFiles } from './watch-files.ts'

/** The clusters of kubeconfig files, and word of it when the files may say something else. */
export type KubeconfigClusters = Clusters & {
  /** `listener` is called when the files have changed, once what was open has the connections they now say. */
  onChange(listener: () => void): () => void
}

type Opened = {
  readonly server: string
  /** What the files say of it, to tell when they say something else. */
  readonly said: string
} & ReturnType<typeof lastingCluster>

/** Milliseconds between two looks at the files: who saved one and comes back to the window finds it read. */
const usualLook = 1000

/**
 * The clusters of a person's kubeconfig files, or of those that are given. Each is opened on demand and has connections of
 * its own. Where its entry in the file has changed they are made anew under whoever looks; where the context leads to
 * another server it is another cluster.
 */
export function createClusters(files?: readonly string[], lookEvery = usualLook): KubeconfigClusters {
  const open = new Map<string, Opened>()
  const parsed: ParsedFiles = new Map()
  const listeners = new Set<() => void>()
  let leave: (() => void) | null = null
  const read = (): Promise<Kubeconfig> =>
    readKubeconfig(files ?? ownKubeconfigFiles(), { inCluster: files === undefined }, parsed)

  async function openEntry(entry: ContextEntry): Promise<Cluster> {
    const { openCluster } = await import('./open-cluster.ts')
    const { name, server } = entry.context
    const said = saidOf(entry)
    const known = open.get(name)
    if (known?.said === said) return known.cluster
    if (known?.server === server) {
      open.set(name, { ...known, said })
      await known.replace(openCluster(entry))
      return known.cluster
    }
    const lasting = lastingCluster(openCluster(entry))
    open.set(name, { server, said, ...lasting })
    await known?.cluster[Symbol.asyncDispose]()
    return lasting.cluster
  }

  /** Gives what is open the connections that the files now say. A context that is no longer named stays as it is. */
  async function renew(): Promise<void> {
    const { contexts } = await read()
    for (const entry of contexts)
      if (open.has(entry.context.name) && open.get(entry.context.name)?.said !== saidOf(entry)) await openEntry(entry)
  }
  const tell = (): void => {
    for (const listener of [...listeners]) listener()
  }

  return {
    async contexts() {
      const { contexts, problems } = await read()
      return { contexts: contexts.map(({ context }) => context), problems }
    },
    async open(name) {
      const { contexts, problems } = await read()
      const entry = contexts.find(({ context }) => context.name === name)
      if (entry) return await openEntry(entry)
      const problem = problems.find(each => each.problem.params?.['context'] === name)?.problem
      if (problem) throw new AppError('invalid-input', problem.key, problem.params)
      if (contexts.length === 0) throw new AppError('not-found', 'cluster.noContexts', { context: name })
      const known = contexts.map(({ context }) => context.name).join(', ')
      throw new AppError('not-found', 'cluster.noSuchContext', { context: name, known })
    },
    onChange(listener) {
      listeners.add(listener)
      // What fails here fails again, and is said, where whoever is told reads the contexts.
      const changed = () => void renew().then(tell, tell)
      leave ??= watchFiles(
        (files ?? ownKubeconfigFiles()).map(file => resolve(file)),
        lookEvery,
        changed,
      )
      return () => {
        listeners.delete(listener)
        if (listeners.size > 0) return
        leave?.()
        leave = null
      }
    },
    async [Symbol.asyncDispose]() {
      leave?.()
      listeners.clear()
      const all = [...open.values()]
      open.clear()
      await Promise.all(all.map(({ cluster }) => cluster[Symbol.asyncDispose]()))
    },
  }
}

/** Which context is the current one changes nothing of this one. */
const saidOf = (entry: ContextEntry): string =>
  JSON.stringify({ ...entry, context: { ...entry.context, current: false } })
