import { Cable, FlaskConical, Import, RotateCw, Search, Server } from 'lucide-react'
import { useMemo, useState } from 'react'
import type { EdgeNodeView, EdgeView } from '../../../shared/edge/contract.ts'
import type { WorkspaceId } from '../../../shared/workspaces/contract.ts'
import { useApi, useCommand, useLive, useNavigation, usePaletteSource } from '../../connection/index.ts'
import {
  Badge,
  Button,
  Callout,
  EmptyState,
  ErrorNote,
  ErrorState,
  IconButton,
  Loading,
  Segmented,
  Skeleton,
  TextField,
  useSay,
  useText,
  WithCode,
} from '../../design/index.ts'
import { FleetLatency, FleetServices, ImportDialog } from '../fleet/index.ts'
import styles from './edge.module.css'
import { NodeDetail } from './node-detail.tsx'
import { NodeNames } from './node-names.tsx'
import { NodeTable } from './node-table.tsx'
import { byProblems, holds } from './node-words.ts'

type Part = 'nodes' | 'services' | 'latency'

/** The fleet at the edge: how each node does, and everything that can be looked at on one. */
export function EdgeScreen() {
  const workspace = useNavigation(place => place.workspace)
  return workspace === null ? null : <Edge key={workspace} workspace={workspace} />
}

function Edge({ workspace }: { workspace: WorkspaceId }) {
  const api = useApi()
  const text = useText()
  const live = useLive(api.edge.watch, { workspace })
  const underway = useLive(api.fleet.underway, { workspace }).value
  const open = underway?.rollouts.length ?? 0
  const awaited = underway?.away.length ?? 0
  const selection = useNavigation(place => place.selection)
  const { setSelection } = useNavigation.getState()
  const [filter, setFilter] = useState('')
  const [part, setPart] = useState<Part>('nodes')
  const [importing, setImporting] = useState(false)
  const nodes = live.value?.nodes
  const shown = useMemo(() => (nodes ?? []).filter(node => holds(node, filter)).sort(byProblems), [nodes, filter])
  const chosen = selection?.kind === 'node' ? (nodes?.find(({ name }) => name === selection.id) ?? null) : null
  const choose = (name: string | null) => setSelection(name === null ? null : { kind: 'node', id: name })
  usePaletteSource(typed =>
    typed === ''
      ? []
      : (nodes ?? []).map(node => ({
          id: `edge ${node.name}`,
          label: node.name,
          hint: node.labels['site'] ?? node.host,
          group: 'edge.paletteGroup' as const,
          run: () => choose(node.name),
        })),
  )

  const body = (view: EdgeView) => {
    if (view.nodes.length === 0)
      return (
        <EmptyState
          icon={Server}
          sentence={<WithCode>{text('edge.empty')}</WithCode>}
          action={
            <Button variant="primary" icon={Import} onClick={() => setImporting(true)}>
              {text('fleet.import')}
            </Button>
          }
        />
      )
    if (chosen)
      return (
        <div className={styles['both']}>
          <NodeNames nodes={shown} chosen={chosen.name} onChoose={choose} filter={filter} onFilter={setFilter} />
          <NodeDetail
            key={chosen.name}
            workspace={workspace}
            node={chosen}
            sandbox={view.sandbox}
            onClose={() => choose(null)}
          />
        </div>
      )
    return shown.length === 0 ? (
      <EmptyState icon={Search} sentence={text('edge.filterEmpty', { filter })} />
    ) : (
      <NodeTable nodes={shown} onChoose={choose} />
    )
  }
  return (
    <section className={styles['screen']} aria-label={text('edge.title')}>
      <header className={styles['head']}>
        <h1>{text('edge.title')}</h1>
        {live.value?.sandbox && (
          <Badge tone="info" icon={FlaskConical}>
            {text('edge.sandbox')}
          </Badge>
        )}
        {live.value && live.value.nodes.length > 0 && (
          <Segmented<Part>
            label={text('fleet.views')}
            value={part}
            onChange={setPart}
            options={[
              { value: 'nodes', label: text('fleet.viewNodes') },
              { value: 'services', label: text('fleet.viewServices') },
              { value: 'latency', label: text('fleet.viewLatency') },
            ]}
          />
        )}
        {live.value && live.value.nodes.length > 0 && <Counts nodes={live.value.nodes} />}
        {open > 0 && <Badge tone="info">{text('fleet.countOpen', { count: open })}</Badge>}
        {awaited > 0 && <Badge tone="stale">{text('fleet.countAway', { count: awaited })}</Badge>}
        {live.value && live.value.nodes.length > 0 && part === 'nodes' && !chosen && (
          <TextField
            className={styles['filter']}
            icon={Search}
            value={filter}
            onChange={setFilter}
            placeholder={text('edge.filter')}
            aria-label={text('edge.filter')}
          />
        )}
        {live.value && live.value.nodes.length > 0 && (
          <>
            <IconButton icon={Import} label={text('fleet.import')} onClick={() => setImporting(true)} />
            <AskAll workspace={workspace} />
          </>
        )}
      </header>
      {importing && live.value && (
        <ImportDialog
          workspace={workspace}
          declared={live.value.nodes.map(({ name }) => name)}
          onClose={() => setImporting(false)}
        />
      )}
      {live.value && <NotAllowed workspace={workspace} nodes={live.value.nodes} />}
      {live.value && <Findings view={live.value} />}
      {part === 'services' ? (
        <FleetServices workspace={workspace} />
      ) : part === 'latency' ? (
        <FleetLatency workspace={workspace} />
      ) : live.status === 'failed' && live.error ? (
        <ErrorState error={live.error} title={text('edge.failed')} onRetry={live.retry} />
      ) : live.value === null ? (
        <Loading>
          <div className={styles['loading']}>
            {[1, 2, 3, 4].map(row => (
              <Skeleton key={row} />
            ))}
          </div>
        </Loading>
      ) : (
        body(live.value)
      )}
    </section>
  )
}

function Counts({ nodes }: { nodes: readonly EdgeNodeView[] }) {
  const text = useText()
  const count = (wanted: (node: EdgeNodeView) => boolean) => nodes.filter(wanted).length
  const away = count(({ state }) => state === 'stale' || state === 'failed')
  const broken = count(({ state, problems }) => state === 'live' && problems[0]?.severity === 'error')
  return (
    <p className={styles['counts']}>
      {[
        text('edge.countNodes', { count: nodes.length }),
        text('edge.countLive', { count: count(({ state }) => state === 'live') }),
        ...(away > 0 ? [text('edge.countAway', { count: away })] : []),
        ...(broken > 0 ? [text('edge.countBroken', { count: broken })] : []),
      ].join(' · ')}
    </p>
  )
}

function AskAll({ workspace }: { workspace: WorkspaceId }) {
  const text = useText()
  const refresh = useCommand(useApi().edge.refresh)
  return (
    <IconButton
      icon={RotateCw}
      label={text('edge.askAll')}
      loading={refresh.running}
      onClick={() => void refresh.run({ workspace })}
    />
  )
}

/** The repository names machines; this one connects to them when somebody here has agreed. */
function NotAllowed({ workspace, nodes }: { workspace: WorkspaceId; nodes: readonly EdgeNodeView[] }) {
  const text = useText()
  const allow = useCommand(useApi().edge.allow)
  const waiting = nodes.filter(({ state }) => state === 'not-allowed')
  if (waiting.length === 0) return null
  return (
    <div className={styles['notes']}>
      <Callout
        icon={Cable}
        title={text('edge.connectTitle', { count: waiting.length })}
        action={
          <Button
            variant="primary"
            loading={allow.running}
            onClick={() => void allow.run({ workspace, nodes: waiting.map(({ name }) => name) })}
          >
            {text('edge.connect')}
          </Button>
        }
      >
        {text('edge.connectHint')}
        <ErrorNote error={allow.error} />
      </Callout>
    </div>
  )
}

/** Files that could not be read: what is shown is without them. */
function Findings({ view: { findings } }: { view: EdgeView }) {
  const say = useSay()
  const text = useText()
  if (findings.length === 0) return null
  return (
    <div className={styles['notes']}>
      <Callout tone="warn" title={text('edge.findings', { count: findings.length })}>
        <ul>
          {findings.slice(0, 5).map(finding => (
            <li key={`${finding.file} ${finding.line} ${JSON.stringify(finding.message)}`}>
              <WithCode>{say(finding.message)}</WithCode>
            </li>
          ))}
        </ul>
      </Callout>
    </div>
  )
}
