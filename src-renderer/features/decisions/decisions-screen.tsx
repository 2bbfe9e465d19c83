import { Download, NotebookPen, ScrollText, Search, SearchX } from 'lucide-react'
import { useDeferredValue, useEffect, useMemo, useRef, useState } from 'react'
import { type DecisionSummary, decisionKinds } from '../../../shared/decisions/decision.ts'
import { readQuery } from '../../../shared/history/read-query.ts'
import type { WorkspaceId } from '../../../shared/workspaces/contract.ts'
import { useNavigation, usePaletteSource, useShortcut } from '../../connection/index.ts'
import {
  Badge,
  Button,
  Checkbox,
  EmptyState,
  ErrorNote,
  ErrorState,
  IconButton,
  ListFilters,
  LiveRegion,
  Loading,
  Screen,
  Select,
  Skeleton,
  Spinner,
  SplitPane,
  TextField,
  useFormat,
  useNow,
  useText,
} from '../../design/index.ts'
import { useCommitDialog } from '../draft/index.ts'
import { DecisionDetailView } from './decision-detail.tsx'
import { DecisionList } from './decision-list.tsx'
import styles from './decisions-screen.module.css'
import { ExportDialog } from './export-dialog.tsx'
import { FilterMenu } from './filter-menu.tsx'
import { calendarDay } from './group-by-day.ts'
import { type Grouping, groupings, groupLog } from './log-groups.ts'
import { type CommitRow, commitRows, logRows } from './log-rows.ts'
import { useSavedFilters } from './saved-filters.ts'
import { type LogFilter, useLog } from './use-log.ts'

/** The log of decisions beside the chosen one. */
export function DecisionsScreen() {
  const workspace = useNavigation(place => place.workspace)
  return workspace === null ? null : <Decisions key={workspace} workspace={workspace} />
}

const everyService = '*'

function Decisions({ workspace }: { workspace: WorkspaceId }) {
  const text = useText()
  const format = useFormat()
  const [filter, setFilter] = useState<LogFilter>({ text: '', service: null, decisionsOnly: false })
  const asked = useSettled(filter.text)
  const found = useMemo(() => readQuery(asked, startOfDay), [asked])
  const [grouping, setGrouping] = useState<Grouping>('day')
  const { live, log, searching, more } = useLog(workspace, filter, found, grouping === 'release')
  const { saved, save, forget } = useSavedFilters(workspace)
  const selection = useNavigation(place => place.selection)
  const setSelection = useNavigation(place => place.setSelection)
  const openCommit = useCommitDialog(state => state.open)
  const search = useRef<HTMLInputElement>(null)
  const [exporting, setExporting] = useState(false)
  const services = useSeenServices(log?.items)
  const zone = useMemo(() => new Intl.DateTimeFormat().resolvedOptions().timeZone, [])
  const today = calendarDay(useNow(), zone)

  const items = log?.items ?? none
  const rows = useMemo(() => logRows(groupLog(items, grouping, zone)), [items, grouping, zone])
  const lines = useMemo(() => commitRows(rows), [rows])
  const revision = useNavigation(place => place.revision)
  const here = revision === null ? undefined : items.find(item => item.id.startsWith(revision))
  const chosenId = selection?.kind === 'decision' ? selection.id : ((here ?? items[0])?.id ?? null)
  const chosen = items.find(item => item.id === chosenId || item.decisionId === chosenId) ?? null
  const choose = (item: DecisionSummary) => setSelection({ kind: 'decision', id: item.id })
  // Under services a decision may stand several times: which of them was chosen is kept here.
  const [line, setLine] = useState<string | null>(null)
  const chosenLine =
    lines.find(row => row.key === line && row.item === chosen) ?? lines.find(row => row.item === chosen)
  function chooseLine(row: CommitRow) {
    setLine(row.key)
    choose(row.item)
  }
  function step(by: number) {
    const at = chosenLine ? chosenLine.position : -1
    const next = lines[Math.max(0, Math.min(lines.length - 1, at + by))]
    if (next) chooseLine(next)
  }

  const group = 'page.decisionsGroup'
  useShortcut('j', 'page.decisionsOlder', () => step(1), { group, keyOnly: true })
  useShortcut('k', 'page.decisionsNewer', () => step(-1), { group, keyOnly: true })
  useShortcut('/', 'page.decisionsSearch', () => search.current?.focus(), { group, icon: Search })
  usePaletteSource(typed =>
    typed.length < 2
      ? []
      : items.slice(0, 500).map(item => ({
          id: `decision ${item.id}`,
          label: item.title,
          hint: item.id.slice(0, 8),
          group: 'page.decisionsGroup',
          keywords: [item.decisionId ?? '', ...item.services],
          run: () => choose(item),
        })),
  )

  const filtered = Boolean(asked.trim() || filter.service !== null || filter.decisionsOnly)
  const list =
    log === null ? (
      live.status === 'failed' && live.error ? (
        <ErrorState error={live.error} title={text('page.decisionsFailed')} onRetry={live.retry} />
      ) : (
        <LoadingList />
      )
    ) : items.length === 0 && searching ? (
      <p className={styles['reading']} role="status">
        <Spinner /> {text('record.searching')}
      </p>
    ) : items.length === 0 ? (
      filtered ? (
        <EmptyState
          icon={SearchX}
          sentence={text('page.decisionsNoMatch')}
          action={
            <Button onClick={() => setFilter({ text: '', service: null, decisionsOnly: false })}>
              {text('page.decisionsClear')}
            </Button>
          }
        />
      ) : (
        <EmptyState
          icon={ScrollText}
          sentence={text('page.decisionsNone')}
          action={
            <Button icon={NotebookPen} onClick={() => openCommit('record')}>
              {text('page.draftRecord')}
            </Button>
          }
        />
      )
    ) : (
      <DecisionList
        rows={rows}
        today={today}
        chosen={chosenLine?.key ?? null}
        here={here ?? null}
        onChoose={chooseLine}
        more={more}
      />
    )

  const choices = (
    <>
      <Select
        plain
        label={text('page.decisionsService')}
        value={filter.service ?? everyService}
        onChange={service => setFilter({ ...filter, service: service === everyService ? null : service })}
        options={[
          { value: everyService, label: text('page.decisionsEveryService') },
          ...services.map(service => ({ value: service, label: service })),
        ]}
      />
      <Select<Grouping>
        plain
        label={text('record.groupBy')}
        value={grouping}
        onChange={setGrouping}
        options={groupings.map(value => ({ value, label: text(`record.by_${value}`) }))}
      />
      <Checkbox
        label={text('page.decisionsOnly')}
        checked={filter.decisionsOnly}
        onChange={decisionsOnly => setFilter({ ...filter, decisionsOnly })}
      />
    </>
  )
  return (
    <SplitPane
      label={text('page.decisionsListWidth')}
      remember="decisions-list"
      sideAt="start"
      initial={{ share: 0.29, least: 300, most: 420 }}
      min={300}
      max={720}
      minMain={420}
      side={
        <Screen className={styles['log'] ?? ''} label={text('page.decisionsLog')}>
          <ListFilters choices={choices}>
            <div className={styles['titleRow']}>
              <h1>{text('page.decisionsTitle')}</h1>
              {live.status === 'stale' && live.since !== null && (
                <Badge tone="stale">{text('app.asOf', { when: format.time(live.since) })}</Badge>
              )}
              <Button size="small" variant="ghost" icon={NotebookPen} onClick={() => openCommit('record')}>
                {text('page.decisionsRecord')}
              </Button>
              <IconButton
                size="small"
                icon={Download}
                label={text('record.export')}
                disabled={items.length === 0}
                onClick={() => setExporting(true)}
              />
            </div>
            {exporting && (
              <ExportDialog
                workspace={workspace}
                filter={filter}
                found={found}
                chosen={chosen}
                onClose={() => setExporting(false)}
              />
            )}
            <div className={styles['searchRow']}>
              <TextField
                ref={search}
                type="search"
                icon={Search}
                value={filter.text}
                onChange={words => setFilter({ ...filter, text: words })}
                placeholder={text('page.decisionsSearchHint')}
                aria-label={text('page.decisionsSearch')}
                onKeyDown={event => {
                  if (event.key === 'Escape' && filter.text) {
                    event.stopPropagation()
                    setFilter({ ...filter, text: '' })
                  } else if (event.key === 'ArrowDown') {
                    event.preventDefault()
                    document.querySelector<HTMLElement>(`.${styles['log']} [role="listbox"]`)?.focus()
                  }
                }}
              />
              <FilterMenu
                query={filter.text}
                saved={saved}
                onQuery={words => {
                  setFilter({ ...filter, text: words })
                  // The menu gives the focus back to its button first.
                  requestAnimationFrame(() => search.current?.focus())
                }}
                onSave={save}
                onForget={forget}
              />
            </div>
            {found.wrong.length > 0 && (
              <p className={styles['wrong']} role="status">
                {text('history.filterWrong', { terms: found.wrong.join(' '), kinds: decisionKinds.join(', ') })}
              </p>
            )}
          </ListFilters>
          <div className={styles['list']}>{list}</div>
          {more.error && (
            <div className={styles['moreError']}>
              <ErrorNote error={more.error} onRetry={() => void more.read()} />
            </div>
          )}
          <LiveRegion>{log ? text('page.decisionsCount', { count: items.length }) : ''}</LiveRegion>
        </Screen>
      }
      main={
        chosenId === null ? (
          // Loading or empty is said once, on the left.
          <div className={styles['blank']} />
        ) : (
          <DecisionDetailView
            key={chosenId}
            workspace={workspace}
            id={chosenId}
            summary={chosen}
            onService={service => setFilter({ ...filter, service })}
          />
        )
      }
    />
  )
}

const none: readonly DecisionSummary[] = []

/** Where a day, `2026-11-20`, begins on this reader's clock, in seconds since the epoch. */
const startOfDay = (day: string): number => Math.floor(new Date(`${day}T00:00:00`).getTime() / 1000)

/** What is typed, once a person pauses: each letter would be another walk through the history. */
function useSettled(value: string): string {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), value === '' ? 0 : 200)
    return () => clearTimeout(timer)
  }, [value])
  return useDeferredValue(settled)
}

/** Every service that was named by a decision seen so far, so that a filter does not empty its own choices. */
function useSeenServices(items: readonly DecisionSummary[] | undefined): readonly string[] {
  const seen = useRef(new Set<string>())
  return useMemo(() => {
    for (const item of items ?? []) for (const service of item.services) seen.current.add(service)
    return [...seen.current].sort((a, b) => a.localeCompare(b))
  }, [items])
}

function LoadingList() {
  return (
    <Loading>
      <div className={styles['loading']}>
        {[58, 72, 44, 66, 50, 61, 38, 70].map((width, position) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: placeholders have no other name
          <div key={position}>
            <Skeleton width={`${width}%`} />
            <Skeleton width={`${width / 2}%`} height={10} />
          </div>
        ))}
      </div>
    </Loading>
  )
}
