import { type KeyboardEvent, useEffect, useState } from 'react'
import { TextArea, TextField } from '../../../design/index.ts'

type Props = {
  value: string
  /** Called once, with Enter or on leaving, and only when the text is another. */
  onCommit(value: string): void
  label: string
  id?: string
  mono?: boolean
  readOnly?: boolean
  placeholder?: string
  /** What is wrong with a text, in words; null when it may be committed. */
  check?: (value: string) => string | null
  lines?: number
  list?: string
}

/** A field whose text becomes an edit when the person is done with it. Escape puts back what was there. */
export function CommittedField({
  value,
  onCommit,
  label,
  id,
  mono = true,
  readOnly,
  placeholder,
  check,
  lines,
  list,
}: Props) {
  const [typed, setTyped] = useState<string | null>(null)
  const [wrong, setWrong] = useState<string | null>(null)
  // What was typed belongs to the value it was typed over.
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new value from outside ends the typing
  useEffect(() => setTyped(null), [value])

  const finish = () => {
    if (typed === null || typed === value) return setTyped(null)
    const problem = check?.(typed) ?? null
    setWrong(problem)
    if (problem === null) onCommit(typed)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape' && typed !== null) {
      event.stopPropagation()
      setTyped(null)
      setWrong(null)
    } else if (event.key === 'Enter' && (!lines || event.ctrlKey || event.metaKey)) {
      event.preventDefault()
      finish()
    }
  }
  const shared = {
    value: typed ?? value,
    onChange: (next: string) => {
      setTyped(next)
      setWrong(null)
    },
    onBlur: finish,
    onKeyDown,
    'aria-label': label,
    'aria-invalid': wrong !== null || undefined,
    mono,
    readOnly,
    placeholder,
    title: wrong ?? undefined,
    ...(id ? { id } : {}),
  }
  return (
    <span style={{ display: 'grid', minWidth: 0 }}>
      {lines ? (
        <TextArea {...shared} rows={lines} style={{ minHeight: 28 }} />
      ) : (
        <TextField {...shared} list={list} autoComplete="off" />
      )}
      {wrong && (
        <span role="alert" style={{ color: 'var(--danger-text)', fontSize: 'var(--text-12)' }}>
          {wrong}
        </span>
      )}
    </span>
  )
}
