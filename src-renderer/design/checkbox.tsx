import { Check, Minus } from 'lucide-react'
import { Checkbox as Radix } from 'radix-ui'
import { type ReactNode, useId } from 'react'
import styles from './checkbox.module.css'

export type CheckboxProps = {
  checked: boolean | 'indeterminate'
  onChange(checked: boolean): void
  label: ReactNode
  hint?: ReactNode
  disabled?: boolean
}

export function Checkbox({ checked, onChange, label, hint, disabled = false }: CheckboxProps) {
  const id = useId()
  return (
    <span className={styles['row']}>
      <Radix.Root
        id={id}
        className={styles['box']}
        checked={checked}
        disabled={disabled}
        onCheckedChange={next => onChange(next === true)}
      >
        <Radix.Indicator>
          {checked === 'indeterminate' ? <Minus aria-hidden="true" /> : <Check aria-hidden="true" />}
        </Radix.Indicator>
      </Radix.Root>
      <label className={styles['label']} htmlFor={id}>
        {label}
        {hint && <small>{hint}</small>}
      </label>
    </span>
  )
}
