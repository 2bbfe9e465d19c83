import {
  Download,
  FastForward,
  FilePen,
  FileText,
  GitCompareArrows,
  History,
  Link2,
  MoreHorizontal,
  Printer,
  Replace,
  Undo2,
  Waypoints,
} from 'lucide-react'
import { useCallback, useState } from 'react'
import type { DecisionDetail } from '../../../shared/decisions/contract.ts'
import type { DecisionSummary } from '../../../shared/decisions/decision.ts'
import { splitTrailers } from '../../../shared/decisions/trailers.ts'
import type { WorkspaceId } from '../../../shared/workspaces/contract.ts'
import { useApi, useCommand, useNavigation, useQuery } from '../../connection/index.ts'
import {
  Badge,
  Button,
  Callout,
  CopyCode,
  copyText,
  EmptyState,
  ErrorNote,
  ErrorState,
  IconButton,
  Loading,
  Menu,
  RelativeTime,
  Skeleton,
  SplitPane,
  saveFile,
  Tabs,
  useFormat,
  useLocale,
  useSay,
  useText,
  useToasts,
} from '../../design/index.ts'
import { kindWords, linkTarget, prefillRecord, RecordEditor, useCommitDialog } from '../draft/index.ts'
import { type AskFile, FileDiff, FileList } from '../editor/index.ts'
import { Markdown } from '../markdown/index.ts'
import { DecisionChain } from './decision-chain.tsx'
import styles from './decision-detail.module.css'
import { DecisionFacts } from './decision-facts.tsx'
import { DecisionGraph } from './decision-graph.tsx'
import { DecisionResults } from './decision-results.tsx'
import { printDocument } from './print-document.ts'
import { PromoteDialog } from './promote-dialog.tsx'
import { RecordView } from './record-view.tsx'
import { RecordedGateBadge } from './recorded-gate-badge.tsx'
import { RevertDialog } from './revert-dialog.tsx'
import { StatusBadge } from './status-badge.tsx'

export type DecisionDetailProps = {
  workspace: WorkspaceId
  /** A commit or a Decision-Id. */
  id: string
  /** What the log already says; shown while the rest is read. */
  summary: DecisionSummary | null
  onService(service: string): void
}

type TabName = 'why' | 'files' | 'graph' | 'facts'
/** Kept while going through the log: who compares files wants the next decision's files. */
let lastTab: TabName = 'why'

/** One decision, or one plain commit: why, what changed, the graph as it was, and its facts. */
export function DecisionDetailView({ workspace, id, summary: known, onService }: DecisionDetailProps) {
  const text = useText()
  const say = useSay()
  const { decisions } = useApi()
  const detail = useQuery(decisions.show, { workspace, decision: id })
  const [tab, setTab] = useState<TabName>(lastTab)
  const [path, setPath] = useState<string | null>(null)
  const [reverting, setReverting] = useState(false)
  // What has become of it the log knows, which follows the branch.
  const status = known?.status ?? detail.value?.summary.status
  const told = detail.value?.summary ?? known
  const summary = told && status ? { ...told, status } : told

  function show(next: TabName) {
    lastTab = next
    setTab(next)
  }
  const openRecord = (record: string) => {
    setPath(record)
    show('files')
  }

  if (detail.status === 'failed' && detail.error)
    return <ErrorState error={detail.error} title={text('page.decisionsDetailFailed')} onRetry={detail.retry} />
  return (
    <article className={styles['detail']} aria-label={summary?.title}>
      {summary ? (
        <Head
          workspace={workspace}
          summary={summary}
          detail={detail.value}
          onService={onService}
          onOpenRecord={openRecord}
        />
      ) : (
        <div className={styles['head']}>
          <Skeleton width="46%" height={20} />
          <Skeleton width="30%" />
        </div>
      )}
      <DecisionResults workspace={workspace} decision={id} onRevert={() => setReverting(true)} />
      {summary && reverting && (
        <RevertDialog workspace={workspace} summary={summary} onClose={() => setReverting(false)} />
      )}
      {detail.value?.snapshotProblem && <Callout tone="warn">{say(detail.value.snapshotProblem)}</Callout>}
      {detail.value ? (
        <Tabs<TabName>
          className={styles['tabs'] ?? ''}
          label={text('page.decisionsParts')}
          value={tab}
          onChange={show}
          tabs={[
            {
              value: 'why',
              label: text(detail.value.record ? 'page.decisionsTabRecord' : 'page.decisionsTabMessage'),
              content: <Why workspace={workspace} detail={detail.value} />,
            },
            {
              value: 'files',
              label: text('page.editorFiles'),
              count: detail.value.files.length,
              content: <Files workspace={workspace} detail={detail.value} path={path} onPath={setPath} />,
            },
            {
              value: 'graph',
              label: text('page.decisionsTabGraph'),
              content: <DecisionGraph workspace={workspace} detail={detail.value} />,
            },
            {
              value: 'facts',
              label: text('page.decisionsTabFacts'),
              content: <DecisionFacts detail={detail.value} />,
            },
          ]}
        />
      ) : (
        <Loading>
          <div className={styles['loading']}>
            {[80, 92, 74, 60].map(width => (
              <Skeleton key={width} width={`${width}%`} />
            ))}
          </div>
        </Loading>
      )}
    </article>
  )
}

type HeadProps = {
  workspace: WorkspaceId
  summary: DecisionSummary
  detail: DecisionDetail | null
  onService(service: string): void
  onOpenRecord(path: string): void
}

function Head({ workspace, summary, detail, onService, onOpenRecord }: HeadProps) {
  const text = useText()
  const format = useFormat()
  const toasts = useToasts()
  const revision = useNavigation(place => place.revision)
  const setRevision = useNavigation(place => place.setRevision)
  const go = useNavigation(place => place.go)
  const here = revision === summary.id
  const [open, setOpen] = useState<'revert' | 'promote' | 'edit' | null>(null)
  const close = () => setOpen(null)
  const openCommit = useCommitDialog(state => state.open)
  function supersede() {
    prefillRecord(workspace, { links: [{ relation: 'supersedes', target: linkTarget(summary) }] })
    openCommit('record')
  }
  const { icon: Icon, word } = kindWords[summary.kind]
  const copy = async (value: string) => {
    const copied = await copyText(value)
    toasts.show({ tone: copied ? 'ok' : 'warn', title: text(copied ? 'app.copied' : 'app.copyFailed') })
  }
  const { decisions } = useApi()
  const locale = useLocale()
  const document = useCommand(decisions.document)
  const save = async (format: 'html' | 'markdown') => {
    const saved = await document.run({ workspace, decisions: summary.id, format, locale })
    if (saved) saveFile(saved.name, new Blob([saved.text], { type: format === 'html' ? 'text/html' : 'text/markdown' }))
  }
  const print = async () => {
    const printed = await document.run({ workspace, decisions: summary.id, format: 'html', locale })
    if (printed) await printDocument(printed.text)
  }
  return (
    <header className={styles['head']}>
      <div className={styles['titleRow']}>
        <h2 className={styles['title']}>{summary.title}</h2>
        <div className={styles['actions']}>
          {here ? (
            <Button icon={History} onClick={() => setRevision(null)}>
              {text('page.decisionsBackToNow')}
            </Button>
          ) : (
            <Button icon={History} onClick={() => setRevision(summary.id)}>
              {text('page.decisionsTravel')}
            </Button>
          )}
          <Button icon={Undo2} onClick={() => setOpen('revert')}>
            {text('history.revert')}
          </Button>
          {open === 'revert' && <RevertDialog workspace={workspace} summary={summary} onClose={close} />}
          {open === 'promote' && <PromoteDialog workspace={workspace} summary={summary} onClose={close} />}
          {open === 'edit' && detail?.record && (
            <RecordEditor workspace={workspace} path={detail.record.path} onClose={close} />
          )}
          <Menu
            align="end"
            items={[
              {
                label: text('page.decisionsOpenGraph'),
                icon: Waypoints,
                run: () => go({ screen: 'topology', revision: summary.id, selection: null }),
              },
              { label: text('record.promote'), icon: FastForward, run: () => setOpen('promote') },
              { kind: 'separator' },
              {
                label: text('compare.with'),
                icon: GitCompareArrows,
                run: () => go({ screen: 'compare', revision: null, compared: { a: summary.id, b: 'now' } }),
              },
              ...(detail?.record
                ? [
                    {
                      label: text('page.decisionsOpenRecord'),
                      icon: FileText,
                      run: () => onOpenRecord(detail.record!.path),
                    },
                    { label: text('record.edit'), icon: FilePen, run: () => setOpen('edit') },
                  ]
                : []),
              ...(summary.kind === 'commit'
                ? []
                : [{ label: text('record.supersede'), icon: Replace, run: supersede }]),
              { kind: 'separator' },
              { label: text('history.saveHtml'), icon: Download, run: () => void save('html') },
              { label: text('history.saveMarkdown'), icon: Download, run: () => void save('markdown') },
              { label: text('record.print'), icon: Printer, run: () => void print() },
              { kind: 'separator' },
              { label: text('page.decisionsCopyCommit'), icon: Link2, run: () => void copy(summary.id) },
              ...(summary.decisionId
                ? [
                    {
                      label: text('page.decisionsCopyId'),
                      icon: Link2,
                      run: () => void copy(summary.decisionId ?? ''),
                    },
                  ]
                : []),
            ]}
          >
            <IconButton icon={MoreHorizontal} label={text('page.decisionsActions')} />
          </Menu>
        </div>
      </div>
      <p className={styles['meta']}>
        <Badge icon={Icon}>{text(word)}</Badge>
        {summary.status && <StatusBadge status={summary.status} />}
        {summary.gate && <RecordedGateBadge gate={summary.gate} />}
        <span>{summary.author.name}</span>
        <span title={format.dateTime(summary.author.time * 1000)}>
          <RelativeTime at={summary.author.time * 1000} />
        </span>
        <CopyCode value={summary.id}>{summary.id.slice(0, 8)}</CopyCode>
        {here && <Badge tone="info">{text('page.decisionsYouAreHere')}</Badge>}
      </p>
      <ErrorNote error={document.error} />
      <DecisionChain workspace={workspace} id={summary.id} />
      {summary.services.length > 0 && (
        <ul className={styles['services']} aria-label={text('page.decisionsServices')}>
          {summary.services.map(service => (
            <li key={service}>
              <button
                type="button"
                title={text('page.decisionsOfService', { service })}
                onClick={() => onService(service)}
              >
                {service}
              </button>
            </li>
          ))}
        </ul>
      )}
    </header>
  )
}

function Why({ workspace, detail }: { workspace: WorkspaceId; detail: DecisionDetail }) {
  const text = useText()
  if (detail.record) return <RecordView workspace={workspace} summary={detail.summary} record={detail.record} />
  const message = splitTrailers(detail.message).text
  const body = message.slice(message.indexOf('\n') + 1 || message.length).trim()
  if (body === '') return <EmptyState icon={FileText} sentence={text('page.decisionsNoMessage')} />
  // A plain commit's text was wrapped by hand and was not written as Markdown: it is shown as it is.
  return (
    <div className={styles['prose']}>
      {detail.summary.kind === 'commit' ? <pre className={styles['plain']}>{body}</pre> : <Markdown text={body} />}
    </div>
  )
}

type FilesProps = {
  workspace: WorkspaceId
  detail: DecisionDetail
  path: string | null
  onPath(path: string): void
}

function Files({ workspace, detail, path, onPath }: FilesProps) {
  const text = useText()
  const { decisions } = useApi()
  const commit = detail.summary.id
  const ask: AskFile = useCallback(
    (file, signal) => decisions.file({ workspace, commit, path: file }, { signal }),
    [decisions, workspace, commit],
  )
  const file = detail.files.find(each => each.path === path) ?? detail.files[0] ?? null
  if (!file) return <EmptyState icon={FileText} sentence={text('page.decisionsNoFiles')} />
  return (
    <SplitPane
      direction="column"
      label={text('page.decisionsFilesHeight')}
      remember="decision-files"
      sideAt="start"
      initial={Math.min(160, 12 + detail.files.length * 32)}
      min={44}
      max={480}
      minMain={200}
      side={
        <div className={styles['files']}>
          <FileList files={detail.files} chosen={file.path} onChoose={onPath} />
        </div>
      }
      main={<FileDiff file={file} ask={ask} version={commit} />}
    />
  )
}
