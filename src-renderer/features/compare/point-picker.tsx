import { GitCommitHorizontal, PencilRuler, Radio } from 'lucide-react'
import type { PointView } from '../../../shared/compare/contract.ts'
import { draft as draftPoint, now as nowPoint, pointText, readPoint } from '../../../shared/compare/point.ts'
import { Picker, Select, useText } from '../../design/index.ts'
import { shortRevision, useRevisionChoices } from '../revisions/index.ts'
import styles from './compare.module.css'

type Props = {
  workspace: string
  /** `A` or `B`. */
  letter: string
  label: string
  value: string
  /** What was found there; null while it is asked. */
  point: PointView | null
  hasDraft: boolean
  onChange(value: string): void
}

/** One point: now, the draft, a decision, a branch, a tag or any revision; and where there are several, its environment. */
export function PointPicker({ workspace, letter, label, value, point, hasDraft, onChange }: Props) {
  const text = useText()
  const { revision, environment } = readPoint(value)
  const choose = (next: string) => onChange(pointText({ revision: next, environment }))
  const choices = useRevisionChoices(workspace, revision, choose)
  const environments = [...new Set([...(point?.environments ?? []), ...(point ? [point.environment] : [])])]
  return (
    <div className={styles['point']}>
      <b className={styles['letter']} aria-hidden="true">
        {letter}
      </b>
      <Picker
        className={styles['pointPicker']}
        label={label}
        wide
        strong
        value={nameOf(text, revision, point?.text === value ? point : null)}
        placeholder={text('compare.findPoint')}
        empty={choices.empty}
        onOpenChange={choices.onOpenChange}
        groups={[
          {
            heading: text('compare.present'),
            items: [
              {
                id: nowPoint,
                label: text('app.now'),
                icon: Radio,
                current: revision === nowPoint,
                run: () => choose(nowPoint),
              },
              ...(hasDraft || revision === draftPoint
                ? [
                    {
                      id: draftPoint,
                      label: text('compare.draft'),
                      hint: text('compare.draftHint'),
                      icon: PencilRuler,
                      current: revision === draftPoint,
                      run: () => choose(draftPoint),
                    },
                  ]
                : []),
            ],
          },
          ...choices.groups,
        ]}
        typedItem={typed => ({
          id: `typed ${typed}`,
          label: text('compare.asTyped', { revision: typed }),
          icon: GitCommitHorizontal,
          // What is typed may say its environment itself.
          run: () => (typed.includes(':') ? onChange(typed) : choose(typed)),
        })}
      />
      {point && environments.length > 1 && (
        <Select
          plain
          className={styles['pointEnvironment'] ?? ''}
          label={text('compare.environmentOf', { point: letter })}
          value={point.environment}
          onChange={next => onChange(pointText({ revision, environment: next }))}
          options={environments.map(id => ({ value: id, label: id === '.' ? text('app.wholeRepository') : id }))}
        />
      )}
    </div>
  )
}

/** What a point is called: a word for the present, a name as it is, the title for a commit or decision by its id. */
export function nameOf(text: ReturnType<typeof useText>, revision: string, point: PointView | null): string {
  if (revision === nowPoint) return text('app.now')
  if (revision === draftPoint) return text('compare.draft')
  const commit = point?.commit
  if (
    revision.length >= 7 &&
    (commit?.commit.startsWith(revision) || commit?.decisionId?.startsWith(revision.toUpperCase()))
  )
    return commit.title
  return shortRevision(revision)
}
