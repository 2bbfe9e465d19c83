import { CloudOff, Copy, Info, type LucideIcon, OctagonX, RotateCw, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import type { AppError, ErrorCode } from '../../shared/errors.ts'
import type { MessageKey } from '../../shared/messages/index.ts'
import { type Tone, toneIcons } from './badge.tsx'
import { Button } from './button.tsx'
import { WithCode } from './code.tsx'
import { copyText } from './copy-text.ts'
import styles from './states.module.css'
import { useSay, useText } from './text.ts'
import { useToasts } from './toasts.tsx'

export type EmptyStateProps = {
  icon?: LucideIcon
  /** One sentence: what is not here, and what would bring it. */
  sentence: ReactNode
  /** One action. */
  action?: ReactNode
  compact?: boolean
}

export function EmptyState({ icon: Icon, sentence, action, compact = false }: EmptyStateProps) {
  return (
    <div className={styles['state']} data-compact={compact || undefined}>
      {Icon && (
        <span className={styles['glyph']}>
          <Icon aria-hidden="true" />
        </span>
      )}
      <p className={styles['sentence']}>{sentence}</p>
      {action}
    </div>
  )
}

/** What a person can do about it; the message itself says what happened and why. */
const remedies: { readonly [code in ErrorCode]: MessageKey | null } = {
  'invalid-input': null,
  'not-found': null,
  conflict: 'app.remedyConflict',
  'refused-by-rule': null,
  unsupported: null,
  unauthorized: 'app.remedyUnauthorized',
  forbidden: null,
  unreachable: 'app.remedyUnreachable',
  'connection-lost': 'app.remedyConnectionLost',
  cancelled: null,
  unexpected: 'app.remedyUnexpected',
}

/** A report that can be pasted: code, English text, parameters. Never a secret, because errors never hold one. */
const detailsOf = (error: AppError): string =>
  [`${error.code}: ${error.message}`, `key: ${error.key}`, `parameters: ${JSON.stringify(error.params)}`].join('\n')

export type ErrorStateProps = {
  error: AppError
  /** What could not be done: "The decisions could not be read". */
  title?: ReactNode
  onRetry?(): void
  /** Another way out, instead of or besides retrying. */
  action?: ReactNode
  compact?: boolean
}

/** What happened, why, what to do; details to copy. For one line inside a form take `ErrorNote`. */
export function ErrorState({ error, title, onRetry, action, compact = false }: ErrorStateProps) {
  const text = useText()
  const say = useSay()
  const remedy = remedies[error.code]
  const Icon = error.code === 'unreachable' || error.code === 'connection-lost' ? CloudOff : OctagonX
  return (
    <div className={styles['state']} data-compact={compact || undefined} role="alert">
      <span className={styles['glyph']} data-tone="danger">
        <Icon aria-hidden="true" />
      </span>
      <p className={styles['title']}>{title ?? text('app.failed')}</p>
      <p className={styles['sentence']}>
        <WithCode>{say(error)}</WithCode>
      </p>
      {remedy && <p className={styles['sentence']}>{text(remedy)}</p>}
      <div className={styles['row']}>
        {onRetry && (
          <Button icon={RotateCw} onClick={onRetry}>
            {text('app.retry')}
          </Button>
        )}
        {action}
        <CopyDetails error={error} />
      </div>
    </div>
  )
}

function CopyDetails({ error }: { error: AppError }) {
  const text = useText()
  const toasts = useToasts()
  const copy = async () => {
    const copied = await copyText(detailsOf(error))
    toasts.show({ tone: copied ? 'ok' : 'warn', title: text(copied ? 'app.copied' : 'app.copyFailed') })
  }
  return (
    <Button variant="ghost" icon={Copy} onClick={() => void copy()}>
      {text('app.copyDetails')}
    </Button>
  )
}

export type ErrorNoteProps = { error: AppError | null; onRetry?(): void }

/** The failure of an action, where the action is. Draws nothing without an error. */
export function ErrorNote({ error, onRetry }: ErrorNoteProps) {
  const text = useText()
  const say = useSay()
  if (!error) return null
  return (
    <div className={styles['callout']} data-tone="danger" role="alert">
      <TriangleAlert aria-hidden="true" />
      <div>
        <WithCode>{say(error)}</WithCode>
      </div>
      {onRetry && (
        <span className={styles['row']}>
          <Button size="small" variant="ghost" onClick={onRetry}>
            {text('app.retry')}
          </Button>
        </span>
      )}
    </div>
  )
}

export type CalloutProps = {
  tone?: Tone
  icon?: LucideIcon
  title?: ReactNode
  action?: ReactNode
  children?: ReactNode
}

/** Something worth knowing beside what it concerns. */
export function Callout({ tone = 'info', icon, title, action, children }: CalloutProps) {
  const Icon = icon ?? toneIcons[tone] ?? Info
  return (
    <div className={styles['callout']} data-tone={tone} role="note">
      <Icon aria-hidden="true" />
      <div>
        {title && <strong>{title}</strong>}
        {children}
      </div>
      {action && <span className={styles['row']}>{action}</span>}
    </div>
  )
}
