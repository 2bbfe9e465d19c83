import { useState } from 'react'
import type { DecisionDetail } from '../../../shared/decisions/contract.ts'
import type { DecisionSummary } from '../../../shared/decisions/decision.ts'
import { withoutTitle } from '../../../shared/decisions/without-title.ts'
import type { WorkspaceId } from '../../../shared/workspaces/contract.ts'
import { useApi, useLive, useQuery } from '../../connection/index.ts'
import { ErrorState, Segmented, Select, Skeleton, useText } from '../../design/index.ts'
import { Markdown, splitFrontMatter } from '../markdown/index.ts'
import styles from './decision-detail.module.css'
import { FrontMatter } from './front-matter.tsx'

type RecordViewProps = {
  workspace: WorkspaceId
  summary: DecisionSummary
  record: NonNullable<DecisionDetail['record']>
}

/** A record as the decision left it, and as it is now where it was edited since. Of several, one after another. */
export function RecordView({ workspace, summary, record }: RecordViewProps) {
  const text = useText()
  const { records = [] } = summary
  const [chosen, setChosen] = useState(record.path)
  const [asked, setMoment] = useState<'now' | 'then'>('now')
  const { workspaces } = useApi()
  const head = useLive(workspaces.status, { workspace }).value?.head ?? null
  const now = useQuery(
    workspaces.file,
    { workspace, path: chosen, ...(head && { revision: head }) },
    { skip: head === null },
  )
  const then = useQuery(
    workspaces.file,
    { workspace, revision: summary.id, path: chosen },
    { skip: chosen === record.path },
  )
  const written = chosen === record.path ? record.markdown : (then.value?.text ?? null)
  const today = now.value?.text ?? null
  const moved = written !== null && today !== null && today !== written
  const shown = moved && asked === 'now' ? today : written
  if (then.error) return <ErrorState error={then.error} onRetry={then.retry} />
  return (
    <div className={styles['prose']}>
      {(moved || records.length > 1) && (
        <div className={styles['recordBar']}>
          {records.length > 1 && (
            <Select
              label={text('record.which')}
              value={chosen}
              onChange={setChosen}
              options={records.map(({ path, title }) => ({ value: path, label: title, hint: path }))}
            />
          )}
          {moved && (
            <Segmented<'now' | 'then'>
              size="small"
              label={text('record.moment')}
              value={asked}
              onChange={setMoment}
              options={[
                { value: 'now', label: text('record.asItIs') },
                { value: 'then', label: text('record.asItWas') },
              ]}
            />
          )}
        </div>
      )}
      {shown === null ? <Skeleton width="60%" /> : <RecordText markdown={shown} title={summary.title} />}
    </div>
  )
}

function RecordText({ markdown, title }: { markdown: string; title: string }) {
  const { frontMatter, body } = splitFrontMatter(markdown)
  return (
    <>
      {frontMatter !== null && <FrontMatter yaml={frontMatter} />}
      {/* The title stands above already. */}
      <Markdown text={withoutTitle(body, title)} />
    </>
  )
}
