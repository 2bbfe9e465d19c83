import { useEffect, useState } from 'react'
import type { ChainItem, ChainRelation } from '../../../shared/decisions/contract.ts'
import type { WorkspaceId } from '../../../shared/workspaces/contract.ts'
import { useApi, useLive, useNavigation, useQuery } from '../../connection/index.ts'
import { RelativeTime, useText } from '../../design/index.ts'
import styles from './decision-detail.module.css'

/** What a decision speaks of and what speaks of it, each a step away. Nothing where there is none. */
export function DecisionChain({ workspace, id }: { workspace: WorkspaceId; id: string }) {
  const text = useText()
  const { decisions, workspaces } = useApi()
  const head = useLive(workspaces.status, { workspace }).value?.head
  const { value: asked, retry } = useQuery(decisions.chain, { workspace, decision: id })
  /** What was known stays in sight while it is asked for again. */
  const [value, setValue] = useState(asked)
  useEffect(() => {
    if (asked) setValue(asked)
  }, [asked])
  // Whoever comes later may speak of it.
  // biome-ignore lint/correctness/useExhaustiveDependencies: where the branch is makes it a new question
  useEffect(() => retry(), [head, retry])
  const setSelection = useNavigation(place => place.setSelection)
  if (!value || value.length === 0) return null
  const relations = [...new Set(value.map(({ relation }) => relation))]
  return (
    <dl className={styles['chain']} aria-label={text('record.chain')}>
      {relations.map(relation => (
        <div key={relation}>
          <dt className={styles[ends.has(relation) ? 'chainEnd' : 'chainWord']}>{text(`record.is_${relation}`)}</dt>
          <dd>
            {value
              .filter(item => item.relation === relation)
              .map(item => (
                <Step
                  key={item.commit ?? item.path}
                  item={item}
                  onGo={commit => setSelection({ kind: 'decision', id: commit })}
                />
              ))}
          </dd>
        </div>
      ))}
    </dl>
  )
}

/** Relations that say that the decision holds no longer. */
const ends: ReadonlySet<ChainRelation> = new Set(['reverted-by', 'superseded-by'])

function Step({ item, onGo }: { item: ChainItem; onGo(commit: string): void }) {
  const { commit, title, time, path } = item
  if (commit === null) return <span title={path ?? undefined}>{title}</span>
  return (
    <button type="button" onClick={() => onGo(commit)} title={path ?? commit}>
      <span>{title}</span>
      {time !== null && (
        <small>
          <RelativeTime at={time * 1000} />
        </small>
      )}
    </button>
  )
}
