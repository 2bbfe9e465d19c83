import { useId, useMemo, useState } from 'react'
import { useText } from '../../../design/index.ts'
import { KindGlyph } from '../canvas/kind-glyph.tsx'
import { findNodes } from '../model/table-rows.ts'
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
  const list = useId()
  const input = useId()
  const graph = usePicture(state => state.graph)
  const [typed, setTyped] = useState(value ?? '')
  const [at, setAt] = useState(0)
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
  return (
    <div className={styles['picker']}>
      <label htmlFor={input}>{label}</label>
      <input
        id={input}
        type="text"
        role="combobox"
        aria-expanded={open && found.length > 0}
        aria-controls={list}
        aria-activedescendant={open && found[at] ? `${list}-${at}` : undefined}
        aria-autocomplete="list"
        placeholder={text('wiring.pick')}
        spellCheck={false}
        autoComplete="off"
        value={typed}
        onChange={event => {
          setTyped(event.target.value)
          setAt(0)
          setOpen(true)
          if (value !== null) onChange(null)
        }}
        onFocus={event => event.target.select()}
        onKeyDown={event => {
          if (event.key === 'ArrowDown') setAt(was => Math.min(found.length - 1, was + 1))
          else if (event.key === 'ArrowUp') setAt(was => Math.max(0, was - 1))
          else if (event.key === 'Enter' && open && found[at]) choose(found[at].id)
          else return
          event.preventDefault()
        }}
      />
      {open && (
        <div id={list} className={styles['options']} role="listbox" aria-label={label}>
          {found.length === 0 && <p>{text('page.topologyFoundNothing', { typed })}</p>}
          {found.map((drawn, index) => (
            <div
              key={drawn.id}
              id={`${list}-${index}`}
              role="option"
              tabIndex={-1}
              aria-selected={index === at}
              onPointerEnter={() => setAt(index)}
              onPointerDown={event => {
                event.preventDefault()
                choose(drawn.id)
              }}
            >
              <KindGlyph kind={drawn.kind} technology={drawn.node?.technology} size={20} />
              <span>{drawn.id}</span>
              <small>{drawn.node?.owner ?? drawn.node?.workload?.namespace ?? ''}</small>
            </div>
          ))}
        </div>
      )}
    </div>
  )
}
