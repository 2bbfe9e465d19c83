import { Search } from 'lucide-react'
import { useEffect, useMemo, useRef, useState } from 'react'
import { KeyHint, useText } from '../../design/index.ts'
import { findNodes } from './model/table-rows.ts'
import { useNodeOptions } from './node-options.tsx'
import { usePicture } from './topology-context.ts'
import styles from './topology-screen.module.css'

export type FindHandle = { open(): void }

/** Finds a node by any word of it and goes there. A combobox: arrows choose, Enter goes, Escape leaves. */
export function FindBox({
  handle,
  onFound,
  onLeave,
}: {
  handle: React.RefObject<FindHandle | null>
  onFound(node: string): void
  onLeave(): void
}) {
  const text = useText()
  const input = useRef<HTMLInputElement>(null)
  const graph = usePicture(state => state.graph)
  const [typed, setTyped] = useState('')
  const [open, setOpen] = useState(false)
  const found = useMemo(() => (graph && open ? findNodes(graph, typed, 8) : []), [graph, open, typed])
  useEffect(() => {
    handle.current = {
      open: () => {
        input.current?.focus()
        input.current?.select()
      },
    }
    return () => {
      handle.current = null
    }
  }, [handle])
  const choose = (id: string) => {
    setOpen(false)
    setTyped('')
    onFound(id)
  }
  const options = useNodeOptions({
    label: text('page.topologyFind'),
    typed,
    found,
    open: open && typed !== '',
    onChoose: choose,
    className: styles['found'],
  })
  return (
    <div className={styles['find']}>
      <Search aria-hidden="true" />
      <input
        ref={input}
        type="text"
        {...options.field}
        aria-label={text('page.topologyFind')}
        placeholder={text('page.topologyFind')}
        value={typed}
        onChange={event => {
          setTyped(event.target.value)
          options.restart()
          setOpen(true)
        }}
        onFocus={() => setOpen(true)}
        onBlur={() => setOpen(false)}
        onKeyDown={event => {
          if (event.key === 'Escape') {
            event.stopPropagation()
            setTyped('')
            onLeave()
          } else if (!options.onKey(event)) return
          event.preventDefault()
        }}
      />
      {typed === '' && <KeyHint keys="/" quiet />}
      {options.list}
    </div>
  )
}
