import { KeyRound } from 'lucide-react'
import { Fragment } from 'react'
import type { FieldDifference } from '../../../shared/compare/difference.ts'
import { Badge, TableCell, useText } from '../../design/index.ts'
import styles from './difference.module.css'
import { noiseWords } from './words.ts'

/** The two cells of a field: what stands at A and at B. */
export function ValueCells({ field }: { field: FieldDifference }) {
  const text = useText()
  if (field.hidden)
    return (
      <TableCell colSpan={2}>
        <span className={styles['hidden']}>
          <KeyRound aria-hidden="true" />
          {text('compare.hidden')}
        </span>
      </TableCell>
    )
  return (
    <>
      <TableCell>
        <Value value={field.before} side="a" />
      </TableCell>
      <TableCell>
        <Value value={field.after} side="b" />
      </TableCell>
    </>
  )
}

function Value({ value, side }: { value: string | null; side: 'a' | 'b' }) {
  const text = useText()
  if (value === null) return <span className={styles['absent']}>{text('compare.absent')}</span>
  return (
    <code className={styles['value']} data-side={side} title={value}>
      {value === '' ? '""' : value}
    </code>
  )
}

/** The name of a field, which may break between its parts, and why its difference means nothing. */
export function FieldName({ field }: { field: FieldDifference }) {
  const text = useText()
  return (
    <span className={styles['fieldName']}>
      <bdi>
        {field.field.split(/(?<=[.\]])|(?=\[)/).map((part, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one path, which only change with it
          <Fragment key={index}>
            {index > 0 && <wbr />}
            {part}
          </Fragment>
        ))}
      </bdi>
      {field.noise && <Badge>{text(noiseWords[field.noise])}</Badge>}
    </span>
  )
}
