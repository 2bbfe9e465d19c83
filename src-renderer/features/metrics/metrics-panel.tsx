import { Plus } from 'lucide-react'
import { useState } from 'react'
import type { Seen, Unmatched } from '../../../shared/metrics/join-metrics.ts'
import { offeredWindows } from '../../../shared/metrics/window.ts'
import { Button, Segmented, useFormat, useText } from '../../design/index.ts'
import { AddSource } from './add-source.tsx'
import styles from './metrics.module.css'
import { OneSource } from './one-source.tsx'
import { RecordedSources } from './recorded-sources.tsx'
import type { MeasuredPicture } from './use-measured.ts'
import { useWindowWords } from './window-words.ts'

/** Sources, the window, what is shown, and the names that fit nothing. */
export function MetricsPanel({ picture }: { picture: MeasuredPicture }) {
  const text = useText()
  const windowWords = useWindowWords()
  const { metrics, measured, recorded, only, window } = picture
  const [adding, setAdding] = useState(false)
  const sources = metrics?.sources ?? []
  if (adding && metrics) return <AddSource workspace={picture.workspace} onDone={() => setAdding(false)} />
  const seen = measured?.seen
  const windows =
    window === null || offeredWindows.some(each => each === window) ? offeredWindows : [window, ...offeredWindows]
  return (
    <>
      <h2 className={styles['title']}>{text('metrics.title')}</h2>
      {recorded && <RecordedSources recorded={recorded} />}
      {metrics && sources.length === 0 && <p className={styles['quiet']}>{text('metrics.empty')}</p>}
      {sources.map(source => (
        <OneSource key={source.id} workspace={picture.workspace} source={source} />
      ))}
      {sources.some(({ state }) => state !== 'not-allowed') && window !== null && (
        <div className={styles['row']}>
          <span>{text('metrics.window')}</span>
          <Segmented
            label={text('metrics.window')}
            size="small"
            value={window}
            onChange={picture.setWindow}
            options={windows.map(each => ({ value: each, label: windowWords(each) }))}
          />
        </div>
      )}
      {seen && (
        <div className={styles['row']}>
          <span>{text('metrics.show')}</span>
          <Segmented<Seen | 'all'>
            label={text('metrics.show')}
            size="small"
            value={only ?? 'all'}
            onChange={next => picture.setOnly(next === 'all' ? null : next)}
            options={[
              { value: 'all', label: text('metrics.showAll') },
              { value: 'both', label: text('metrics.showBoth', { count: seen.both }) },
              { value: 'observed', label: text('metrics.showObserved', { count: seen.observed }) },
              { value: 'declared', label: text('metrics.showDeclared', { count: seen.declared }) },
            ]}
          />
        </div>
      )}
      {measured && measured.unmatched.length > 0 && <Strangers unmatched={measured.unmatched} />}
      {measured && measured.elsewhere > 0 && (
        <p className={styles['quiet']}>{text('metrics.elsewhere', { count: measured.elsewhere })}</p>
      )}
      {metrics && (
        <div className={styles['actions']}>
          <Button
            size="small"
            icon={Plus}
            variant={sources.length > 0 ? 'ghost' : 'default'}
            onClick={() => setAdding(true)}
          >
            {text('metrics.add')}
          </Button>
        </div>
      )}
    </>
  )
}

const shownStrangers = 8

function Strangers({ unmatched }: { unmatched: readonly Unmatched[] }) {
  const text = useText()
  const format = useFormat()
  const [all, setAll] = useState(false)
  const listed = all ? unmatched : unmatched.slice(0, shownStrangers)
  return (
    <section>
      <h3 className={styles['heading']}>{text('metrics.unmatched', { count: unmatched.length })}</h3>
      <ul className={styles['list']}>
        {listed.map(({ name, namespace, kind, calls, nodes, rate }) => (
          <li key={`${calls} ${namespace} ${name}`}>
            <code>{namespace === undefined ? name : `${namespace}/${name}`}</code>
            <span>
              {text(calls === 'caller' ? 'metrics.strangerCalls' : 'metrics.strangerCalled', {
                nodes: format.list(nodes.slice(0, 3)),
                rate: format.number(rate, 1),
              })}
              {kind === 'external' && ` · ${text('metrics.outside')}`}
            </span>
          </li>
        ))}
      </ul>
      {!all && unmatched.length > shownStrangers && (
        <Button size="small" variant="ghost" onClick={() => setAll(true)}>
          {text('metrics.showMore', { count: unmatched.length - shownStrangers })}
        </Button>
      )}
    </section>
  )
}
