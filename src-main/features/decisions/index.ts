import type { AuditHashes } from '../../../shared/audit/audit-log.ts'
import type { Handlers } from '../../../shared/contract/define.ts'
import type { AppContract } from '../../../shared/contract/index.ts'
import { recomputed } from '../../../shared/contract/recomputed.ts'
import { searchHistory } from '../../../shared/history/search-history.ts'
import type { Documents } from '../../needs/documents.ts'
import type { GitCommit } from '../../needs/git-repository.ts'
import { resultsOf } from '../results/index.ts'
import { readTextFile, resolveRevision, type Workspace, type Workspaces } from '../workspaces/index.ts'
import { chainOf } from './chain.ts'
import { exportAudit, exportDocument, type SnapshotOf } from './export-decisions.ts'
import { findDecision } from './find-decision.ts'
import { ForeignRecordIndex } from './foreign-records.ts'
import { HistoryIndex } from './history.ts'
import { readLog } from './read-log.ts'
import { ReleaseIndex } from './releases.ts'
import { showDecision } from './show-decision.ts'
import { Touches } from './touches.ts'

export { findDecision } from './find-decision.ts'
export { readSnapshotOf } from './show-decision.ts'

export type DecisionsFeature = {
  readonly handlers: Handlers<AppContract>['decisions']
  /** Commits of the branch whose gate was waived, newest first. */
  waived(workspace: Workspace, signal: AbortSignal): Promise<readonly GitCommit[]>
}

/** The history of decisions, read from Git alone. */
export function decisionsFeature(needs: {
  workspaces: Workspaces
  documents: Documents
  hashes: AuditHashes
  snapshotOf: SnapshotOf
}): DecisionsFeature {
  const { workspaces } = needs
  const index = new HistoryIndex(needs.documents)
  const indexes = {
    history: index,
    records: new ForeignRecordIndex(needs.documents),
    touches: new Touches(needs.documents),
    releases: new ReleaseIndex(),
  }
  return {
    async waived(workspace, signal) {
      const tip = await resolveRevision(workspace, undefined)
      if (tip === null) return []
      const found = searchHistory(await index.at(workspace, tip, signal), { gates: ['waived'] })
      return Promise.all([...found].map(({ id }) => workspace.repository.commit(id)))
    },
    handlers: {
      async *log(input, { signal }) {
        const workspace = await workspaces.get(input.workspace)
        // A page further back is a page of the past: it does not change.
        if (input.before !== undefined) yield await readLog(workspace, indexes, input, signal)
        else yield* recomputed(signal, workspace.onChange, () => readLog(workspace, indexes, input, signal))
      },
      async show({ workspace: id, decision }, { signal }) {
        const workspace = await workspaces.get(id)
        return showDecision(workspace, indexes.records, await findDecision(workspace, decision, signal), signal)
      },
      async chain({ workspace: id, decision }, { signal }) {
        const workspace = await workspaces.get(id)
        return chainOf(workspace, indexes, await findDecision(workspace, decision, signal), signal)
      },
      async *results({ workspace: id, decision }, { signal }) {
        const workspace = await workspaces.get(id)
        const oid = await findDecision(workspace, decision, signal)
        yield* recomputed(signal, workspace.onChange, async () => (await resultsOf(workspace)).get(oid) ?? [])
      },
      document: async ({ workspace: id, decisions, format, locale }, { signal }) =>
        exportDocument(
          await workspaces.get(id),
          { records: indexes.records, snapshotOf: needs.snapshotOf },
          decisions,
          format,
          locale,
          signal,
        ),
      async *audit({ workspace: id, range }, { signal }) {
        yield* exportAudit(await workspaces.get(id), range, needs.hashes, signal)
      },
      async file({ workspace: id, commit, path }, { signal }) {
        const workspace = await workspaces.get(id)
        const { repository } = workspace
        const oid = await findDecision(workspace, commit, signal)
        const { parents } = await repository.commit(oid)
        const [before, after] = await Promise.all([
          parents[0] === undefined ? { text: null } : readTextFile(repository, parents[0], path),
          readTextFile(repository, oid, path),
        ])
        return { before: before.text, after: after.text }
      },
    },
  }
}
