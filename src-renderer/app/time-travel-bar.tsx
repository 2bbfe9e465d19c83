import { GitCompareArrows, History, Undo2 } from 'lucide-react'
import { useApi } from '../connection/api.ts'
import { useNavigation } from '../connection/navigation.ts'
import { useQuery } from '../connection/use-query.ts'
import { Button } from '../design/button.tsx'
import { LiveRegion } from '../design/live-region.tsx'
import { Skeleton } from '../design/spinner.tsx'
import { useFormat, useSay, useText } from '../design/text.ts'
import { CommitSlider, shortRevision } from '../features/revisions/index.ts'
import styles from './bar.module.css'

/** Says that this is not the present, which moment it is, and the way back. */
export function TimeTravelBar({ workspace }: { workspace: string }) {
  const api = useApi()
  const text = useText()
  const say = useSay()
  const format = useFormat()
  const revision = useNavigation(place => place.revision)
  const { setRevision, go } = useNavigation.getState()
  const shown = useQuery(api.decisions.show, { workspace, decision: revision ?? '' }, { skip: revision === null })
  if (revision === null) return null
  const summary = shown.value?.summary
  const failed = shown.status === 'failed'
  return (
    <section className={styles['bar']} data-tone={failed ? 'danger' : 'travel'} aria-label={text('app.timeTravel')}>
      <History aria-hidden="true" />
      <div className={styles['words']}>
        {failed && shown.error ? (
          <span>{say(shown.error)}</span>
        ) : summary ? (
          <>
            <strong>{text('app.lookingAt', { when: format.dateTime(summary.author.time * 1000) })}</strong>
            <code>{shortRevision(summary.id)}</code>
            <span className={styles['quiet']}>{summary.title}</span>
          </>
        ) : (
          <>
            <strong>{text('app.lookingAt', { when: shortRevision(revision) })}</strong>
            <Skeleton width={160} />
          </>
        )}
      </div>
      <LiveRegion>
        {summary ? text('app.lookingAt', { when: format.dateTime(summary.author.time * 1000) }) : ''}
      </LiveRegion>
      <span className={styles['aside']}>{text('app.pastIsReadOnly')}</span>
      <span className={styles['slider']}>
        <CommitSlider
          workspace={workspace}
          label={text('app.timeSlider')}
          isHere={({ id, decisionId }) => id.startsWith(revision) || decisionId === revision}
          onMove={setRevision}
        />
      </span>
      <Button
        size="small"
        variant="ghost"
        icon={GitCompareArrows}
        onClick={() => go({ screen: 'compare', revision: null, compared: { a: revision, b: 'now' } })}
      >
        {text('compare.withNow')}
      </Button>
      <Button size="small" icon={Undo2} shortcut="g n" onClick={() => setRevision(null)}>
        {text('app.backToNow')}
      </Button>
    </section>
  )
}
