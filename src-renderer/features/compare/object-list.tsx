import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, useEffect, useId, useMemo, useRef } from 'react'
import type { ManifestChange } from '../../../shared/compare/contract.ts'
import { useText } from '../../design/index.ts'
import { ChangeMark } from './change-mark.tsx'
import styles from './compare.module.css'

type Row =
  | { readonly kind: 'service'; readonly key: string; readonly service: string | null }
  | { readonly kind: 'object'; readonly key: string; readonly subject: ManifestChange }

const heights = { service: 32, object: 32 }

type Props = {
  subjects: readonly ManifestChange[]
  current: ManifestChange
  withNoise: boolean
  onChoose(key: string): void
}

/** The objects that differ, under the services they are for; only the lines in sight are drawn. */
export function ObjectList({ subjects, current, withNoise, onChoose }: Props) {
  const text = useText()
  const id = useId()
  const place = useRef<HTMLDivElement>(null)
  const rows = useMemo(() => rowsOf(subjects), [subjects])
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => place.current,
    estimateSize: index => heights[rows[index]!.kind],
    getItemKey: index => rows[index]!.key,
    overscan: 12,
    paddingEnd: 8,
    scrollPaddingStart: 40,
    scrollPaddingEnd: 8,
  })
  const countOf = ({ fields }: ManifestChange): number =>
    withNoise ? fields.length : fields.filter(({ noise }) => noise === undefined).length
  const at = rows.findIndex(row => row.kind === 'object' && row.subject.key === current.key)
  useEffect(() => {
    if (at >= 0) virtual.scrollToIndex(at, { align: 'auto' })
  }, [at, virtual])
  function onKeyDown(event: KeyboardEvent) {
    const now = subjects.indexOf(current)
    const steps: { readonly [key: string]: number } = {
      ArrowDown: now + 1,
      ArrowUp: now - 1,
      Home: 0,
      End: subjects.length - 1,
    }
    const next = steps[event.key]
    if (next === undefined) return
    event.preventDefault()
    const subject = subjects[next]
    if (subject) onChoose(subject.key)
  }
  return (
    <div
      ref={place}
      role="listbox"
      tabIndex={0}
      className={styles['scroll']}
      aria-label={text('compare.objects')}
      aria-activedescendant={at >= 0 ? `${id}-${at}` : undefined}
      onKeyDown={onKeyDown}
    >
      <div role="presentation" style={{ position: 'relative', height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ index, start, size, key }) => {
          const row = rows[index]!
          const style = { transform: `translateY(${start}px)`, height: size }
          if (row.kind === 'service')
            return (
              <div key={key} role="presentation" className={styles['service']} style={style}>
                {row.service ?? text('compare.shared')}
              </div>
            )
          const { subject } = row
          return (
            // biome-ignore lint/a11y/useKeyWithClickEvents lint/a11y/useFocusableInteractive: keys are the listbox's, which keeps the focus
            <div
              key={key}
              id={`${id}-${index}`}
              role="option"
              aria-selected={subject === current}
              className={styles['object']}
              style={style}
              title={`${subject.file}:${subject.line}`}
              onClick={() => onChoose(subject.key)}
            >
              <ChangeMark change={subject.change} />
              <span className={styles['objectWords']}>
                <span>{subject.kind}</span> <b>{subject.name}</b>
              </span>
              {subject.change === 'changed' && <small>{countOf(subject)}</small>}
            </div>
          )
        })}
      </div>
    </div>
  )
}

function rowsOf(subjects: readonly ManifestChange[]): Row[] {
  const rows: Row[] = []
  for (const [index, subject] of subjects.entries()) {
    const { service } = subject
    if (index === 0 || subjects[index - 1]!.service !== service)
      rows.push({ kind: 'service', key: `service ${service}`, service })
    rows.push({ kind: 'object', key: subject.key, subject })
  }
  return rows
}
