import type { RecordedMetrics } from '../../../shared/metrics/contract.ts'
import { useFormat, useText } from '../../design/index.ts'
import styles from './metrics.module.css'
import { nameOf } from './name-of-source.ts'
import { useWindowWords } from './window-words.ts'

/** Where the rates of a decision's graph come from, over what window, and of when they are. */
export function RecordedSources({ recorded }: { recorded: RecordedMetrics }) {
  const text = useText()
  const format = useFormat()
  const windowWords = useWindowWords()
  return (
    <div>
      <p className={styles['quiet']}>{text('metrics.recorded')}</p>
      <ul className={styles['list']}>
        {recorded.sources.map(source => (
          <li key={`${source.kind} ${source.name}`}>
            <strong>{nameOf(text, source)}</strong>
            <span>
              {text('metrics.over', { window: windowWords(source.window), when: format.dateTime(source.asOf) })}
            </span>
          </li>
        ))}
      </ul>
    </div>
  )
}

/** The same in one line, for a bar. */
export function RecordedNote({ recorded }: { recorded: RecordedMetrics }) {
  const text = useText()
  const format = useFormat()
  const windowWords = useWindowWords()
  const names = recorded.sources.map(source => nameOf(text, source))
  const [first] = recorded.sources
  if (!first) return null
  return (
    <small className={styles['quiet']}>
      {text('metrics.recordedNote', {
        names: format.list(names),
        over: text('metrics.over', { window: windowWords(first.window), when: format.dateTime(first.asOf) }),
      })}
    </small>
  )
}
