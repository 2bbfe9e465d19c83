import { RotateCw, X } from 'lucide-react'
import { useState } from 'react'
import type { EdgeNodeView } from '../../../shared/edge/contract.ts'
import { useApi, useCommand } from '../../connection/index.ts'
import {
  Badge,
  Button,
  Callout,
  EmptyState,
  ErrorNote,
  IconButton,
  RelativeTime,
  Tabs,
  useFormat,
  useSay,
  useText,
  WithCode,
} from '../../design/index.ts'
import styles from './edge.module.css'
import { FilesTab } from './files-tab.tsx'
import { JournalTab } from './journal-tab.tsx'
import { stateOf } from './node-words.ts'
import { OverviewTab } from './overview-tab.tsx'
import { ProcessesTab } from './processes-tab.tsx'
import { TerminalTab } from './terminal-tab.tsx'
import { UnitsTab } from './units-tab.tsx'

type TabName = 'overview' | 'units' | 'journal' | 'processes' | 'files' | 'terminal'
export type OfNode = { readonly workspace: string; readonly node: string }

/** One node: what it said last, and what can be asked of it now. */
export function NodeDetail({
  workspace,
  node,
  sandbox,
  onClose,
}: {
  workspace: string
  node: EdgeNodeView
  sandbox: boolean
  onClose(): void
}) {
  const text = useText()
  const [tab, setTab] = useState<TabName>('overview')
  const [unit, setUnit] = useState<string | null>(null)
  const refresh = useCommand(useApi().edge.refresh)
  const of: OfNode = { workspace, node: node.name }
  const { tone, key } = stateOf(node)
  const allowed = node.state !== 'not-allowed'
  const showJournal = (name: string) => {
    setUnit(name)
    setTab('journal')
  }
  const only = (content: React.ReactNode) =>
    allowed ? content : <EmptyState sentence={text('edge.connectFirst', { node: node.name })} />
  return (
    <article className={styles['detail']} aria-label={node.name}>
      <header className={styles['title']}>
        <h2>{node.name}</h2>
        <Badge tone={tone}>{text(key)}</Badge>
        {node.protected && <Badge>{text('edge.protected')}</Badge>}
        <span className={styles['address']}>{node.address ?? node.host}</span>
        {node.lastSeen && (
          <span className={styles['asOf']}>
            {text('edge.lastSeen')} <RelativeTime at={node.lastSeen} />
          </span>
        )}
        <IconButton
          icon={RotateCw}
          label={text('edge.askNow')}
          loading={refresh.running}
          disabled={!allowed}
          onClick={() => void refresh.run({ workspace, nodes: [node.name] })}
        />
        <IconButton icon={X} label={text('edge.close')} onClick={onClose} />
      </header>
      <Away
        node={node}
        onRetry={() => void refresh.run({ workspace, nodes: [node.name] })}
        retrying={refresh.running}
      />
      <ErrorNote error={refresh.error} />
      <Tabs<TabName>
        className={styles['tabs'] ?? ''}
        label={text('edge.tabs', { node: node.name })}
        value={tab}
        onChange={setTab}
        tabs={[
          { value: 'overview', label: text('edge.tabOverview'), content: <OverviewTab node={node} /> },
          {
            value: 'units',
            label: text('edge.tabUnits'),
            content: only(<UnitsTab of={of} onJournal={showJournal} />),
          },
          {
            value: 'journal',
            label: text('edge.tabJournal'),
            content: only(<JournalTab of={of} unit={unit} onUnit={setUnit} />),
          },
          { value: 'processes', label: text('edge.tabProcesses'), content: only(<ProcessesTab of={of} />) },
          { value: 'files', label: text('edge.tabFiles'), content: only(<FilesTab of={of} />) },
          {
            value: 'terminal',
            label: text('edge.tabTerminal'),
            content: only(<TerminalTab of={of} sandbox={sandbox} />),
          },
        ]}
      />
    </article>
  )
}

/** It does not answer: since when, why, and when it is asked again. */
function Away({ node, onRetry, retrying }: { node: EdgeNodeView; onRetry(): void; retrying: boolean }) {
  const text = useText()
  const say = useSay()
  const format = useFormat()
  if (!node.problem || !node.staleSince) return null
  return (
    <div className={styles['notes']}>
      <Callout
        tone={node.state === 'stale' ? 'stale' : 'danger'}
        title={text(node.state === 'stale' ? 'edge.staleSince' : 'edge.noAnswerSince', {
          when: format.recent(node.staleSince),
        })}
        action={
          <Button size="small" loading={retrying} onClick={onRetry}>
            {text('edge.askNow')}
          </Button>
        }
      >
        <WithCode>{say(node.problem)}</WithCode>
      </Callout>
    </div>
  )
}
