import type { Edit } from '../../../../shared/edits/edit.ts'
import { useApi, useQuery } from '../../../connection/index.ts'
import { Callout, ErrorNote, Skeleton, useSay, useText } from '../../../design/index.ts'
import { useTopology } from '../topology-context.ts'
import styles from './dialogs.module.css'

export type Touched = { readonly count: number | null; readonly refused: boolean; readonly content: React.ReactNode }

/** What one edit would change, asked of the core before it is made: the same lines it would write. */
export function useTouchedFields(edit: Edit | null): Touched {
  const text = useText()
  const say = useSay()
  const api = useApi()
  const { workspace } = useTopology()
  const asked = useQuery(api.draft.preview, { workspace, edits: edit ? [edit] : [] }, { skip: edit === null })
  const mine = asked.value?.view.edits.at(-1)
  const changes = mine?.changes ?? []
  const refused = mine?.state === 'refused' || mine?.state === 'conflict'
  if (edit === null) return { count: null, refused: false, content: null }
  if (asked.status === 'failed')
    return { count: null, refused: false, content: <ErrorNote error={asked.error} onRetry={asked.retry} /> }
  if (!mine && asked.status === 'loading') return { count: null, refused: false, content: <Skeleton height={64} /> }
  if (refused && mine?.reason)
    return { count: 0, refused: true, content: <Callout tone="danger">{say(mine.reason)}</Callout> }
  return {
    count: changes.length,
    refused: false,
    content: (
      <div>
        <p>{text('page.topologyTouched', { count: changes.length })}</p>
        <ul className={styles['list']}>
          {changes.map(change => (
            <li key={`${change.file} ${change.line} ${change.field}`}>
              <strong>{change.field}</strong>
              <code>
                {change.file}:{change.line}
                {change.before !== undefined && change.before !== change.field && ` · ${firstLine(change.before)}`}
                {change.after !== undefined && ` → ${firstLine(change.after)}`}
              </code>
            </li>
          ))}
        </ul>
      </div>
    ),
  }
}

const firstLine = (value: string): string => (value.includes('\n') ? `${value.slice(0, value.indexOf('\n'))} …` : value)
