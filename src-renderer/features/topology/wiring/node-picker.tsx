import { useId, useMemo, useState } from 'react'
import { useText } from '../../../design/index.ts'
import { findNodes } from '../model/table-rows.ts'
import { useNodeOptions } from '../node-options.tsx'
import { usePicture } from '../topology-context.ts'
import styles from './wiring.module.css'

/** Chooses one node by any word of it: a combobox whose list stays open until one is chosen. */
export function NodePicker({
  label,
  value,
  without,
  onChange,
}: {
  label: string
  value: string | null
  /** Ids that make no sense here. */
  without: readonly string[]
  onChange(id: string | null): void
}) {
  const text = useText()
  const input = useId()
  const graph = usePicture(state => state.graph)
  const [typed, setTyped] = useState(value ?? '')
  const [open, setOpen] = useState(value === null)
  const found = useMemo(() => {
    if (!graph || !open) return []
    const all = typed === '' ? [...graph.nodes.values()] : findNodes(graph, typed, 30)
    return all.filter(drawn => drawn.change !== 'removed' && !drawn.missing && !without.includes(drawn.id)).slice(0, 6)
  }, [graph, open, typed, without])
  const choose = (id: string) => {
    setTyped(id)
    setOpen(false)
    onChange(id)
  }
  const options = useNodeOptions({ label, typed, found, open, onChoose: choose, className: styles['options'] })
  return (
    <div className={styles['picker']}>
      <label htmlFor={input}>{label}</label>
      <input
        id={input}
        type="text"
        {...options.field}
        placeholder={text('wiring.pick')}
        value={typed}
        onChange={event => {
          setTyped(event.target.value)
          options.restart()
          setOpen(true)
          if (value !== null) onChange(null)
        }}
        onFocus={event => event.target.select()}
        onKeyDown={event => {
          if (options.onKey(event)) event.preventDefault()
        }}
      />
      {options.list}
    </div>
  )
}
