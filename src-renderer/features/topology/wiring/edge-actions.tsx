import { GitFork, Replace, Spline, Unplug } from 'lucide-react'
import { describeEdit } from '../../../../shared/edits/describe-edit.ts'
import type { Finding } from '../../../../shared/topology/topology.ts'
import { Button, Callout, type MenuItem, useSay, useText } from '../../../design/index.ts'
import type { DrawnEdge } from '../model/drawn-graph.ts'
import { usePicture, useTopology } from '../topology-context.ts'
import styles from './wiring.module.css'

/** What can be done with an edge; the same in its menu and in the inspector. */
export function useEdgeMenu(id: string | null): readonly MenuItem[] {
  const text = useText()
  const { readOnly, openDialog, select } = useTopology()
  const edge = usePicture(state => (id === null ? undefined : state.graph?.edges.get(id)))
  if (!edge) return []
  const { from, to } = edge
  const toEdge = () => select({ kind: 'edge', id: edge.id })
  const off = readOnly
    ? text('page.topologyReadOnlyReason')
    : edge.change === 'removed'
      ? text('wiring.removedAlready')
      : undefined
  const open = (change: Parameters<typeof openDialog>[0]) => () => openDialog(change)
  return [
    { label: text('wiring.showCall'), icon: Spline, run: toEdge },
    { kind: 'separator' },
    {
      label: text('wiring.repoint'),
      icon: Replace,
      disabledReason: off,
      run: open({ kind: 'wire', request: { kind: 'repoint', from, to, next: null } }),
    },
    {
      label: text('wiring.insert'),
      icon: GitFork,
      disabledReason: off ?? (edge.dangling ? text('wiring.leadsNowhere') : undefined),
      run: open({ kind: 'wire', request: { kind: 'insert', from, to, through: null } }),
    },
    { kind: 'separator' },
    {
      label: text('wiring.disconnect'),
      icon: Unplug,
      danger: true,
      disabledReason: off,
      run: open({ kind: 'wire', request: { kind: 'disconnect', from, to } }),
    },
  ]
}

/** The actions of an edge as buttons, and what is wrong with it with the one gesture that puts it right. */
export function EdgeActions({ edge }: { edge: DrawnEdge }) {
  const menu = useEdgeMenu(edge.id)
  const findings = usePicture(state => state.graph?.findings)
  if (edge.change === 'removed') return null
  const wrong = edge.dangling ? (findings ?? []).filter(finding => isOf(finding, edge)) : []
  return (
    <>
      {wrong.map(finding => (
        <Mend key={JSON.stringify(finding.message)} finding={finding} />
      ))}
      <div className={styles['edgeActions']}>
        {/* All but the way to here. */}
        {menu.slice(1).map(item =>
          item.kind === 'separator' || item.kind === 'heading' ? null : (
            <Button
              key={item.label}
              size="small"
              variant="ghost"
              {...(item.icon && { icon: item.icon })}
              disabled={item.disabledReason !== undefined}
              {...(item.disabledReason !== undefined && { title: item.disabledReason })}
              onClick={item.run}
            >
              {item.label}
            </Button>
          ),
        )}
      </div>
    </>
  )
}

/** A reference to nothing is drawn from the node that has it to the host that nothing answers to. */
export const isOf = (finding: Finding, edge: DrawnEdge): boolean =>
  finding.kind === 'dangling-reference' &&
  finding.node === edge.from &&
  (finding.message.params?.['host'] === edge.to ||
    edge.parts.some(part => part.edge.evidence.some(item => item.file === finding.file && item.line === finding.line)))

function Mend({ finding }: { finding: Finding }) {
  const text = useText()
  const say = useSay()
  return (
    <div className={styles['mend']}>
      <Callout tone="danger" title={text('wiring.nothingAnswers')}>
        <p>{say(finding.message)}</p>
        <MendButton finding={finding} main />
      </Callout>
    </div>
  )
}

/** Puts the edits that fix a finding into the draft: the second of two gestures. */
export function MendButton({ finding, main = false }: { finding: Finding; main?: boolean }) {
  const text = useText()
  const say = useSay()
  const { edit, readOnly, select } = useTopology()
  const { fix, node, message } = finding
  if (!fix || fix.length === 0 || readOnly) return null
  const nearest = message.params?.['nearest']
  return (
    <Button
      size="small"
      variant={main ? 'primary' : 'default'}
      onClick={async () => {
        if ((await edit(...fix)) && node !== undefined) select({ kind: 'node', id: node })
      }}
    >
      {typeof nearest === 'string'
        ? text('wiring.use', { name: nearest })
        : fix.length === 1
          ? say(describeEdit(fix[0]!, { kind: 'unchanged' }))
          : text('wiring.mend')}
    </Button>
  )
}
