import { draft as draftPoint, now as nowPoint, pointText, readPoint } from '../../../shared/compare/point.ts'
import { useText } from '../../design/index.ts'
import { CommitSlider } from '../revisions/index.ts'
import styles from './compare.module.css'

type Props = {
  workspace: string
  value: string
  /** The commit that point is; null where nothing was committed. */
  commit: string | null
  onChange(value: string): void
}

/** Moves B through the commits of the branch, while A stays and the graph keeps its places. */
export function PointSlider({ workspace, value, commit, onChange }: Props) {
  const text = useText()
  const { revision, environment } = readPoint(value)
  // The draft is the end of the way too, for as long as it is the point.
  const end = revision === nowPoint ? text('app.now') : revision === draftPoint ? text('compare.draft') : null
  return (
    <div className={styles['slider']}>
      <b className={styles['letter']} aria-hidden="true">
        B
      </b>
      <CommitSlider
        workspace={workspace}
        label={text('compare.moveB')}
        isHere={({ id }) => id === commit}
        end={end}
        onMove={next => onChange(pointText({ revision: next ?? nowPoint, environment }))}
        titled
      />
    </div>
  )
}
