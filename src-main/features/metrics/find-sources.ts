import * as z from 'zod/mini'
import { readWorkspaceFile } from '../../../shared/workspace-file/read-workspace-file.ts'
import { MetricsSource, workspacePath } from '../../../shared/workspace-file/workspace-schema.ts'
import type { Digest } from '../../needs/digest.ts'
import type { Documents } from '../../needs/documents.ts'
import { readerOf } from '../topology/index.ts'
import type { Workspace } from '../workspaces/index.ts'

/** A source as it is asked, with who named it. */
export type Source = MetricsSource & {
  readonly id: string
  readonly origin: 'workspace' | 'machine'
  readonly allowed: boolean
}

const Kept = z.object({
  sources: z.array(MetricsSource),
  /** Ids of sources the repository names and a person let this machine ask. */
  allowed: z.array(z.string()),
})
export type KeptSources = z.infer<typeof Kept>

const documentOf = (workspace: Workspace): string => `metrics-${workspace.id}`

/** What this machine keeps of a workspace's sources. */
export async function readKept(documents: Documents, workspace: Workspace): Promise<KeptSources> {
  const read = Kept.safeParse(await documents.read(documentOf(workspace)))
  return read.success ? read.data : { sources: [], allowed: [] }
}
export const writeKept = (documents: Documents, workspace: Workspace, kept: KeptSources): Promise<void> =>
  documents.write(documentOf(workspace), kept)
export const watchKept = (documents: Documents, workspace: Workspace, listener: () => void): (() => void) =>
  documents.watch(documentOf(workspace), listener)

/**
 * A source's id is a hash of everything that decides where a request goes and what it carries: what a person allowed
 * once is not allowed any more when the repository changes it.
 */
export const idOfSource = (source: MetricsSource, digest: Digest): string => {
  const { kind, url, tenant, auth, headers, caFile, match } = source
  return digest(JSON.stringify([kind, url, tenant, auth, headers, caFile, match])).slice(0, 16)
}

/** The sources of an environment, those of the repository first. */
export async function findSources(
  workspace: Workspace,
  environment: string,
  needs: { readonly documents: Documents; readonly digest: Digest },
): Promise<readonly Source[]> {
  const { commit } = await workspace.repository.head()
  const notes = (await readerOf(workspace).filesAt(commit)).get(workspacePath)
  const kept = await readKept(needs.documents, workspace)
  const found = new Map<string, Source>()
  const add = (source: MetricsSource, origin: Source['origin']) => {
    const id = idOfSource(source, needs.digest)
    if (found.has(id) || (source.environments && !source.environments.includes(environment))) return
    // The sandbox is ours, and so is what it names.
    const allowed = origin === 'machine' || workspace.sandbox || kept.allowed.includes(id)
    found.set(id, { ...source, id, origin, allowed })
  }
  for (const source of notes ? readWorkspaceFile(notes.path, notes.text).metrics : []) add(source, 'workspace')
  for (const source of kept.sources) add(source, 'machine')
  return [...found.values()]
}
