import type { DraftView } from '../../../shared/draft/draft.ts'
import type { Message } from '../../../shared/messages/index.ts'

/** What is different between the draft a person reviewed and the draft as it is, in sentences. Empty: it is the same. */
export function whatChanged(seen: DraftView, now: DraftView): readonly Message[] {
  if (seen.changeSetId === now.changeSetId) return []
  const messages: Message[] = []
  if (seen.base !== now.base && now.base !== null)
    messages.push({ key: 'page.draftMovedBase', params: { commit: now.base.slice(0, 8) } })

  const before = new Map(seen.edits.map(entry => [entry.id, JSON.stringify([entry.edit, entry.state])]))
  const after = new Map(now.edits.map(entry => [entry.id, JSON.stringify([entry.edit, entry.state])]))
  const added = [...after.keys()].filter(id => !before.has(id)).length
  const removed = [...before.keys()].filter(id => !after.has(id)).length
  const changed = [...after].filter(([id, edit]) => before.has(id) && before.get(id) !== edit).length
  if (added > 0) messages.push({ key: 'page.draftMovedAdded', params: { count: added } })
  if (removed > 0) messages.push({ key: 'page.draftMovedRemoved', params: { count: removed } })
  if (changed > 0) messages.push({ key: 'page.draftMovedChanged', params: { count: changed } })
  return messages
}
