import { GitBranch, GitCommitHorizontal, PencilRuler, Radio, Tag } from 'lucide-react'
import { useState } from 'react'
import type { PointView } from '../../../shared/compare/contract.ts'
import { draft as draftPoint, now as nowPoint, pointText, readPoint } from '../../../shared/compare/point.ts'
import type { Revision } from '../../../shared/workspaces/contract.ts'
import { useApi, useLive, useQuery } from '../../connection/index.ts'
import { Picker, Select, useFormat, useText } from '../../design/index.ts'
import styles from './compare.module.css'

const shown = 50
const icons = { branch: GitBranch, 'remote-branch': GitBranch, tag: Tag }

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
  const api = useApi()
  const text = useText()
  const format = useFormat()
  const [opened, setOpened] = useState(false)
  const log = useLive(api.decisions.log, { workspace, limit: shown }, { skip: !opened })
  const revisions = useQuery(api.workspaces.revisions, { workspace }, { skip: !opened })
  const { revision, environment } = readPoint(value)
  const choose = (next: string) => onChange(pointText({ revision: next, environment }))
  const named = (kinds: readonly Revision['kind'][]) =>
    (revisions.value ?? [])
      .filter(({ kind }) => kinds.includes(kind))
      .map(each => ({
        id: `${each.kind} ${each.name}`,
        label: each.name,
        end: each.commit.slice(0, 8),
        icon: icons[each.kind],
        current: revision === each.name,
        run: () => choose(each.name),
      }))
  const choices = [...new Set([...(point?.environments ?? []), ...(point ? [point.environment] : [])])]
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
        empty={text(log.status === 'connecting' ? 'app.loading' : 'app.noneMatches')}
        onOpenChange={open => {
          if (open) setOpened(true)
        }}
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
          {
            heading: text('app.newestChanges'),
            items: (log.value?.items ?? []).map(each => ({
              id: each.id,
              label: each.title,
              hint: `${each.id.slice(0, 8)} · ${each.author.name}`,
              end: format.date(each.author.time * 1000),
              icon: GitCommitHorizontal,
              current: revision === each.id,
              keywords: each.services,
              run: () => choose(each.id),
            })),
          },
          { heading: text('app.branches'), items: named(['branch', 'remote-branch']) },
          { heading: text('app.tags'), items: named(['tag']) },
        ]}
        typedItem={typed => ({
          id: `typed ${typed}`,
          label: text('compare.asTyped', { revision: typed }),
          icon: GitCommitHorizontal,
          // What is typed may say its environment itself.
          run: () => (typed.includes(':') ? onChange(typed) : choose(typed)),
        })}
      />
      {point && choices.length > 1 && (
        <Select
          plain
          className={styles['pointEnvironment'] ?? ''}
          label={text('compare.environmentOf', { point: letter })}
          value={point.environment}
          onChange={next => onChange(pointText({ revision, environment: next }))}
          options={choices.map(id => ({ value: id, label: id === '.' ? text('app.wholeRepository') : id }))}
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
  return /^[0-9a-f]{40}$/.test(revision) ? revision.slice(0, 8) : revision
}
