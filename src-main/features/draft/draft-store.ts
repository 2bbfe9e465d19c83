import * as z from 'zod/mini'
import { decisionKinds, decisionRelations } from '../../../shared/decisions/decision.ts'
import { emptyDraft } from '../../../shared/draft/change-draft.ts'
import type { Draft } from '../../../shared/draft/draft.ts'
import { Edit } from '../../../shared/edits/edit.ts'
import type { Documents } from '../../needs/documents.ts'
import type { Workspace } from '../workspaces/index.ts'

const Edits = z.array(z.object({ id: z.string(), edit: Edit }))
const note = {
  title: z.optional(z.string()),
  why: z.optional(z.string()),
  kind: z.optional(z.enum(decisionKinds)),
  alternatives: z.optional(z.string()),
  consequences: z.optional(z.string()),
  reasons: z.optional(z.record(z.string(), z.string())),
  waivedUntil: z.optional(z.record(z.string(), z.string())),
  links: z.optional(z.array(z.object({ relation: z.enum(decisionRelations), target: z.string() }))),
}
const Stored = z.object({
  base: z.nullable(z.string()),
  branch: z.nullable(z.string()),
  edits: Edits,
  undo: z.array(Edits),
  redo: z.array(Edits),
  note: z.object({ ...note, reverts: z.optional(z.string()) }),
  recordNote: z.optional(z.object(note)),
  writing: z.optional(z.object({ path: z.string(), base: z.string(), text: z.string() })),
})

/**
 * The draft of each workspace, kept on disk after every step, so that it survives a crash and is the same for every
 * process that has the workspace open.
 */
export interface DraftStore {
  read(workspace: Workspace): Promise<Draft>
  write(workspace: Workspace, draft: Draft): Promise<void>
  watch(workspace: Workspace, listener: () => void): () => void
}

export function createDraftStore(documents: Documents, onBroken: (name: string) => void): DraftStore {
  const name = (workspace: Workspace): string => `draft-${workspace.id}`
  return {
    async read(workspace) {
      const value = await documents.read(name(workspace))
      if (value === null) return emptyDraft
      const read = Stored.safeParse(value)
      if (read.success) return read.data as Draft
      // Written by another version, or by hand: kept aside for a person, since it may be work.
      const aside = `${name(workspace)}-unreadable`
      await documents.write(aside, value)
      await documents.delete(name(workspace))
      onBroken(aside)
      return emptyDraft
    },
    write: (workspace, draft) => documents.write(name(workspace), draft),
    watch: (workspace, listener) => documents.watch(name(workspace), listener),
  }
}
