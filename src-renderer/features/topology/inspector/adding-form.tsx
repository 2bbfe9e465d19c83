import type { ReactNode } from 'react'
import { Button, useText } from '../../../design/index.ts'
import styles from './pairs.module.css'

/** The fields of a new entry in its list: Enter adds it, Escape leaves. */
export function AddingForm({
  ready,
  onAdd,
  onDone,
  children,
}: {
  ready: boolean
  /** Whether it was added. */
  onAdd(): Promise<boolean>
  onDone(): void
  children: ReactNode
}) {
  const text = useText()
  return (
    <form
      className={styles['adding']}
      onSubmit={event => {
        event.preventDefault()
        if (ready) void onAdd().then(added => added && onDone())
      }}
      onKeyDown={event => {
        if (event.key !== 'Escape') return
        event.stopPropagation()
        onDone()
      }}
    >
      {children}
      <div className={styles['addingButtons']}>
        <Button size="small" variant="ghost" onClick={onDone}>
          {text('app.cancel')}
        </Button>
        <Button size="small" type="submit" variant="primary" disabled={!ready}>
          {text('page.topologyAdd')}
        </Button>
      </div>
    </form>
  )
}
