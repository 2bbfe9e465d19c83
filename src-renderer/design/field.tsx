import { CircleAlert, type LucideIcon, Minus, Plus } from 'lucide-react'
import {
  type ComponentPropsWithRef,
  createContext,
  type ReactNode,
  useContext,
  useEffect,
  useId,
  useState,
} from 'react'
import { classes } from './classes.ts'
import styles from './field.module.css'
import { useText } from './text.ts'

type FieldLink = { readonly id: string; readonly describedBy: string | undefined; readonly invalid: boolean }
const FieldContext = createContext<FieldLink | null>(null)

/** What a control inside a `Field` needs to be named and described by it. */
export function useFieldLink() {
  const link = useContext(FieldContext)
  return link ? { id: link.id, 'aria-describedby': link.describedBy, 'aria-invalid': link.invalid || undefined } : {}
}

export type FieldProps = {
  label: ReactNode
  hint?: ReactNode
  /** What is wrong and how to put it right; null when all is well. */
  error?: ReactNode
  optional?: boolean
  /** Only needed where the control is not one of ours. */
  id?: string
  className?: string
  children: ReactNode
}

/** A label, a control, and what helps or is wrong. The control inside is linked by itself. */
export function Field({ label, hint, error, optional = false, id, className, children }: FieldProps) {
  const text = useText()
  const own = useId()
  const field = id ?? own
  const note = `${field}-note`
  const hasNote = Boolean(error || hint)
  return (
    <div className={classes(styles['field'], className)}>
      <label className={styles['label']} htmlFor={field}>
        {label}
        {optional && <small>{text('app.optional')}</small>}
      </label>
      <FieldContext value={{ id: field, describedBy: hasNote ? note : undefined, invalid: Boolean(error) }}>
        {children}
      </FieldContext>
      {error ? (
        <p className={styles['error']} id={note} role="alert">
          <CircleAlert aria-hidden="true" />
          <span>{error}</span>
        </p>
      ) : (
        hint && (
          <p className={styles['hint']} id={note}>
            {hint}
          </p>
        )
      )}
    </div>
  )
}

export type TextFieldProps = Omit<ComponentPropsWithRef<'input'>, 'value' | 'onChange' | 'size'> & {
  value: string
  onChange(value: string): void
  mono?: boolean
  icon?: LucideIcon
  /** Shown inside at the end: a unit, a small button. */
  suffix?: ReactNode
}

export function TextField({ value, onChange, mono = false, icon: Icon, suffix, className, ...rest }: TextFieldProps) {
  const link = useFieldLink()
  const input = (
    <input
      type="text"
      spellCheck={false}
      {...link}
      {...rest}
      value={value}
      onChange={event => onChange(event.target.value)}
      data-mono={mono || undefined}
      className={classes(styles['input'], !(Icon || suffix) && className)}
    />
  )
  if (!Icon && !suffix) return input
  return (
    <span className={classes(styles['affixed'], className)}>
      {Icon && <Icon aria-hidden="true" />}
      {input}
      {suffix}
    </span>
  )
}

export type TextAreaProps = Omit<ComponentPropsWithRef<'textarea'>, 'value' | 'onChange'> & {
  value: string
  onChange(value: string): void
  mono?: boolean
}

export function TextArea({ value, onChange, mono = false, className, ...rest }: TextAreaProps) {
  const link = useFieldLink()
  return (
    <textarea
      rows={3}
      {...link}
      {...rest}
      value={value}
      onChange={event => onChange(event.target.value)}
      data-mono={mono || undefined}
      className={classes(styles['area'], className)}
    />
  )
}

export type NumberFieldProps = Omit<
  ComponentPropsWithRef<'input'>,
  'value' | 'onChange' | 'min' | 'max' | 'step' | 'size' | 'type'
> & {
  value: number
  /** Called with whole, allowed numbers only: on each step, and when typing is finished (Enter or leaving). */
  onChange(value: number): void
  min?: number
  max?: number
  step?: number
}

/** A number with − and +. Arrow keys step, with Shift by ten; letters are never accepted. */
export function NumberField({
  value,
  onChange,
  min = 0,
  max = Number.MAX_SAFE_INTEGER,
  step = 1,
  className,
  disabled,
  ...rest
}: NumberFieldProps) {
  const text = useText()
  const link = useFieldLink()
  const [typed, setTyped] = useState<string | null>(null)
  // What was typed belongs to the value it was typed over.
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new value from outside ends the typing
  useEffect(() => setTyped(null), [value])

  const set = (next: number) => {
    const allowed = Math.min(max, Math.max(min, next))
    setTyped(null)
    if (allowed !== value) onChange(allowed)
  }
  const finish = () => {
    if (typed !== null && typed !== '') set(Number(typed))
    else setTyped(null)
  }
  return (
    <span
      className={classes(styles['stepper'], className)}
      data-disabled={disabled || undefined}
      data-invalid={link['aria-invalid']}
    >
      <button
        type="button"
        className={styles['step']}
        tabIndex={-1}
        aria-label={text('app.decrease')}
        disabled={disabled || value <= min}
        onClick={() => set(value - step)}
      >
        <Minus aria-hidden="true" />
      </button>
      <input
        {...link}
        {...rest}
        type="text"
        inputMode="numeric"
        role="spinbutton"
        aria-valuenow={value}
        aria-valuemin={min}
        aria-valuemax={max}
        disabled={disabled}
        className={styles['input']}
        value={typed ?? String(value)}
        onChange={event => setTyped(event.target.value.replace(/[^\d-]/g, ''))}
        onBlur={finish}
        onKeyDown={event => {
          const by = event.shiftKey ? step * 10 : step
          if (event.key === 'ArrowUp') set((typed ? Number(typed) : value) + by)
          else if (event.key === 'ArrowDown') set((typed ? Number(typed) : value) - by)
          else if (event.key === 'Enter' && typed !== null) finish()
          else if (event.key === 'Escape' && typed !== null) {
            event.stopPropagation()
            setTyped(null)
            return
          } else return
          event.preventDefault()
        }}
      />
      <button
        type="button"
        className={styles['step']}
        tabIndex={-1}
        aria-label={text('app.increase')}
        disabled={disabled || value >= max}
        onClick={() => set(value + step)}
      >
        <Plus aria-hidden="true" />
      </button>
    </span>
  )
}
