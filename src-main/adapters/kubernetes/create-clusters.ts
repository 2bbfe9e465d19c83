import { AppError } from '../../../shared/errors.ts'
import type { Cluster, Clusters } from '../../needs/cluster.ts'
import type { ContextEntry } from './kubeconfig-entries.ts'
import { ownKubeconfigFiles } from './kubeconfig-files.ts'
import { type Kubeconfig, type ParsedFiles, readKubeconfig } from './read-kubeconfig.ts'

/**
 * The clusters of a person's kubeconfig files, or of those that are given. Each is opened on demand, has connections of
 * its own, and is opened anew where its entry in the file has changed.
 */
export function createClusters(files?: readonly string[]): Clusters {
  const open = new Map<string, { readonly entry: string; readonly cluster: Cluster }>()
  const parsed: ParsedFiles = new Map()
  const read = (): Promise<Kubeconfig> =>
    readKubeconfig(files ?? ownKubeconfigFiles(), { inCluster: files === undefined }, parsed)

  async function openEntry(entry: ContextEntry): Promise<Cluster> {
    const { openCluster } = await import('./open-cluster.ts')
    const { name } = entry.context
    // Which context is the current one changes nothing of this one.
    const same = JSON.stringify({ ...entry, context: { ...entry.context, current: false } })
    const known = open.get(name)
    if (known?.entry === same) return known.cluster
    const cluster = openCluster(entry)
    open.set(name, { entry: same, cluster })
    await known?.cluster[Symbol.asyncDispose]()
    return cluster
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
    async [Symbol.asyncDispose]() {
      const all = [...open.values()]
      open.clear()
      await Promise.all(all.map(({ cluster }) => cluster[Symbol.asyncDispose]()))
    },
  }
}
