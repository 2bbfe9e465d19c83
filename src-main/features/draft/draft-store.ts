import * as z from 'zod/mini'
import { decisionKinds, decisionRelations } from '../../../shared/decisions/decision.ts'
import { emptyDraft } from '../../../shared/draft/change-draft.ts'
import type { Draft } from '../../../shared/draft/draft.ts'
import type { Documents } from '../../needs/documents.ts'
import type { Workspace } from '../workspaces/index.ts'
import { packSteps, StoredEdits, StoredSteps, unpackSteps } from './stored-steps.ts'

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
  edits: StoredEdits,
  undo: StoredSteps,
  redo: StoredSteps,
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
      const draft = read.success ? draftOf(read.data) : null
      if (draft) return draft
      // Written by another version, or by hand: kept aside for a person, since it may be work.
      const aside = `${name(workspace)}-unreadable`
      await documents.write(aside, value)
      await documents.delete(name(workspace))
      onBroken(aside)
      return emptyDraft
    },
    write: (workspace, draft) =>
      documents.write(name(workspace), {
        ...draft,
        undo: packSteps(draft.undo, draft.edits),
        redo: packSteps(draft.redo, draft.edits),
      }),
    watch: (workspace, listener) => documents.watch(name(workspace), listener),
  }
}

function draftOf(stored: z.infer<typeof Stored>): Draft | null {
  const edits = stored.edits as Draft['edits']
  const [undo, redo] = [unpackSteps(stored.undo, edits), unpackSteps(stored.redo, edits)]
  return undo && redo ? ({ ...stored, undo, redo } as Draft) : null
}
