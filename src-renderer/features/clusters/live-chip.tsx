import { CircleAlert, History, Plug, Radio, Server } from 'lucide-react'
import type { ContextView, LiveView } from '../../../shared/clusters/contract.ts'
import { useApi, useCommand, useLive, useNavigation } from '../../connection/index.ts'
import {
  Button,
  type ChipWords,
  ErrorNote,
  Select,
  StatusChip,
  useFormat,
  useNow,
  useSay,
  useText,
} from '../../design/index.ts'
import { isForbidden, StaleNote } from './freshness.tsx'
import styles from './live.module.css'
import { MissingRights } from './missing-rights.tsx'
import { useOpenedContext } from './opened-context.ts'
import { PolicyBadge } from './policy-badge.tsx'
import { SandboxBadge } from './sandbox-badge.tsx'
import { useLiveView } from './use-live-view.ts'

type Props = { workspace: string; environment: string; revision: string | null }

/** Where the environment runs and how fresh that is; behind it what is wrong there, and how to connect. */
export function LiveChip({ workspace, environment, revision }: Props) {
  const text = useText()
  const api = useApi()
  const view = useLiveView(workspace, environment, revision)
  const contexts = useLive(api.clusters.contexts, { workspace }).value?.contexts ?? []
  const says = useChipWords(view)
  // Nothing to connect to, and nothing that is missed.
  if (!view || (view.state === 'none' && contexts.length === 0)) return null
  return (
    <StatusChip label={text('live.cluster')} says={says}>
      <LivePanel workspace={workspace} environment={environment} view={view} contexts={contexts} />
    </StatusChip>
  )
}

function useChipWords(view: LiveView | null): ChipWords {
  const text = useText()
  const format = useFormat()
  const now = useNow()
  const name = view?.context?.name ?? ''
  const none = text('live.chipNone')
  if (!view || view.state === 'none') return { tone: 'quiet', words: none, short: none, icon: Server }
  if (view.state === 'offered')
    return { tone: 'offer', words: text('live.chipOffer', { name }), short: name, icon: Plug }
  if (view.state === 'connecting')
    return { tone: 'quiet', words: text('live.chipConnecting', { name }), short: name, icon: null }
  if (view.state === 'failed')
    return { tone: 'danger', words: text('live.chipFailed', { name }), short: name, icon: CircleAlert }
  if (view.state === 'stale') {
    const since = view.since ?? view.asOf
    const when = since === null ? '–' : format.recent(since, now)
    return {
      ...{ tone: 'stale', icon: History },
      words: text('live.chipStale', { name, when }),
      short: text('app.asOf', { when }),
    }
  }
  const count = view.notReady
  return count > 0
    ? {
        ...{ tone: 'danger', icon: CircleAlert },
        words: text('live.chipTrouble', { name, count }),
        short: text('live.chipTroubleShort', { count }),
      }
    : { tone: 'live', words: text('live.chipLive', { name }), short: name, icon: Radio }
}

function LivePanel({
  workspace,
  environment,
  view,
  contexts,
}: {
  workspace: string
  environment: string
  view: LiveView
  contexts: readonly ContextView[]
}) {
  const text = useText()
  const say = useSay()
  const { context } = view
  return (
    <>
      <h2 className={styles['panelTitle']}>
        {context ? context.name : text('live.cluster')}
        <SandboxBadge sandbox={context?.sandbox} />
        {context && <PolicyBadge context={context} />}
      </h2>
      {context && (
        <p className={styles['quiet']}>
          <code>{context.server}</code>
          {view.version !== null && ` · ${view.version}`}
        </p>
      )}
      {!isForbidden(view) && <StaleNote view={view} />}
      <MissingRights missing={view.missing} nothing={isForbidden(view)} />
      {view.problems.pods.length > 0 && (
        <ul className={styles['short']} aria-label={text('live.problems')}>
          {view.problems.pods.slice(0, 6).map(pod => (
            <li key={pod.key}>
              <strong>{pod.name}</strong> {pod.why && say(pod.why)}
            </li>
          ))}
          {view.notReady > 6 && <li>{text('live.more', { count: view.notReady - 6 })}</li>}
        </ul>
      )}
      <Connect workspace={workspace} environment={environment} view={view} contexts={contexts} />
    </>
  )
}

/** Connecting what the repository names, or choosing where it names nothing. */
export function Connect({
  workspace,
  environment,
  view,
  contexts,
}: {
  workspace: string
  environment: string
  view: Pick<LiveView, 'state' | 'context'>
  contexts: readonly ContextView[]
}) {
  const text = useText()
  const api = useApi()
  const allow = useCommand(api.clusters.allow)
  const openContext = useOpenedContext(state => state.open)
  const { context } = view
  return (
    <>
      {view.state === 'none' && contexts.length > 0 && (
        <>
          <p className={styles['quiet']}>{text('live.noneMeaning')}</p>
          <Select
            label={text('live.chooseContext')}
            placeholder={text('live.chooseContext')}
            value={null}
            onChange={name => void allow.run({ context: name, workspace, environment })}
            options={contexts.map(({ name }) => ({ value: name, label: name }))}
          />
        </>
      )}
      {view.state === 'offered' && context && (
        <p className={styles['quiet']}>{text('live.offeredMeaning', { server: context.server })}</p>
      )}
      <ErrorNote error={allow.error} />
      <div className={styles['actions']}>
        {view.state === 'offered' && context && (
          <Button
            size="small"
            variant="primary"
            icon={Plug}
            loading={allow.running}
            onClick={() => void allow.run({ context: context.name })}
          >
            {text('live.connect')}
          </Button>
        )}
        {context && (
          <Button
            size="small"
            icon={Server}
            onClick={() => {
              openContext(context.name)
              useNavigation.getState().setScreen('clusters')
            }}
          >
            {text('live.openCluster')}
          </Button>
        )}
      </div>
    </>
  )
}
