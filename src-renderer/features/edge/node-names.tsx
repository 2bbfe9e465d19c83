import { Search } from 'lucide-react'
import { type KeyboardEvent, memo } from 'react'
import type { EdgeNodeView } from '../../../shared/edge/contract.ts'
import { TextField, toneIcons, useText } from '../../design/index.ts'
import styles from './edge.module.css'
import { stateOf } from './node-words.ts'

type Props = {
  nodes: readonly EdgeNodeView[]
  chosen: string
  onChoose(name: string): void
  filter: string
  onFilter(filter: string): void
}

/** The other nodes, beside the one that is looked at. */
export function NodeNames({ nodes, chosen, onChoose, filter, onFilter }: Props) {
  const text = useText()
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    const next = nodes[nodes.findIndex(({ name }) => name === chosen) + step]
    if (step === 0 || !next) return
    event.preventDefault()
    onChoose(next.name)
    const items = event.currentTarget.querySelectorAll('button')
    items[nodes.indexOf(next)]?.focus()
  }
  return (
    <nav className={styles['names']} aria-label={text('edge.nodes')}>
      <TextField
        icon={Search}
        value={filter}
        onChange={onFilter}
        placeholder={text('edge.filter')}
        aria-label={text('edge.filter')}
      />
      <ul onKeyDown={onKeyDown}>
        {nodes.map(node => (
          <NodeName key={node.name} node={node} chosen={node.name === chosen} onChoose={onChoose} />
        ))}
      </ul>
    </nav>
  )
}

const NodeName = memo(function NodeName({
  node,
  chosen,
  onChoose,
}: {
  node: EdgeNodeView
  chosen: boolean
  onChoose(name: string): void
}) {
  const text = useText()
  const { tone, key } = stateOf(node)
  const Icon = toneIcons[tone]
  return (
    <li>
      <button type="button" aria-current={chosen || undefined} onClick={() => onChoose(node.name)}>
        <span className={styles['dot']} data-tone={tone}>
          {Icon ? <Icon role="img" aria-label={text(key)} /> : null}
        </span>
        <span>{node.name}</span>
        {node.labels['site'] && <small>{node.labels['site']}</small>}
      </button>
    </li>
  )
})
