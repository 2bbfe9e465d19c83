import { type ComponentPropsWithRef, type KeyboardEvent, type ReactNode, useId, useState } from 'react'
import { classes, useText } from '../../design/index.ts'
import { KindGlyph } from './canvas/kind-glyph.tsx'
import type { DrawnNode } from './model/drawn-graph.ts'
import styles from './node-options.module.css'

export type NodeOptions = {
  /** For the text field, which keeps the focus. */
  readonly field: Pick<
    ComponentPropsWithRef<'input'>,
    | 'role'
    | 'aria-expanded'
    | 'aria-controls'
    | 'aria-activedescendant'
    | 'aria-autocomplete'
    | 'spellCheck'
    | 'autoComplete'
  >
  /** The nodes found, or that there are none; nothing while it is closed. */
  readonly list: ReactNode
  /** Arrows and Enter; true when it took the key. */
  onKey(event: KeyboardEvent): boolean
  /** Something else was typed: the first is meant again. */
  restart(): void
}

export type NodeOptionsInput = {
  label: string
  typed: string
  found: readonly DrawnNode[]
  open: boolean
  onChoose(id: string): void
  className?: string | undefined
}

/** The list of a combobox that finds nodes: arrows choose, Enter takes. */
export function useNodeOptions({ label, typed, found, open, onChoose, className }: NodeOptionsInput): NodeOptions {
  const text = useText()
  const id = useId()
  const [at, setAt] = useState(0)
  const isOpen = open && found.length > 0
  const chosen = isOpen ? found[at] : undefined
  return {
    field: {
      role: 'combobox',
      'aria-expanded': isOpen,
      'aria-controls': id,
      'aria-activedescendant': chosen && `${id}-${at}`,
      'aria-autocomplete': 'list',
      spellCheck: false,
      autoComplete: 'off',
    },
    onKey({ key }) {
      if (key === 'ArrowDown') setAt(was => Math.min(found.length - 1, was + 1))
      else if (key === 'ArrowUp') setAt(was => Math.max(0, was - 1))
      else if (key === 'Enter' && chosen) onChoose(chosen.id)
      else return false
      return true
    },
    restart: () => setAt(0),
    list: open && (
      <div id={id} className={classes(styles['list'], className)} role="listbox" aria-label={label}>
        {found.length === 0 && <p>{text('page.topologyFoundNothing', { typed })}</p>}
        {found.map((drawn, index) => (
          <div
            key={drawn.id}
            id={`${id}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === at}
            onPointerEnter={() => setAt(index)}
            onPointerDown={event => {
              event.preventDefault()
              onChoose(drawn.id)
            }}
          >
            <KindGlyph kind={drawn.kind} technology={drawn.node?.technology} size={20} />
            <span>{drawn.id}</span>
            <small>{drawn.node?.owner ?? drawn.node?.workload?.namespace ?? ''}</small>
          </div>
        ))}
      </div>
    ),
  }
}
