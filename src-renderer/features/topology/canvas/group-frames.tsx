import { ChevronsDownUp } from 'lucide-react'
import { useText } from '../../../design/index.ts'
import { useGroupName } from '../group-name.ts'
import { useCanvas, usePicture } from '../topology-context.ts'
import styles from './group-node.module.css'

/** The regions of open groups, under what is in them; the way to close each. */
export function GroupFrames() {
  const text = useText()
  const name = useGroupName()
  const { picture, select } = useCanvas()
  const frames = usePicture(state => state.frames)
  const groups = usePicture(state => state.groups.groups)
  const selected = usePicture(state => (state.selected?.kind === 'node' ? state.selected.id : null))
  return [...frames].map(([id, { x, y, width, height }]) => {
    const group = groups.get(id)
    if (!group) return null
    const label = name(group)
    return (
      <div
        key={id}
        className={styles['frame']}
        data-selected={id === selected || undefined}
        style={{ transform: `translate(${x}px, ${y}px)`, width, height }}
      >
        <header>
          <button type="button" className={styles['frameName']} onClick={() => select({ kind: 'node', id })}>
            {label}
          </button>
          <small>{text('scale.services', { count: group.nodes.length })}</small>
          <button type="button" aria-label={text('scale.close', { name: label })} onClick={() => picture.toggle(id)}>
            <ChevronsDownUp aria-hidden="true" />
          </button>
        </header>
      </div>
    )
  })
}
