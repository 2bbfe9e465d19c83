import { GitCompareArrows, History } from 'lucide-react'
import { useCallback, useState } from 'react'
import type { DraftEditView, DraftView } from '../../../shared/draft/draft.ts'
import type { WorkspaceId } from '../../../shared/workspaces/contract.ts'
import { useApi, useNavigation } from '../../connection/index.ts'
import { Button, Callout, SplitPane, Tabs, useFormat, useText } from '../../design/index.ts'
import { type AskFile, FileDiff, FileList } from '../editor/index.ts'
import { useCommitDialog } from './commit-dialog-state.ts'
import styles from './draft-dock.module.css'
import { EditList } from './edit-list.tsx'
import { GateList } from './gate-list.tsx'
import { localDay } from './local-day.ts'
import { useNote } from './use-note.ts'

export type DraftBodyProps = {
  workspace: WorkspaceId
  view: DraftView
  onDiscard(edits: string[]): void
}

/** The open dock: edits, files and gate on the left, the diff of one file on the right. */
export function DraftBody({ workspace, view, onDiscard }: DraftBodyProps) {
  const text = useText()
  const format = useFormat()
  const api = useApi()
  const go = useNavigation(place => place.go)
  const [tab, setTab] = useState<'edits' | 'files' | 'gate'>('edits')
  const [chosenPath, setChosenPath] = useState<string | null>(null)
  const [chosenEdit, setChosenEdit] = useState<string | null>(null)
  const { note, change } = useNote(workspace, view, false)
  const file = view.files.find(each => each.path === chosenPath) ?? view.files[0] ?? null
  const ask: AskFile = useCallback((path, signal) => api.draft.file({ workspace, path }, { signal }), [api, workspace])

  const onService = (service: string) =>
    go({ screen: 'topology', revision: null, selection: { kind: 'node', id: service } })
  function onChoose(entry: DraftEditView) {
    setChosenEdit(entry.id)
    const path = entry.changes[0]?.file
    if (path !== undefined) setChosenPath(path)
  }

  const openCommit = useCommitDialog(state => state.open)
  const conflicts = view.edits.filter(entry => entry.state === 'conflict').length
  const attention = view.gate.items.filter(item => item.verdict !== 'pass').length
  return (
    <div className={styles['body']}>
      <SplitPane
        label={text('page.draftListWidth')}
        remember="draft-list"
        sideAt="start"
        initial={360}
        min={240}
        max={560}
        minMain={320}
        side={
          <div className={styles['left']}>
            <Tabs<'edits' | 'files' | 'gate'>
              className={styles['tabs'] ?? ''}
              label={text('page.draftDock')}
              value={tab}
              onChange={setTab}
              tabs={[
                {
                  value: 'edits',
                  label: text('page.draftEdits'),
                  count: view.edits.length,
                  content: (
                    <>
                      {(view.rebased || view.dirty.length > 0 || conflicts > 0) && (
                        <div className={styles['notices']}>
                          {conflicts > 0 && (
                            <Callout
                              tone="danger"
                              icon={GitCompareArrows}
                              action={
                                <Button size="small" onClick={() => openCommit('draft')}>
                                  {text('page.draftResolve')}
                                </Button>
                              }
                            >
                              {text('page.draftConflictNotice', { count: conflicts })}
                            </Callout>
                          )}
                          {view.rebased && (
                            <Callout tone="info" icon={History}>
                              {text('page.draftRebased')}
                            </Callout>
                          )}
                          {view.dirty.length > 0 && (
                            <Callout tone="warn">
                              {text('page.draftDirty', { count: view.dirty.length, files: format.list(view.dirty) })}
                            </Callout>
                          )}
                        </div>
                      )}
                      <EditList
                        edits={view.edits}
                        chosen={chosenEdit}
                        onChoose={onChoose}
                        onRemove={entry => onDiscard([entry.id])}
                        onService={onService}
                      />
                    </>
                  ),
                },
                {
                  value: 'files',
                  label: text('page.editorFiles'),
                  count: view.files.length,
                  content: <FileList files={view.files} chosen={file?.path ?? null} onChoose={setChosenPath} />,
                },
                {
                  value: 'gate',
                  label: text('page.draftGate'),
                  ...(attention > 0 && { count: attention }),
                  content: (
                    <GateList
                      gate={view.gate}
                      answers={note}
                      onAnswer={change}
                      today={localDay()}
                      onService={onService}
                    />
                  ),
                },
              ]}
            />
          </div>
        }
        main={<FileDiff file={file} ask={ask} version={view.changeSetId ?? ''} />}
      />
    </div>
  )
}
