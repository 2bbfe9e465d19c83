import { ArrowRight, CircleCheck, GitPullRequestDraft, RotateCw, Undo2 } from 'lucide-react'
import { useState } from 'react'
import type { ContextView } from '../../../shared/clusters/contract.ts'
import type { DriftedObject } from '../../../shared/drift/contract.ts'
import { type FieldDrift, type Holder, isDrift, type ObjectDrift } from '../../../shared/drift/drift.ts'
import type { MessageKey } from '../../../shared/messages/index.ts'
import { useApi, useCommand, useNavigation, useQuery } from '../../connection/index.ts'
import {
  Badge,
  Button,
  Callout,
  ConfirmDialog,
  EmptyState,
  ErrorNote,
  ErrorState,
  IconButton,
  Loading,
  RelativeTime,
  Skeleton,
  type Tone,
  useFormat,
  useSay,
  useText,
  useToasts,
} from '../../design/index.ts'
import styles from './clusters.module.css'
import { useLacked } from './missing-rights.tsx'
import { useRefusal } from './use-refusal.ts'

type Environment = ContextView['environments'][number]
type Props = { workspace: string; context: ContextView; environment: Environment }

const stateLooks: { readonly [state in ObjectDrift['state']]: { readonly tone: Tone; readonly word: MessageKey } } = {
  changed: { tone: 'warn', word: 'drift.stateChanged' },
  missing: { tone: 'danger', word: 'drift.stateMissing' },
  extra: { tone: 'info', word: 'drift.stateExtra' },
  unknown: { tone: 'stale', word: 'drift.stateUnknown' },
  same: { tone: 'ok', word: 'live.driftSame' },
}
const holderWords: { readonly [holder in Holder]: MessageKey } = {
  autoscaler: 'drift.holderAutoscaler',
  rollout: 'drift.holderRollout',
  injected: 'drift.holderInjected',
  certificates: 'drift.holderCertificates',
  restart: 'drift.holderRestart',
  admission: 'drift.holderAdmission',
  controller: 'drift.holderController',
}
const named = ({ group, kind, namespace, name }: ObjectDrift): DriftedObject => ({ group, kind, namespace, name })
const keyOf = ({ group, kind, namespace, name }: DriftedObject): string => `${group}/${kind} ${namespace}/${name}`

/** Of objects that are unknown for the same reason. */
const mostNames = 12

/** What is live against what Git says, since when and by whom, and the two ways to make them one. */
export function DriftTab({ workspace, context, environment }: Props) {
  const text = useText()
  const say = useSay()
  const format = useFormat()
  const api = useApi()
  const toasts = useToasts()
  const input = { workspace, environment: environment.id, context: context.name }
  const asked = useQuery(api.drift.check, input)
  const adopt = useCommand(api.drift.adopt)
  const reapply = useCommand(api.drift.reapply)
  const [putting, setPutting] = useState<readonly ObjectDrift[]>([])
  const refused = useRefusal(context)(environment.isProtected)
  const lacked = useLacked()
  const view = asked.value
  if (asked.error) return <ErrorState error={asked.error} title={text('live.driftFailed')} onRetry={asked.retry} />
  if (!view)
    return (
      <Loading>
        <Skeleton width="60%" height={16} />
      </Loading>
    )
  const drifted = view.objects.filter(isDrift)
  const inGit = drifted.filter(({ state }) => state !== 'extra')
  /** What this person may change: the others say by themselves why not. */
  const puttable = inGit.filter(({ missing = [] }) => missing.length === 0)
  const unknown = view.objects.filter(({ state }) => state === 'unknown')
  const held = view.objects.filter(({ others }) => others.length > 0)
  const take = async (object: ObjectDrift) => {
    const done = await adopt.run({ ...input, objects: [named(object)] })
    if (!done) return
    toasts.show({
      tone: done.refused.length > 0 ? 'warn' : 'ok',
      title: text('live.driftAdopted', { count: done.edits }),
      ...(done.refused[0]?.problem && { detail: say(done.refused[0].problem) }),
    })
  }
  const namesOf = (objects: readonly ObjectDrift[]): string =>
    format.list([
      ...objects.slice(0, mostNames).map(({ name }) => name),
      ...(objects.length > mostNames ? [text('live.more', { count: objects.length - mostNames })] : []),
    ])
  const put = async () => {
    const done = await reapply.run({
      ...input,
      objects: putting.map(named),
      ...(environment.isProtected && { confirm: environment.name }),
    })
    if (!done) return
    const failed = done.resolved.filter(({ problem }) => problem)
    toasts.show({
      tone: failed.length > 0 ? 'danger' : 'ok',
      title: text('live.driftPutBack', { count: done.resolved.length - failed.length }),
      ...(failed[0]?.problem && { detail: say(failed[0].problem) }),
    })
    setPutting([])
    asked.retry()
  }
  return (
    <div className={styles['body']}>
      <div className={styles['rowOfFacts']}>
        <span className={styles['quiet']}>
          {text('live.driftLooked', {
            count: view.objects.length,
            revision: view.revision.slice(0, 8),
            when: format.time(view.asOf),
          })}
        </span>
        <IconButton size="small" icon={RotateCw} label={text('live.askAgain')} onClick={asked.retry} />
        <span className={styles['gap']} />
        {inGit.length > 1 && (
          <Button
            size="small"
            icon={Undo2}
            disabledReason={
              refused ?? (puttable.length > 0 ? undefined : lacked(inGit.flatMap(({ missing = [] }) => missing)))
            }
            onClick={() => setPutting(puttable)}
          >
            {text('live.driftPutAll')}
          </Button>
        )}
      </div>
      {view.notes.map(note => (
        <Callout key={say(note)} tone="info">
          {say(note)}
        </Callout>
      ))}
      <ErrorNote error={adopt.error} />
      {drifted.length === 0 && unknown.length === 0 && (
        <EmptyState icon={CircleCheck} sentence={text('live.driftNone', { count: view.objects.length })} />
      )}
      {drifted.map(object => (
        <article key={keyOf(object)} className={styles['drifted']}>
          <header>
            <Badge tone={stateLooks[object.state].tone}>{text(stateLooks[object.state].word)}</Badge>
            <strong>{object.name}</strong>
            <span className={styles['quiet']}>{[object.kind, object.namespace].filter(Boolean).join(' · ')}</span>
            <span className={styles['ways']}>
              {object.state === 'changed' && (
                <Button
                  size="small"
                  variant="ghost"
                  icon={GitPullRequestDraft}
                  loading={adopt.running}
                  onClick={() => void take(object)}
                >
                  {text('live.driftAdopt')}
                </Button>
              )}
              {(object.state === 'changed' || object.state === 'missing') && (
                <Button
                  size="small"
                  variant="ghost"
                  icon={Undo2}
                  disabledReason={refused ?? lacked(object.missing)}
                  onClick={() => setPutting([object])}
                >
                  {text('live.driftPut')}
                </Button>
              )}
            </span>
          </header>
          {object.problem && <p className={styles['quiet']}>{say(object.problem)}</p>}
          {object.fields.map(field => (
            <Field key={field.field} field={field} />
          ))}
        </article>
      ))}
      {[...Map.groupBy(unknown, ({ problem }) => (problem ? say(problem) : ''))].map(([problem, objects]) => (
        <article key={problem} className={styles['drifted']}>
          <header>
            <Badge tone={stateLooks.unknown.tone}>{text(stateLooks.unknown.word)}</Badge>
            <strong>{namesOf(objects)}</strong>
            <span className={styles['quiet']}>
              {format.list([
                ...new Set(objects.map(({ kind, namespace }) => [kind, namespace].filter(Boolean).join(' · '))),
              ])}
            </span>
          </header>
          {problem !== '' && <p className={styles['quiet']}>{problem}</p>}
        </article>
      ))}
      {held.length > 0 && (
        <section className={styles['drifted']}>
          <h3>{text('live.driftHeld')}</h3>
          <ul className={styles['components']}>
            {held.flatMap(object =>
              object.others.map(field => (
                <li key={`${keyOf(object)} ${field.field}`}>
                  <span>
                    {object.kind} {object.name}: <code>{field.field}</code>
                  </span>
                  {field.holder && <Badge>{text(holderWords[field.holder])}</Badge>}
                </li>
              )),
            )}
          </ul>
        </section>
      )}
      <ConfirmDialog
        open={putting.length > 0}
        onOpenChange={next => !next && setPutting([])}
        title={text('live.driftPutTitle', { count: putting.length, context: context.name })}
        description={text('live.driftPutMeaning')}
        touched={putting.map(
          ({ kind, namespace, name }) => `${kind} ${namespace === '' ? '' : `${namespace}/`}${name}`,
        )}
        confirm={text('live.driftPutAll')}
        danger
        loading={reapply.running}
        {...(environment.isProtected && {
          typeToConfirm: { label: text('live.unlockType', { context: environment.name }), value: environment.name },
        })}
        onConfirm={() => void put()}
      >
        <ErrorNote error={reapply.error} />
      </ConfirmDialog>
    </div>
  )
}

/** One field: what Git says, what is live, who made it so and since when, and the line and commit that say otherwise. */
function Field({ field }: { field: FieldDrift }) {
  const text = useText()
  const { desired, live, by, change, file, line } = field
  return (
    <div className={styles['field']}>
      <code>{field.field}</code>
      {field.hidden ? (
        <span className={styles['quiet']}>{text('drift.hidden')}</span>
      ) : (
        <span className={styles['values']}>
          <span>{desired ?? text('live.driftNothing')}</span>
          <ArrowRight aria-label={text('live.driftIs')} />
          <strong>{live ?? text('live.driftNothing')}</strong>
        </span>
      )}
      <span className={styles['quiet']}>
        {by && (
          <>
            {by.manager}
            {by.since !== null && (
              <>
                {' '}
                <RelativeTime at={by.since} />
              </>
            )}
          </>
        )}
        {file !== undefined && (
          <>
            {by && ' · '}
            <code>{line === undefined ? file : `${file}:${line}`}</code>
          </>
        )}
        {change && (
          <>
            {' · '}
            <button
              type="button"
              className={styles['link']}
              onClick={() =>
                useNavigation.getState().go({ screen: 'decisions', selection: { kind: 'decision', id: change.commit } })
              }
            >
              {change.title}
            </button>
          </>
        )}
      </span>
    </div>
  )
}
