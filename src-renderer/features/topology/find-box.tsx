import { Search } from 'lucide-react'
import { useEffect, useId, useMemo, useRef, useState } from 'react'
import { KeyHint, useText } from '../../design/index.ts'
import { KindGlyph } from './canvas/kind-glyph.tsx'
import { findNodes } from './model/table-rows.ts'
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
  const list = useId()
  const input = useRef<HTMLInputElement>(null)
  const graph = usePicture(state => state.graph)
  const [typed, setTyped] = useState('')
  const [at, setAt] = useState(0)
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
  return (
    <div className={styles['find']}>
      <Search aria-hidden="true" />
      <input
        ref={input}
        type="text"
        role="combobox"
        aria-label={text('page.topologyFind')}
        aria-expanded={found.length > 0}
        aria-controls={list}
        aria-activedescendant={found[at] ? `${list}-${at}` : undefined}
        aria-autocomplete="list"
        placeholder={text('page.topologyFind')}
        spellCheck={false}
        autoComplete="off"
        value={typed}
        onChange={event => {
          setTyped(event.target.value)
          setAt(0)
          setOpen(true)
        }}
        onFocus={() => setOpen(true)}
        onBlur={() => setOpen(false)}
        onKeyDown={event => {
          if (event.key === 'ArrowDown') setAt(was => Math.min(found.length - 1, was + 1))
          else if (event.key === 'ArrowUp') setAt(was => Math.max(0, was - 1))
          else if (event.key === 'Enter' && found[at]) choose(found[at].id)
          else if (event.key === 'Escape') {
            event.stopPropagation()
            setTyped('')
            onLeave()
          } else return
          event.preventDefault()
        }}
      />
      {typed === '' && <KeyHint keys="/" quiet />}
      {open && typed !== '' && (
        <div id={list} className={styles['found']} role="listbox" aria-label={text('page.topologyFind')}>
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
