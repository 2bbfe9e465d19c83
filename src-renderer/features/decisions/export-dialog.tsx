import { Download, Printer } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import type { DecisionSummary } from '../../../shared/decisions/decision.ts'
import { type AppError, isCancelled } from '../../../shared/errors.ts'
import type { LogSearch } from '../../../shared/history/read-query.ts'
import type { WorkspaceId } from '../../../shared/workspaces/contract.ts'
import { toAppError, useApi } from '../../connection/index.ts'
import {
  Button,
  Dialog,
  ErrorNote,
  Field,
  Segmented,
  saveFile,
  TextField,
  useLocale,
  useText,
  useToasts,
} from '../../design/index.ts'
import styles from './export-dialog.module.css'
import { printDocument } from './print-document.ts'
import { type LogFilter, logQuery } from './use-log.ts'

type ExportDialogProps = {
  workspace: WorkspaceId
  filter: LogFilter
  found: LogSearch
  chosen: DecisionSummary | null
  onClose(): void
}

type Format = 'html' | 'markdown' | 'print' | 'audit'
type Scope = 'listed' | 'chosen' | 'range'
/** As many as a document takes. */
const most = 500

/** Decisions to take along: those listed, the chosen one, or a range; to read, to print, or to prove. */
export function ExportDialog({ workspace, filter, found, chosen, onClose }: ExportDialogProps) {
  const text = useText()
  const locale = useLocale()
  const toasts = useToasts()
  const { decisions } = useApi()
  const [format, setFormat] = useState<Format>('html')
  const [asked, setScope] = useState<Scope>('listed')
  const [from, setFrom] = useState('')
  const [to, setTo] = useState('HEAD')
  const [running, setRunning] = useState<AbortController | null>(null)
  const [error, setError] = useState<AppError | null>(null)
  // An audit log is of all commits on the way, or it could not be checked.
  const scope = format === 'audit' ? 'range' : asked
  const range = `${from.trim()}..${to.trim() || 'HEAD'}`

  async function listed(signal: AbortSignal): Promise<string[]> {
    const ids: string[] = []
    let before: string | undefined
    while (ids.length < most) {
      let next: string | null = null
      const query = { workspace, limit: most - ids.length, ...logQuery({ ...filter, decisionsOnly: true }, found) }
      for await (const page of decisions.log({ ...query, ...(before && { before }) }, { signal })) {
        ids.push(...page.items.map(({ id }) => id))
        next = page.next
        break
      }
      if (next === null) break
      before = next
    }
    return ids.reverse()
  }

  async function run(): Promise<void> {
    const abort = new AbortController()
    const { signal } = abort
    setRunning(abort)
    setError(null)
    try {
      if (format === 'audit') {
        const parts: string[] = []
        for await (const part of decisions.audit(
          { workspace, range: from.trim() ? range : to.trim() || 'HEAD' },
          { signal },
        ))
          parts.push(part)
        saveFile('audit.jsonl', new Blob(parts, { type: 'application/jsonl' }))
      } else {
        const wanted = scope === 'range' ? range : scope === 'chosen' && chosen ? [chosen.id] : await listed(signal)
        const kind = format === 'markdown' ? 'markdown' : 'html'
        const { name, text: content } = await decisions.document(
          { workspace, decisions: wanted, format: kind, locale },
          { signal },
        )
        if (format === 'print') await printDocument(content)
        else saveFile(name, new Blob([content], { type: kind === 'html' ? 'text/html' : 'text/markdown' }))
      }
      if (format !== 'print') toasts.show({ tone: 'ok', title: text('record.exported') })
      onClose()
    } catch (thrown) {
      if (!isCancelled(thrown)) setError(toAppError(thrown))
      setRunning(null)
    }
  }

  return (
    <Dialog
      open
      onOpenChange={open => !open && onClose()}
      title={text('record.exportTitle')}
      description={text(`record.exportAbout_${format}`)}
      onSubmit={() => void run()}
      footer={
        <>
          <Button
            variant="ghost"
            onClick={() => {
              running?.abort()
              onClose()
            }}
          >
            {text('app.cancel')}
          </Button>
          <Button
            type="submit"
            variant="primary"
            icon={format === 'print' ? Printer : Download}
            loading={running !== null}
          >
            {text(format === 'print' ? 'record.exportPrint' : 'record.exportSave')}
          </Button>
        </>
      }
    >
      <div className={styles['parts']}>
        <Choice label={text('record.exportFormat')}>
          <Segmented<Format>
            label={text('record.exportFormat')}
            value={format}
            onChange={setFormat}
            options={[
              { value: 'html', label: 'HTML' },
              { value: 'markdown', label: 'Markdown' },
              { value: 'print', label: text('record.exportPdf') },
              { value: 'audit', label: text('record.exportAudit') },
            ]}
          />
        </Choice>
        {format !== 'audit' && (
          <Choice label={text('record.exportScope')}>
            <Segmented<Scope>
              label={text('record.exportScope')}
              value={scope}
              onChange={setScope}
              options={[
                { value: 'listed', label: text('record.exportListed') },
                { value: 'chosen', label: text('record.exportChosen'), disabled: chosen === null },
                { value: 'range', label: text('record.exportRange') },
              ]}
            />
          </Choice>
        )}
        {scope === 'listed' && <p className={styles['note']}>{text('record.exportListedAbout', { most })}</p>}
        {scope === 'chosen' && chosen && <p className={styles['note']}>{chosen.title}</p>}
        {scope === 'range' && (
          <div className={styles['range']}>
            <Field label={text('record.exportFrom')} hint={text('record.exportFromHint')}>
              <TextField mono value={from} onChange={setFrom} />
            </Field>
            <Field label={text('record.exportTo')} hint={text('record.exportToHint')}>
              <TextField mono value={to} onChange={setTo} />
            </Field>
          </div>
        )}
        <ErrorNote error={error} />
      </div>
    </Dialog>
  )
}

/** The choice names itself to a screen reader; this is for the eye. */
const Choice = ({ label, children }: { label: string; children: ReactNode }) => (
  <div className={styles['choice']}>
    <span aria-hidden="true">{label}</span>
    {children}
  </div>
)
