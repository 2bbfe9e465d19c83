import { bestGrouping } from '../../../shared/topology/group-nodes.ts'
import { Button, Callout, useFormat, useText } from '../../design/index.ts'
import { groupingWords } from './group-name.ts'
import { useCanvas, usePicture } from './topology-context.ts'
import styles from './topology-screen.module.css'

/** What has to be known about the picture before it is believed: old, past, partial, cut. */
export function Notices({ stale, onTable }: { stale: number | null; onTable?(): void }) {
  const text = useText()
  const format = useFormat()
  const { picture } = useCanvas()
  const leftOut = usePicture(state => state.leftOutNodes)
  const leftOutEdges = usePicture(state => state.leftOutEdges)
  const drawn = usePicture(state => state.shown.nodes.size)
  const grouping = usePicture(state => state.grouping)
  const choices = usePicture(state => state.choices)
  const by = grouping === 'none' ? bestGrouping(choices, drawn + leftOut) : null
  const budget = usePicture(state => state.budget)
  const broken = usePicture(
    state => state.graph?.findings.filter(finding => finding.kind === 'broken-file').length ?? 0,
  )
  if (stale === null && leftOut + leftOutEdges === 0 && broken === 0) return null
  return (
    <div className={styles['notices']}>
      {stale !== null && <Callout tone="stale">{text('page.topologyStale', { when: format.time(stale) })}</Callout>}
      {broken > 0 && <Callout tone="warn">{text('page.topologyPartial', { count: broken })}</Callout>}
      {leftOut + leftOutEdges > 0 && (
        <Callout
          tone="info"
          action={
            <>
              {leftOut > 0 && by && (
                <Button size="small" variant="ghost" onClick={() => picture.setGrouping(by)}>
                  {text('scale.groupBy')} · {text(groupingWords[by])}
                </Button>
              )}
              {budget.nodes < 5000 && (
                <Button
                  size="small"
                  variant="ghost"
                  onClick={() => picture.setBudget({ nodes: budget.nodes + 1000, edges: budget.edges + 3000 })}
                >
                  {text('scale.drawMore')}
                </Button>
              )}
              {onTable && (
                <Button size="small" variant="ghost" onClick={onTable}>
                  {text('page.topologyAllInTable')}
                </Button>
              )}
            </>
          }
        >
          {leftOut > 0
            ? text('scale.leftOut', {
                drawn: format.number(drawn),
                total: format.number(drawn + leftOut),
                count: leftOut,
                left: format.number(leftOut),
              })
            : text('scale.leftOutEdges', { count: leftOutEdges, left: format.number(leftOutEdges) })}
        </Callout>
      )}
    </div>
  )
}
