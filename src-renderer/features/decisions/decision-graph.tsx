import { Waypoints } from 'lucide-react'
import type { DecisionDetail } from '../../../shared/decisions/contract.ts'
import type { WorkspaceId } from '../../../shared/workspaces/contract.ts'
import { useApi, useNavigation, useQuery } from '../../connection/index.ts'
import { Badge, Button, EmptyState, ErrorState, Loading, Skeleton, type Tone, useText } from '../../design/index.ts'
import styles from './decision-detail.module.css'

const tones = { added: 'ok', removed: 'removed', changed: 'info', same: 'neutral' } as const satisfies {
  [change: string]: Tone
}
const words = {
  added: 'page.editorAdded',
  removed: 'page.editorRemoved',
  changed: 'page.editorChanged',
  same: 'page.decisionsSame',
} as const

/** What the decision changed on the graph, against its first parent, and the way to the graph as it was. */
export function DecisionGraph({ workspace, detail }: { workspace: WorkspaceId; detail: DecisionDetail }) {
  const text = useText()
  const { topology } = useApi()
  const go = useNavigation(place => place.go)
  const here = useNavigation(place => place.environment)
  const environment = detail.snapshot?.environment ?? here
  const parent = detail.summary.parents[0] ?? null
  const answer = useQuery(
    topology.diff,
    { workspace, environment: environment ?? '', from: parent ?? '', to: detail.summary.id },
    { skip: environment === null || parent === null },
  )
  const open = (
    <Button
      icon={Waypoints}
      onClick={() => go({ screen: 'topology', environment, revision: detail.summary.id, selection: null })}
    >
      {text('page.decisionsOpenGraph')}
    </Button>
  )
  if (answer.status === 'failed' && answer.error)
    return (
      <ErrorState error={answer.error} title={text('page.decisionsGraphFailed')} onRetry={answer.retry} action={open} />
    )
  if (answer.status === 'loading')
    return (
      <Loading>
        <div className={styles['loading']}>
          <Skeleton width="40%" />
          <Skeleton width="60%" />
        </div>
      </Loading>
    )
  const diff = answer.value?.diff
  const changes = diff ? diff.nodes.length + diff.edges.length : 0
  if (!diff || changes === 0)
    return (
      <EmptyState
        icon={Waypoints}
        sentence={text(diff ? 'page.decisionsGraphSame' : 'page.decisionsGraphUnknown')}
        action={open}
      />
    )
  return (
    <div className={styles['graph']}>
      <div className={styles['graphHead']}>
        <p>{text('page.decisionsGraphChanges', { count: changes, environment: environment ?? '' })}</p>
        {open}
      </div>
      <ul className={styles['changes']}>
        {diff.nodes.map(node => (
          <li key={node.id}>
            <Badge tone={tones[node.change]}>{text(words[node.change])}</Badge>
            <button
              type="button"
              onClick={() =>
                go({
                  screen: 'topology',
                  environment,
                  revision: detail.summary.id,
                  selection: { kind: 'node', id: node.id },
                })
              }
            >
              {node.id}
            </button>
            {node.fields.map(field => (
              <span key={field.field} className={styles['field']}>
                <span>{field.field}</span>{' '}
                <code>
                  {field.before ?? '–'} → {field.after ?? '–'}
                </code>
              </span>
            ))}
          </li>
        ))}
        {diff.edges.map(edge => (
          <li key={`${edge.from} ${edge.to} ${edge.protocol}`}>
            <Badge tone={tones[edge.change]}>{text(words[edge.change])}</Badge>
            <span>{text('page.decisionsCalls', { from: edge.from, to: edge.to })}</span>
            <span className={styles['field']}>{edge.protocol}</span>
          </li>
        ))}
      </ul>
    </div>
  )
}
