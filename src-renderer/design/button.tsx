import type { LucideIcon } from 'lucide-react'
import type { ComponentPropsWithRef, MouseEvent, ReactNode } from 'react'
import styles from './button.module.css'
import { classes } from './classes.ts'
import { KeyHint } from './key-hint.tsx'
import { Spinner } from './spinner.tsx'
import { Tooltip } from './tooltip.tsx'

type Shared = Omit<ComponentPropsWithRef<'button'>, 'title'> & {
  /** `link`: words in a text that lead somewhere. */
  variant?: 'primary' | 'default' | 'ghost' | 'danger' | 'link'
  size?: 'small' | 'medium' | 'large'
  /** Work is under way: keeps its width, shows a spinner and does nothing when pressed again. */
  loading?: boolean
  /** Why it cannot be pressed now. It stays reachable by keyboard, so that the reason can be read. */
  disabledReason?: string | undefined
  /** In tinykeys' notation; shown beside the label, not bound. */
  shortcut?: string
}

export type ButtonProps = Shared & { icon?: LucideIcon; children: ReactNode }

/** A button with words. `disabled` with a `disabledReason` says why in a tooltip. */
export function Button({
  variant = 'default',
  size = 'medium',
  icon: Icon,
  loading = false,
  shortcut,
  disabled = false,
  disabledReason,
  className,
  children,
  onClick,
  ...rest
}: ButtonProps) {
  const off = disabled || disabledReason !== undefined
  const button = (
    <button
      type="button"
      {...rest}
      {...inert(off || loading, onClick)}
      aria-busy={loading || undefined}
      data-loading={loading || undefined}
      data-variant={variant}
      data-size={size}
      className={classes(styles['button'], className)}
    >
      {Icon && <Icon aria-hidden="true" />}
      <span>{children}</span>
      {shortcut && <KeyHint keys={shortcut} quiet />}
      {loading && (
        <span className={styles['loading']}>
          <Spinner />
        </span>
      )}
    </button>
  )
  return disabledReason ? <Tooltip label={disabledReason}>{button}</Tooltip> : button
}

export type IconButtonProps = Shared & {
  icon: LucideIcon
  /** Its name: read aloud, and shown as a tooltip. */
  label: string
  pressed?: boolean
  tooltipSide?: 'top' | 'right' | 'bottom' | 'left'
  /** False where everybody knows the glyph: the cross of a dialog. */
  tooltip?: boolean
}

export function IconButton({
  variant = 'ghost',
  size = 'medium',
  icon: Icon,
  label,
  loading = false,
  shortcut,
  disabled = false,
  disabledReason,
  pressed,
  tooltipSide = 'bottom',
  tooltip = true,
  className,
  onClick,
  ...rest
}: IconButtonProps) {
  const off = disabled || disabledReason !== undefined
  const button = (
    <button
      type="button"
      {...rest}
      {...inert(off || loading, onClick)}
      aria-label={label}
      aria-pressed={pressed}
      aria-busy={loading || undefined}
      data-pressed={pressed || undefined}
      data-loading={loading || undefined}
      data-variant={variant}
      data-size={size}
      className={classes(styles['icon'], className)}
    >
      <Icon aria-hidden="true" />
      {loading && (
        <span className={styles['loading']}>
          <Spinner />
        </span>
      )}
    </button>
  )
  if (!tooltip) return button
  return (
    <Tooltip label={disabledReason ?? label} shortcut={shortcut} side={tooltipSide}>
      {button}
    </Tooltip>
  )
}

/** `aria-disabled` instead of `disabled`: the focus does not get lost and a tooltip can say why. */
function inert(off: boolean, onClick: ComponentPropsWithRef<'button'>['onClick']) {
  if (!off) return { onClick }
  return {
    'aria-disabled': true as const,
    onClick: (event: MouseEvent) => {
      event.preventDefault()
      event.stopPropagation()
    },
  }
}
