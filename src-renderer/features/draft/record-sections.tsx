import { Plus } from 'lucide-react'
import { recordSections } from '../../../shared/decisions/record-sections.ts'
import { Button, useText } from '../../design/index.ts'
import styles from './record-editor.module.css'

/** The sections of a record's template: those it has lead there, the others are a press away. */
export function RecordSections({
  text: record,
  onShow,
  onAdd,
}: {
  text: string
  onShow(line: number): void
  onAdd(heading: string): void
}) {
  const text = useText()
  return (
    <nav className={styles['sections']} aria-label={text('record.sections')}>
      {recordSections(record).map(({ heading, line }) =>
        line === null ? (
          <Button
            key={heading}
            size="small"
            variant="ghost"
            icon={Plus}
            aria-label={text('record.addSection', { heading })}
            onClick={() => onAdd(heading)}
          >
            {heading}
          </Button>
        ) : (
          <Button key={heading} size="small" onClick={() => onShow(line)}>
            {heading}
          </Button>
        ),
      )}
    </nav>
  )
}
