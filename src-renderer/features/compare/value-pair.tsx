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
      {value === '' ? '""' : <Parts text={value} between={betweenWords} />}
    </code>
  )
}

const betweenFields = /(?<=[.\]])|(?=\[)/
/** After what ends a part of an address, and before what begins its tag or digest. */
const betweenWords = /(?<=[/,&?])|(?=[:@])/

/** Longer texts are no names and no addresses. */
const longest = 300

/** A text that breaks between its parts before it breaks within one. */
function Parts({ text, between }: { text: string; between: RegExp }) {
  if (text.length > longest) return text
  return text.split(between).map((part, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text, which only change with it
    <Fragment key={index}>
      {index > 0 && <wbr />}
      {part}
    </Fragment>
  ))
}

/** The name of a field, which may break between its parts, and why its difference means nothing. */
export function FieldName({ field }: { field: FieldDifference }) {
  const text = useText()
  return (
    <span className={styles['fieldName']}>
      <bdi>
        <Parts text={field.field} between={betweenFields} />
      </bdi>
      {field.noise && <Badge>{text(noiseWords[field.noise])}</Badge>}
    </span>
  )
}
