import { relativePath, supersededBy } from '../../../shared/decisions/change-adr.ts'
import type { DecisionLink } from '../../../shared/decisions/decision.ts'
import { readAdr } from '../../../shared/decisions/read-adr.ts'
import { readDecision } from '../../../shared/decisions/read-decision.ts'
import { AppError } from '../../../shared/errors.ts'
import type { ObjectId } from '../../needs/git-repository.ts'
import { findDecision } from '../decisions/index.ts'
import { readTextFile, type Workspace } from '../workspaces/index.ts'

/** A link with what it leads to. */
export type ResolvedLink = DecisionLink & {
  readonly title: string
  /** Where its record is at the base; null for a commit without one, or with one that is gone. */
  readonly record: { readonly path: string; readonly text: string } | null
}

/**
 * What links lead to at a commit: a record by its path, a decision by its Decision-Id or commit. Rejects `not-found`
 * for one that leads nowhere. A target is written as it is to stay: an id in whole.
 */
export async function resolveLinks(
  workspace: Workspace,
  base: ObjectId | null,
  links: readonly DecisionLink[],
  signal: AbortSignal,
): Promise<readonly ResolvedLink[]> {
  const { repository } = workspace
  const textAt = async (path: string): Promise<string | null> =>
    base === null ? null : (await readTextFile(repository, base, path)).text
  const resolved: ResolvedLink[] = []
  for (const { relation, target } of links) {
    if (/\.(md|markdown)$/i.test(target)) {
      const text = await textAt(target)
      if (text === null) throw new AppError('not-found', 'record.linkNowhere', { target })
      resolved.push({ relation, target, title: readAdr(text).title ?? target, record: { path: target, text } })
      continue
    }
    const summary = readDecision(await repository.commit(await findDecision(workspace, target, signal)))
    const path = summary.record?.endsWith('/') ? `${summary.record}README.md` : null
    const text = path === null ? null : await textAt(path)
    resolved.push({
      relation,
      target: summary.decisionId ?? summary.id,
      title: summary.title,
      record: path === null || text === null ? null : { path, text },
    })
  }
  return resolved
}

/** The records that are superseded, saying so: by path, where a record is to be found. */
export function markSuperseded(
  links: readonly ResolvedLink[],
  by: { readonly title: string; readonly record: string },
  now: ReadonlyMap<string, string | null>,
): ReadonlyMap<string, string> {
  const marked = new Map<string, string>()
  for (const { relation, record } of links) {
    if (relation !== 'supersedes' || !record) continue
    const text = now.get(record.path) ?? record.text
    const href = relativePath(record.path, `${by.record}README.md`)
    const changed = supersededBy(text, { title: by.title, href })
    if (changed !== text) marked.set(record.path, changed)
  }
  return marked
}
