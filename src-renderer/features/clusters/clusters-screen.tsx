import { FileWarning, Server } from 'lucide-react'
import { useMemo, useState } from 'react'
import type { ContextView } from '../../../shared/clusters/contract.ts'
import { useApi, useLive, useNavigation, usePaletteSource } from '../../connection/index.ts'
import {
  Callout,
  EmptyState,
  Entry,
  EntryHeading,
  EntryList,
  ErrorState,
  Loading,
  Screen,
  ScreenHead,
  Skeleton,
  SplitPane,
  TextField,
  useSay,
  useText,
} from '../../design/index.ts'
import styles from './clusters.module.css'
import { ContextScreen } from './context-screen.tsx'
import { CutName } from './cut-name.tsx'
import { Forwards } from './forwards.tsx'
import { useOpenedContext } from './opened-context.ts'
import { PolicyBadge } from './policy-badge.tsx'
import { SandboxBadge } from './sandbox-badge.tsx'

/** Contexts of the kubeconfig files, and what runs in the one that is opened. */
export function ClustersScreen() {
  const workspace = useNavigation(place => place.workspace)
  return workspace === null ? null : <Clusters key={workspace} workspace={workspace} />
}

/** From so many on they are searched. */
const many = 8

function Clusters({ workspace }: { workspace: string }) {
  const text = useText()
  const api = useApi()
  const environment = useNavigation(place => place.environment)
  const live = useLive(api.clusters.contexts, { workspace })
  const opened = useOpenedContext(state => state.name)
  const open = useOpenedContext(state => state.open)
  const contexts = live.value?.contexts ?? []
  const current =
    contexts.find(({ name }) => name === opened) ??
    contexts.find(({ environments }) => environments.some(({ id }) => id === environment)) ??
    contexts.find(each => each.current) ??
    contexts[0] ??
    null
  usePaletteSource(() =>
    contexts.map(({ name, server }) => ({
      id: `context ${name}`,
      label: name,
      hint: server,
      group: 'live.pageTitle',
      icon: Server,
      run: () => open(name),
    })),
  )
  if (live.status === 'failed' && live.error)
    return <ErrorState error={live.error} title={text('live.contextsFailed')} onRetry={live.retry} />
  if (!live.value)
    return (
      <Loading>
        <Skeleton />
      </Loading>
    )
  if (contexts.length === 0)
    return (
      <div className={styles['alone']}>
        <EmptyState icon={Server} sentence={text('live.noKubeconfig')} />
        <Problems problems={live.value.problems} />
      </div>
    )
  return (
    <SplitPane
      label={text('live.listWidth')}
      remember="clusters-list"
      sideAt="start"
      initial={264}
      min={220}
      max={440}
      minMain={480}
      side={
        <Screen as="nav" label={text('live.contexts')}>
          <ScreenHead title={text('live.pageTitle')} />
          <ContextList contexts={contexts} current={current?.name ?? null} onOpen={open} />
          <Problems problems={live.value.problems} />
          <Forwards />
        </Screen>
      }
      main={current && <ContextScreen key={current.name} workspace={workspace} context={current} />}
    />
  )
}

function ContextList({
  contexts,
  current,
  onOpen,
}: {
  contexts: readonly ContextView[]
  current: string | null
  onOpen(name: string): void
}) {
  const text = useText()
  const [typed, setTyped] = useState('')
  const words = typed.trim().toLowerCase()
  const [here, others] = useMemo(() => {
    const fitting = contexts.filter(
      ({ name, server, cluster }) =>
        words === '' || [name, server, cluster].some(each => each.toLowerCase().includes(words)),
    )
    return [
      fitting.filter(({ environments }) => environments.length > 0),
      fitting.filter(({ environments }) => environments.length === 0),
    ]
  }, [contexts, words])
  const entries = (list: readonly ContextView[]) =>
    list.map(context => (
      <Entry
        key={context.name}
        icon={Server}
        tone={context.allowed ? 'ok' : undefined}
        name={<CutName name={context.name} />}
        about={
          context.environments.length > 0
            ? context.environments.map(({ name }) => name).join(', ')
            : context.server.replace(/^https?:\/\//, '')
        }
        end={
          <>
            <SandboxBadge short sandbox={context.sandbox} />
            <PolicyBadge short context={context} />
          </>
        }
        current={context.name === current}
        onChoose={() => onOpen(context.name)}
      />
    ))
  return (
    <EntryList>
      {contexts.length > many && (
        <TextField
          type="search"
          value={typed}
          onChange={setTyped}
          placeholder={text('live.findContext')}
          aria-label={text('live.findContext')}
        />
      )}
      {here.length > 0 && <EntryHeading>{text('live.ofWorkspace')}</EntryHeading>}
      {entries(here)}
      {others.length > 0 && here.length > 0 && <EntryHeading>{text('live.otherContexts')}</EntryHeading>}
      {entries(others)}
      {here.length + others.length === 0 && <p className={styles['quiet']}>{text('live.noSuchContext')}</p>}
    </EntryList>
  )
}

function Problems({
  problems,
}: {
  problems: readonly { readonly file: string; readonly problem: Parameters<ReturnType<typeof useSay>>[0] }[]
}) {
  const say = useSay()
  if (problems.length === 0) return null
  return (
    <div className={styles['fileProblems']}>
      {problems.map(({ file, problem }) => (
        <Callout key={`${file} ${say(problem)}`} tone="warn" icon={FileWarning}>
          {say(problem)}
        </Callout>
      ))}
    </div>
  )
}
