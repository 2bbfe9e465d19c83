import { Check, Undo2, X } from 'lucide-react'
import { Button, useText } from '../../../design/index.ts'
import type { DrawnEdge } from '../model/drawn-graph.ts'
import { useTopology } from '../topology-context.ts'
import { EdgeActions } from '../wiring/edge-actions.tsx'
import styles from './inspector.module.css'

/** What can be done with a dependency: put it right, lead it elsewhere, delete it, or say what is true of it. */
export const EdgeVerdict = ({ edge }: { edge: DrawnEdge }) => (
  <>
    <EdgeActions edge={edge} />
    <Verdict edge={edge} />
  </>
)

/** What people say of a dependency: it is there, it is not, or nothing any more. An edit of `pilothouse.yaml` like any other. */
function Verdict({ edge }: { edge: DrawnEdge }) {
  const text = useText()
  const { edit, readOnly, select } = useTopology()
  if (readOnly || edge.dangling || edge.change === 'removed') return null
  const named = { from: edge.from, to: edge.to }
  const said = edge.state === 'confirmed' || edge.state === 'declared'
  return (
    <div className={styles['verdict']}>
      {said ? (
        <Button icon={Undo2} size="small" onClick={() => void edit({ kind: 'forget-edge', ...named })}>
          {text('page.topologyForgetEdge')}
        </Button>
      ) : (
        <Button icon={Check} size="small" onClick={() => void edit({ kind: 'confirm-edge', ...named })}>
          {text('page.topologyConfirmEdge')}
        </Button>
      )}
      {edge.state !== 'declared' && (
        <Button
          icon={X}
          size="small"
          variant="ghost"
          onClick={async () => {
            // A rejected dependency is drawn no more; its callers' end stays in sight.
            if (await edit({ kind: 'reject-edge', ...named })) select({ kind: 'node', id: edge.from })
          }}
        >
          {text('page.topologyRejectEdge')}
        </Button>
      )}
      <small>{text('page.topologyVerdictHint')}</small>
    </div>
  )
}
