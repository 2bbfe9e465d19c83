import { useMemo } from 'react'
import type { ManifestChange } from '../../../shared/compare/contract.ts'
import { RowList, useText } from '../../design/index.ts'
import { ChangeMark } from './change-mark.tsx'
import styles from './manifests.module.css'

type Row =
  | { readonly kind: 'service'; readonly key: string; readonly service: string | null }
  | { readonly kind: 'object'; readonly key: string; readonly subject: ManifestChange }

type Props = {
  subjects: readonly ManifestChange[]
  current: ManifestChange
  withNoise: boolean
  onChoose(key: string): void
}

/** The objects that differ, under the services they are for. */
export function ObjectList({ subjects, current, withNoise, onChoose }: Props) {
  const text = useText()
  const rows = useMemo(() => rowsOf(subjects), [subjects])
  const countOf = ({ fields }: ManifestChange): number =>
    withNoise ? fields.length : fields.filter(({ noise }) => noise === undefined).length
  return (
    <RowList<Row>
      label={text('compare.objects')}
      rows={rows}
      keyOf={row => row.key}
      heightOf={() => 32}
      isChoice={row => row.kind === 'object'}
      chosen={current.key}
      onChoose={row => onChoose(row.key)}
      attributesOf={row =>
        row.kind === 'object'
          ? { className: styles['object'], title: `${row.subject.file}:${row.subject.line}` }
          : { className: styles['service'] }
      }
    >
      {row => {
        if (row.kind === 'service') return row.service ?? text('compare.shared')
        const { change, kind, name } = row.subject
        return (
          <>
            <ChangeMark change={change} />
            <span className={styles['objectWords']}>
              <span>{kind}</span> <b>{name}</b>
            </span>
            {change === 'changed' && <small>{countOf(row.subject)}</small>}
          </>
        )
      }}
    </RowList>
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
