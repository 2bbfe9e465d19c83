import type { NodeProps } from '@xyflow/react'
import { ChevronsUpDown } from 'lucide-react'
import { memo, useMemo } from 'react'
import { useText } from '../../../design/index.ts'
import { useGroupName } from '../group-name.ts'
import { useCanvas, usePicture } from '../topology-context.ts'
import { groupNameSize } from './group-name-size.ts'
import styles from './group-node.module.css'

/** A closed group: as large as all that is in it, its name as large as fits. */
export const GroupNode = memo(function GroupNode({ id, width = 0, height = 0, dragging }: NodeProps) {
  const text = useText()
  const { picture } = useCanvas()
  const drawn = usePicture(state => state.shown.nodes.get(id))
  const selected = usePicture(state => state.selected?.kind === 'node' && state.selected.id === id)
  const active = usePicture(state => state.active === id)
  const troubled = usePicture(state => state.troubled)
  const inTrouble = useMemo(
    () => (troubled.size === 0 ? 0 : (drawn?.group?.nodes ?? []).filter(node => troubled.has(node)).length),
    [troubled, drawn?.group],
  )
  const name = useGroupName()
  if (!drawn?.group) return null
  const { group } = drawn
  const label = name(group)
  const size = groupNameSize(label, width, height)
  return (
    <div
      className={styles['group']}
      data-change={drawn.change}
      data-finding={drawn.findings.some(finding => finding.severity === 'error') || undefined}
      data-selected={selected || undefined}
      data-dragging={dragging || undefined}
      style={{ '--size': `${size}px` } as React.CSSProperties}
    >
      <button
        type="button"
        className={styles['face']}
        data-node={id}
        tabIndex={active ? 0 : -1}
        aria-pressed={selected}
      >
        <strong>{label}</strong>
        <span>{text('scale.services', { count: group.nodes.length })}</span>
        {group.changed > 0 && <span data-tone="proposed">{text('scale.changed', { count: group.changed })}</span>}
        {inTrouble > 0 && <span data-tone="danger">{text('live.inTrouble', { count: inTrouble })}</span>}
        {group.findings > 0 && (
          <span data-tone="danger">{text('page.topologyFindings', { count: group.findings })}</span>
        )}
      </button>
      <button
        type="button"
        className={styles['open']}
        tabIndex={selected ? 0 : -1}
        aria-label={text('scale.open', { name: label })}
        onClick={event => {
          event.stopPropagation()
          picture.toggle(id)
        }}
      >
        <ChevronsUpDown aria-hidden="true" />
      </button>
    </div>
  )
})
