import { CircleAlert, CircleCheck, Info, TriangleAlert, X } from 'lucide-react'
import { useEffect } from 'react'
import { useStore } from 'zustand'
import { createStore } from 'zustand/vanilla'
import { Button, IconButton } from './button.tsx'
import { useText } from './text.ts'
import styles from './toasts.module.css'

export type Toast = {
  readonly tone?: 'info' | 'ok' | 'warn' | 'danger'
  /** What happened. */
  readonly title: string
  /** What follows from it. */
  readonly detail?: string
  readonly action?: { readonly label: string; run(): void }
  /** Seconds it stays; 0: until closed. Warnings, failures and toasts with an action stay longer by themselves. */
  readonly seconds?: number
}
type Shown = Toast & { readonly id: number }

const toasts = createStore<readonly Shown[]>(() => [])
let lastId = 0
const close = (id: number) => toasts.setState(all => all.filter(toast => toast.id !== id), true)
const api = {
  /** Returns the close. The same title is not stacked: it takes the place of the earlier one. */
  show(toast: Toast): () => void {
    const id = ++lastId
    toasts.setState(all => [...all.filter(other => other.title !== toast.title), { ...toast, id }].slice(-4), true)
    return () => close(id)
  },
}

/** `useToasts().show({ tone: 'ok', title: text('page.draft.committed') })`: for what nobody waits in front of. */
export const useToasts = (): typeof api => api

const icons = { info: Info, ok: CircleCheck, warn: TriangleAlert, danger: CircleAlert }

/** Drawn once, by the frame. F8 brings the focus to it. */
export function Toasts() {
  const text = useText()
  const all = useStore(toasts)
  return (
    <section
      className={styles['region']}
      aria-label={text('app.notifications')}
      aria-live="polite"
      tabIndex={-1}
      id="toasts"
    >
      {all.map(toast => (
        <OneToast key={toast.id} toast={toast} />
      ))}
    </section>
  )
}

function OneToast({ toast }: { toast: Shown }) {
  const text = useText()
  const tone = toast.tone ?? 'info'
  const Icon = icons[tone]
  const seconds = toast.seconds ?? (tone === 'danger' ? 0 : toast.action || tone === 'warn' ? 12 : 5)
  const { id } = toast
  useEffect(() => {
    if (seconds === 0) return
    const timer = setTimeout(() => close(id), seconds * 1000)
    return () => clearTimeout(timer)
  }, [id, seconds])
  return (
    <div className={styles['toast']} data-tone={tone} role={tone === 'danger' ? 'alert' : undefined}>
      <Icon aria-hidden="true" />
      <div className={styles['words']}>
        <strong>{toast.title}</strong>
        {toast.detail && <span className={styles['detail']}>{toast.detail}</span>}
        {toast.action && (
          <Button
            size="small"
            variant="ghost"
            className={styles['action'] ?? ''}
            onClick={() => {
              toast.action?.run()
              close(id)
            }}
          >
            {toast.action.label}
          </Button>
        )}
      </div>
      <IconButton icon={X} size="small" label={text('app.close')} onClick={() => close(id)} />
    </div>
  )
}
