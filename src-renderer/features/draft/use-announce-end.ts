import { useCallback } from 'react'
import type { WorkspaceId } from '../../../shared/workspaces/contract.ts'
import { useApi, useCommand, useNavigation } from '../../connection/index.ts'
import { useText, useToasts } from '../../design/index.ts'
import type { PublishEnd } from './use-publish.ts'

/** Says that the decision is made, where it is, and offers the next step: the compare page of a new branch, or the decision. */
export function useAnnounceEnd(workspace: WorkspaceId) {
  const text = useText()
  const toasts = useToasts()
  const go = useNavigation(place => place.go)
  const { host } = useApi()
  const { run: openExternal } = useCommand(host.openExternal)

  return useCallback(
    (end: PublishEnd) => {
      if (end.commit === null) {
        toasts.show({
          tone: 'ok',
          title: text('page.draftCommittedUnseen'),
          detail: text('page.draftFoundEmpty'),
          action: { label: text('page.draftGoToDecisions'), run: () => go({ workspace, screen: 'decisions' }) },
        })
        return
      }
      const id = end.commit
      const commit = id.slice(0, 8)
      const show = {
        label: text('page.draftShowDecision'),
        run: () => go({ workspace, screen: 'decisions', selection: { kind: 'decision', id } }),
      }
      if (end.kind === 'found') {
        toasts.show({
          tone: 'ok',
          title: text('page.draftCommitted', { commit }),
          detail: text('page.draftFoundAfter'),
          action: show,
        })
        return
      }
      const { branch, pushed, replayed, compareUrl } = end
      const sentences = [
        text(
          pushed === 'pushed' ? 'page.draftPushed' : pushed === 'queued' ? 'page.draftQueued' : 'page.draftNotPushed',
          { branch },
        ),
        ...(replayed ? [text('page.draftReplayed')] : []),
      ]
      toasts.show({
        tone: pushed === 'queued' ? 'warn' : 'ok',
        title: text('page.draftCommitted', { commit }),
        detail: sentences.join(' '),
        action:
          compareUrl === null
            ? show
            : { label: text('page.draftCompare'), run: () => void openExternal({ url: compareUrl }) },
        ...(compareUrl !== null && { seconds: 0 }),
      })
    },
    [go, openExternal, text, toasts, workspace],
  )
}
