import { Button, Callout, useFormat, useText } from '../../design/index.ts'
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
              {leftOut > 0 && budget.nodes < 2000 && (
                <Button
                  size="small"
                  variant="ghost"
                  onClick={() => picture.setBudget({ nodes: budget.nodes + 500, edges: budget.edges + 1500 })}
                >
                  {text('page.topologyDrawMore')}
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
            ? text('page.topologyLeftOut', { drawn, count: leftOut })
            : text('page.topologyLeftOutEdges', { count: leftOutEdges })}
        </Callout>
      )}
    </div>
  )
}
