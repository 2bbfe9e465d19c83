import { X } from 'lucide-react'
import { Dialog as Radix } from 'radix-ui'
import { type FormEvent, type ReactNode, type RefObject, useId, useState } from 'react'
import { Button, IconButton } from './button.tsx'
import styles from './dialog.module.css'
import { Field, TextField } from './field.tsx'
import { useText } from './text.ts'

export type DialogProps = {
  open: boolean
  onOpenChange(open: boolean): void
  title: ReactNode
  description?: ReactNode
  /** Buttons, the main one last. */
  footer?: ReactNode
  size?: 'small' | 'medium' | 'large' | 'full'
  /** Given: the dialog is a form, and Enter in a field or a `type="submit"` button submits it. */
  onSubmit?(): void
  /** False while something must not be lost: a click beside it does not close. Escape and the cross always do. */
  closeOnOutside?: boolean
  /** Where the focus goes when it opens; without it to the first field or button. */
  initialFocus?: RefObject<HTMLElement | null>
  children?: ReactNode
}

export function Dialog({
  open,
  onOpenChange,
  title,
  description,
  footer,
  size = 'medium',
  onSubmit,
  closeOnOutside = true,
  initialFocus,
  children,
}: DialogProps) {
  const text = useText()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    event.stopPropagation()
    onSubmit?.()
  }
  const inside = (
    <>
      <div className={styles['head']}>
        <Radix.Title className={styles['title']}>{title}</Radix.Title>
      </div>
      {description && <Radix.Description className={styles['description']}>{description}</Radix.Description>}
      {children && <div className={styles['body']}>{children}</div>}
      {footer && <div className={styles['footer']}>{footer}</div>}
      {/* Last, so that the focus goes to the first field or button of the dialog itself. */}
      <Radix.Close asChild>
        <IconButton icon={X} label={text('app.close')} size="small" tooltip={false} className={styles['close'] ?? ''} />
      </Radix.Close>
    </>
  )
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className={styles['backdrop']}>
          <Radix.Content
            asChild
            {...(description ? {} : { 'aria-describedby': undefined })}
            onOpenAutoFocus={event => {
              if (!initialFocus?.current) return
              event.preventDefault()
              initialFocus.current.focus()
            }}
            onInteractOutside={event => {
              if (!closeOnOutside) event.preventDefault()
            }}
          >
            <div className={styles['dialog']} data-size={size}>
              {onSubmit ? (
                <form className={styles['form']} onSubmit={submit} noValidate>
                  {inside}
                </form>
              ) : (
                inside
              )}
            </div>
          </Radix.Content>
        </Radix.Overlay>
      </Radix.Portal>
    </Radix.Root>
  )
}

export type ConfirmDialogProps = {
  open: boolean
  onOpenChange(open: boolean): void
  title: ReactNode
  description?: ReactNode
  /** What exactly will be touched, by name. */
  touched?: readonly string[]
  /** What the button does, as a verb with its object: "Remove 3 edits". Never "OK". */
  confirm: string
  danger?: boolean
  loading?: boolean
  /** For a protected thing: this has to be typed before the button works. */
  typeToConfirm?: { readonly label: string; readonly value: string }
  onConfirm(): void
  children?: ReactNode
}

export function ConfirmDialog({
  open,
  onOpenChange,
  title,
  description,
  touched,
  confirm,
  danger = false,
  loading = false,
  typeToConfirm,
  onConfirm,
  children,
}: ConfirmDialogProps) {
  const text = useText()
  const id = useId()
  const [typed, setTyped] = useState('')
  const ready = !typeToConfirm || typed === typeToConfirm.value
  const change = (next: boolean) => {
    if (!next) setTyped('')
    onOpenChange(next)
  }
  return (
    <Dialog
      open={open}
      onOpenChange={change}
      size="small"
      title={title}
      description={description}
      onSubmit={() => {
        if (ready && !loading) onConfirm()
      }}
      footer={
        <>
          <Button variant="ghost" onClick={() => change(false)}>
            {text('app.cancel')}
          </Button>
          <Button type="submit" variant={danger ? 'danger' : 'primary'} disabled={!ready} loading={loading}>
            {confirm}
          </Button>
        </>
      }
    >
      {children || touched || typeToConfirm ? (
        <>
          {children}
          {touched && touched.length > 0 && (
            <ul className={styles['touched']}>
              {touched.map(name => (
                <li key={name}>{name}</li>
              ))}
            </ul>
          )}
          {typeToConfirm && (
            <div className={styles['typed']}>
              <Field label={typeToConfirm.label} id={id}>
                <TextField id={id} value={typed} onChange={setTyped} autoComplete="off" mono />
              </Field>
            </div>
          )}
        </>
      ) : null}
    </Dialog>
  )
}
