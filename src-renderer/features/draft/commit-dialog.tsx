import { ChevronRight, GitCommitHorizontal, Trash2 } from 'lucide-react'
import { type KeyboardEvent, useCallback, useId, useState } from 'react'
import { type DecisionKind, decisionKinds } from '../../../shared/decisions/decision.ts'
import type { DraftView } from '../../../shared/draft/draft.ts'
import type { Message } from '../../../shared/messages/index.ts'
import type { WorkspaceId } from '../../../shared/workspaces/contract.ts'
import { useApi, useCommand, useLive, useNavigation } from '../../connection/index.ts'
import {
  Button,
  Dialog,
  ErrorNote,
  Field,
  Select,
  Spinner,
  TextArea,
  TextField,
  useSay,
  useText,
} from '../../design/index.ts'
import { isBranchName } from './branch-name.ts'
import styles from './commit-dialog.module.css'
import {
  branchOf,
  type CommitForm,
  type CommitMode,
  kindOf,
  previewMessage,
  publicationOf,
  titleOf,
} from './commit-form.ts'
import { CommitPreview } from './commit-preview.tsx'
import { CommitWhere } from './commit-where.tsx'
import { diffStats } from './diff-stats.ts'
import { GateList } from './gate-list.tsx'
import { GateBadge } from './gate-words.tsx'
import { kindWords } from './kind-words.ts'
import { LinksField } from './links-field.tsx'
import { localDay } from './local-day.ts'
import { hardBlocks, missingEnds, missingReasons } from './missing-reasons.ts'
import { OutcomeNote } from './outcome-note.tsx'
import { titleLength, titleLimit } from './title-length.ts'
import { useAnnounceEnd } from './use-announce-end.ts'
import { useNote } from './use-note.ts'
import { type PublishEnd, usePublish } from './use-publish.ts'
import { whatChanged } from './what-changed.ts'

export type CommitDialogProps = {
  workspace: WorkspaceId
  /** The draft as it is now. */
  view: DraftView
  mode: CommitMode
  onClose(): void
}

/** Makes the draft, or a record alone, a decision: title, why, gate, where to, and the commit as it will be. */
export function CommitDialog({ workspace, view, mode, onClose }: CommitDialogProps) {
  const text = useText()
  const say = useSay()
  const api = useApi()
  const environment = useNavigation(place => place.environment)
  const status = useLive(api.workspaces.status, { workspace }).value
  const { note, change, flush, forget, error: noteError } = useNote(workspace, view, mode === 'record')
  /** What the person has before them: committing another draft than this one takes a second look. */
  const [reviewed, setSeen] = useState(view)
  /** After conflicts were settled here the form follows the draft, until something is typed or pressed again. */
  const [following, setFollowing] = useState(false)
  const seen = following ? view : reviewed
  const [target, setTarget] = useState<CommitForm['target'] | null>(null)
  const [branchName, setBranchName] = useState<string | null>(null)
  const [push, setPush] = useState<boolean | null>(null)
  const [tried, setTried] = useState(false)
  const [more, setMore] = useState(() => Boolean(note.alternatives || note.consequences))
  const moreId = useId()

  const discard = useCommand(api.draft.discard)
  const announce = useAnnounceEnd(workspace)
  const { stage, publish, cancel, backToForm } = usePublish(
    useCallback(
      (end: PublishEnd) => {
        forget()
        announce(end)
        onClose()
      },
      [announce, forget, onClose],
    ),
  )

  const limits = status?.limits ?? []
  const readOnly = limits.find(limit => limit.effect === 'read-only')
  const toBranchOnly = limits.find(limit => limit.effect === 'commit-to-branch')
  const mustBranch = toBranchOnly !== undefined || view.branch === null
  const hasRemote = status?.remote != null

  const form: CommitForm = {
    title: note.title ?? null,
    why: note.why ?? '',
    kind: note.kind ?? null,
    alternatives: note.alternatives ?? '',
    consequences: note.consequences ?? '',
    links: note.links ?? [],
    reasons: note.reasons ?? {},
    waivedUntil: note.waivedUntil ?? {},
    target: mustBranch ? 'new-branch' : (target ?? 'current-branch'),
    branchName,
    push: hasRemote && (push ?? true),
  }
  const title = titleOf(form, seen, mode)
  const branch = branchOf(form, seen, mode)
  const length = titleLength(title)
  const moved = mode === 'draft' ? whatChanged(seen, view) : []
  // The gate that spoke last: the one on what was about to be committed, when it blocked.
  const blocked = stage.kind === 'refused' && stage.outcome.kind === 'blocked' ? stage.outcome.gate : null
  const judged = blocked ? { ...seen, gate: blocked } : seen
  const gate = mode === 'draft' ? judged.gate : null
  const missing = gate ? missingReasons(gate, form) : []
  const endless = gate ? missingEnds(gate, form, localDay()) : []
  const hard = gate ? hardBlocks(gate) : []
  const refused = mode === 'draft' ? seen.edits.filter(entry => entry.state === 'refused').map(entry => entry.id) : []
  const inConflict = mode === 'draft' && seen.edits.some(entry => entry.state === 'conflict')

  const problems = {
    title: title.trim() === '' ? text('page.draftTitleMissing') : null,
    why: form.why.trim() === '' ? text('page.draftWhyMissing') : null,
    branch: form.target === 'new-branch' && !isBranchName(branch) ? text('page.draftBranchWrong') : null,
  }
  const blockedBy: Message | null = readOnly
    ? readOnly.message
    : status && !status.identity
      ? { key: 'draft.noIdentity' }
      : mode === 'draft' && seen.changeSetId === null
        ? { key: 'page.draftNothing' }
        : hard.length > 0
          ? { key: 'page.draftHardBlocked', params: { count: hard.length } }
          : moved.length > 0
            ? { key: 'page.draftReviewFirst' }
            : inConflict
              ? { key: 'page.draftResolveFirst' }
              : refused.length > 0
                ? { key: 'page.draftRefusedFirst', params: { count: refused.length } }
                : null
  const busy = stage.kind === 'publishing' || stage.kind === 'checking'
  const ready = !problems.title && !problems.why && !problems.branch && missing.length + endless.length === 0

  function commit() {
    if (busy || blockedBy) return
    setTried(true)
    if (!ready) {
      requestAnimationFrame(() =>
        document
          .querySelector<HTMLElement>(
            `.${styles['form']} [aria-invalid="true"], .${styles['aside']} [aria-invalid="true"]`,
          )
          ?.focus(),
      )
      return
    }
    flush()
    void publish(publicationOf(workspace, environment, form, judged, mode))
  }
  function review() {
    setSeen(view)
    setFollowing(false)
    backToForm()
  }
  function onKeyDown(event: KeyboardEvent) {
    if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) {
      event.preventDefault()
      event.stopPropagation()
      commit()
    }
  }

  const stats = diffStats(seen.files)
  const kind = kindOf(form, seen, mode)
  // A draft is a record where it edits one.
  const kinds = decisionKinds.filter(each => each !== 'record' || each === kind || seen.suggestedKind === each)
  return (
    <Dialog
      open
      onOpenChange={open => {
        if (!open && !busy) onClose()
      }}
      closeOnOutside={false}
      size="large"
      title={text(mode === 'draft' ? 'page.draftCommitTitle' : 'page.draftRecordTitle')}
      description={
        mode === 'draft'
          ? text('page.draftCommitWhat', { count: seen.edits.length, files: stats.files })
          : text('page.draftRecordWhat')
      }
      footer={
        <>
          <span className={styles['footnote']}>
            {busy ? (
              <>
                <Spinner />
                <span role="status">
                  {text(stage.kind === 'checking' ? 'page.draftChecking' : 'page.draftPublishing')}
                </span>
              </>
            ) : blockedBy ? (
              <span>{say(blockedBy)}</span>
            ) : (
              tried && !ready && <span data-tone="danger">{text('page.draftIncomplete')}</span>
            )}
          </span>
          <Button variant="ghost" onClick={busy ? cancel : onClose} disabled={stage.kind === 'checking'}>
            {text('app.cancel')}
          </Button>
          <Button
            variant="primary"
            icon={GitCommitHorizontal}
            shortcut="$mod+Enter"
            loading={busy}
            disabled={blockedBy !== null}
            onClick={commit}
          >
            {text(form.push ? 'page.draftCommitAndPush' : 'page.draftCommitNow')}
          </Button>
        </>
      }
    >
      {/* biome-ignore lint/a11y/noStaticElementInteractions: Ctrl+Enter in any field below commits */}
      <div
        className={styles['columns']}
        onKeyDown={onKeyDown}
        onInputCapture={() => {
          if (following) review()
        }}
      >
        <div className={styles['form']} inert={busy}>
          <OutcomeNote
            stage={stage}
            moved={moved}
            workspace={workspace}
            view={view}
            newBranch={form.target === 'new-branch' ? branch : null}
            onReview={review}
            onResolved={() => {
              setFollowing(true)
              backToForm()
            }}
            onNewBranch={() => {
              setTarget('new-branch')
              review()
            }}
            onWithoutPush={() => {
              setPush(false)
              backToForm()
            }}
          />
          <ErrorNote error={noteError ?? discard.error} />
          <Field
            label={text('page.draftTitle')}
            error={tried ? problems.title : null}
            hint={length.tooLong ? text('page.draftTitleLong', { limit: titleLimit }) : text('page.draftTitleHint')}
          >
            <TextField
              autoFocus
              maxLength={200}
              spellCheck
              value={title}
              onChange={next => change({ title: next })}
              placeholder={text('page.draftTitlePlaceholder')}
              suffix={
                <span className={styles['counter']} data-over={length.tooLong || undefined}>
                  {length.count}/{titleLimit}
                </span>
              }
            />
          </Field>
          <Field label={text('page.draftWhy')} error={tried ? problems.why : null} hint={text('page.draftWhyHint')}>
            <TextArea
              rows={mode === 'draft' ? 5 : 12}
              spellCheck
              className={styles[mode === 'draft' ? 'why' : 'recordWhy'] ?? ''}
              value={form.why}
              onChange={why => change({ why })}
              placeholder={text(mode === 'draft' ? 'page.draftWhyPlaceholder' : 'page.draftRecordPlaceholder')}
            />
          </Field>
          {mode === 'draft' && (
            <Field label={text('page.draftKind')} className={styles['kind'] ?? ''}>
              <Select<DecisionKind>
                value={kind}
                onChange={next => change({ kind: next })}
                options={kinds.map(each => ({
                  value: each,
                  label: text(kindWords[each].word),
                  icon: kindWords[each].icon,
                }))}
              />
            </Field>
          )}
          <div className={styles['more']}>
            <button
              type="button"
              className={styles['disclosure']}
              aria-expanded={more}
              aria-controls={moreId}
              onClick={() => setMore(!more)}
            >
              <ChevronRight aria-hidden="true" />
              {text('page.draftMore')}
              <small>{text('app.optional')}</small>
            </button>
            <div id={moreId} hidden={!more} className={styles['folded']}>
              <Field label={text('page.draftAlternatives')}>
                <TextArea
                  rows={2}
                  spellCheck
                  value={form.alternatives}
                  onChange={alternatives => change({ alternatives })}
                  placeholder={text('page.draftAlternativesHint')}
                />
              </Field>
              <Field label={text('page.draftConsequences')}>
                <TextArea
                  rows={2}
                  spellCheck
                  value={form.consequences}
                  onChange={consequences => change({ consequences })}
                  placeholder={text('page.draftConsequencesHint')}
                />
              </Field>
            </div>
          </div>
          <section aria-label={text('record.links')}>
            <h3 className={styles['heading']}>{text('record.links')}</h3>
            <LinksField workspace={workspace} links={form.links} onChange={links => change({ links })} />
          </section>
          <CommitWhere
            form={form}
            branch={branch}
            view={view}
            status={status}
            error={problems.branch}
            onTarget={setTarget}
            onBranch={setBranchName}
            onPush={setPush}
          />
        </div>
        <div className={styles['aside']} inert={busy}>
          {gate && (
            <section aria-label={text('page.draftGate')}>
              <h3 className={styles['heading']}>
                {text('page.draftGate')}
                <GateBadge verdict={gate.verdict} />
              </h3>
              <div className={styles['gate']}>
                <GateList
                  brief
                  gate={gate}
                  answers={form}
                  missing={tried ? missing : []}
                  missingEnds={tried ? endless : []}
                  onAnswer={change}
                  today={localDay()}
                />
              </div>
              {refused.length > 0 && (
                <Button
                  size="small"
                  className={styles['takeOut'] ?? ''}
                  icon={Trash2}
                  loading={discard.running}
                  onClick={async () => {
                    await discard.run({ workspace, edits: refused })
                    setFollowing(true)
                  }}
                >
                  {text('page.draftTakeOutRefused', { count: refused.length })}
                </Button>
              )}
            </section>
          )}
          <CommitPreview form={form} title={title} message={() => previewMessage(form, judged, mode, localDay())} />
        </div>
      </div>
    </Dialog>
  )
}
