import { CalendarClock, FilePlus2, GitFork, Scale, ShieldCheck } from 'lucide-react'
import { useMemo, useState } from 'react'
import type { DecidingFile, RulesView } from '../../../shared/rules/contract.ts'
import { evaluateRules } from '../../../shared/rules/evaluate-rules.ts'
import { asContext } from '../../../shared/rules/gate-facts.ts'
import { readRules } from '../../../shared/rules/read-rules.ts'
import { rulesFolder } from '../../../shared/rules/rule-schema.ts'
import { gateEnvironment } from '../../../shared/rules/workspace-rules.ts'
import { readTree } from '../../../shared/trees/read-tree.ts'
import type { WorkspaceId } from '../../../shared/workspaces/contract.ts'
import { useApi, useLive, useNavigation } from '../../connection/index.ts'
import {
  Badge,
  Button,
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
  useText,
} from '../../design/index.ts'
import { GateVerdicts } from './gate-verdicts.tsx'
import { RuleFileView } from './rule-file-view.tsx'
import styles from './rules-screen.module.css'
import { TreeScreen } from './tree-screen.tsx'
import { consequence, verdictLooks } from './verdict-words.ts'
import { WaiversView } from './waivers-view.tsx'

/** Rules and decision trees of a workspace, with what they say of the draft as it is. */
export function RulesScreen() {
  const workspace = useNavigation(place => place.workspace)
  return workspace === null ? null : <Rules key={workspace} workspace={workspace} />
}

type Chosen = { readonly kind: 'gate' | 'waivers' | 'rules' | 'tree'; readonly path: string }
const first = `${rulesFolder}/rules.yaml`
const template = `kind: RuleSet
rules:
  - id: critical-services-have-two-replicas
    priority: 10
    severity: warn
    expression: after.services.all(s, s.kind != "service" || s.replicas >= 2)
    message: Somebody calls it, so one replica is too few.
`

function Rules({ workspace }: { workspace: WorkspaceId }) {
  const text = useText()
  const api = useApi()
  const environment = useNavigation(place => place.environment)
  const live = useLive(api.rules.view, { workspace, environment })
  const [chosen, setChosen] = useState<Chosen | null>(null)
  const [fresh, setFresh] = useState<DecidingFile | null>(null)
  const view = live.value
  if (!view) {
    if (live.status === 'failed' && live.error)
      return <ErrorState error={live.error} title={text('rule.pageFailed')} onRetry={live.retry} />
    return (
      <Loading>
        <Skeleton />
      </Loading>
    )
  }
  const files = fresh && !view.rules.some(({ path }) => path === fresh.path) ? [...view.rules, fresh] : view.rules
  const at = chosen ?? { kind: 'gate' as const, path: '' }
  const file = files.find(({ path }) => path === at.path)
  const tree = [...view.trees, ...view.shipped].find(({ path }) => path === at.path)
  const begin = (): void => {
    const path = freeName(files.map(each => each.path))
    setFresh({ path, text: template, changed: true })
    setChosen({ kind: 'rules', path })
  }
  return (
    <SplitPane
      label={text('rule.pageListWidth')}
      remember="rules-list"
      sideAt="start"
      initial={320}
      min={240}
      max={560}
      minMain={480}
      side={
        <Screen as="nav" label={text('rule.pageTitle')}>
          <ScreenHead
            title={text('rule.pageTitle')}
            end={
              <Button size="small" variant="ghost" icon={FilePlus2} onClick={begin}>
                {text('rule.pageNew')}
              </Button>
            }
          />
          <EntryList>
            <Entry
              icon={ShieldCheck}
              name={text('rule.pageGate')}
              about={view.environment}
              current={at.kind === 'gate'}
              onChoose={() => setChosen({ kind: 'gate', path: '' })}
            />
            <Entry
              icon={CalendarClock}
              name={text('rule.waivers')}
              about={text('rule.waiversAbout')}
              current={at.kind === 'waivers'}
              onChoose={() => setChosen({ kind: 'waivers', path: '' })}
            />
            <EntryHeading>{text('rule.pageOwn')}</EntryHeading>
            {files.length === 0 && <p className={styles['none']}>{text('rule.pageNoRules')}</p>}
            {files.map(each => (
              <FileEntry
                key={each.path}
                file={each}
                view={view}
                isCurrent={at.kind === 'rules' && at.path === each.path}
                onChoose={() => setChosen({ kind: 'rules', path: each.path })}
              />
            ))}
            <EntryHeading>{text('rule.pageTrees')}</EntryHeading>
            {[...view.trees, ...view.shipped].map(each => (
              <Entry
                key={each.path}
                icon={GitFork}
                name={readTree(each.path, each.text).tree?.text.title ?? nameOf(each.path)}
                about={view.trees.includes(each) ? each.path : text('rule.pageShipped')}
                current={at.kind === 'tree' && at.path === each.path}
                onChoose={() => setChosen({ kind: 'tree', path: each.path })}
              />
            ))}
          </EntryList>
        </Screen>
      }
      main={
        at.kind === 'waivers' ? (
          <WaiversView workspace={workspace} />
        ) : at.kind === 'rules' && file ? (
          <RuleFileView key={file.path} workspace={workspace} file={file} view={view} />
        ) : at.kind === 'tree' && tree ? (
          <TreeScreen
            key={tree.path}
            workspace={workspace}
            environment={view.environment}
            file={tree}
            isShipped={!view.trees.includes(tree)}
            onOwn={path => setChosen({ kind: 'tree', path })}
          />
        ) : view.gate.items.length === 0 && view.rules.length === 0 ? (
          <EmptyState
            icon={Scale}
            sentence={text('rule.pageEmpty')}
            action={
              <Button icon={FilePlus2} onClick={begin}>
                {text('rule.pageNew')}
              </Button>
            }
          />
        ) : (
          <GateVerdicts workspace={workspace} view={view} />
        )
      }
    />
  )
}

/** The name of a file, where a tree has no title. */
const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1)

const freeName = (taken: readonly string[]): string => {
  if (!taken.includes(first)) return first
  for (let number = 2; ; number++) {
    const name = `${rulesFolder}/rules-${number}.yaml`
    if (!taken.includes(name)) return name
  }
}

function FileEntry({
  file,
  view,
  isCurrent,
  onChoose,
}: {
  file: DecidingFile
  view: RulesView
  isCurrent: boolean
  onChoose(): void
}) {
  const text = useText()
  const { worst, count, broken } = useMemo(() => {
    const read = readRules(file.path, file.text, gateEnvironment)
    const verdicts = evaluateRules(read.rules, asContext(view.facts), view.facts.time.date)
    const found = consequence.find(each => verdicts.some(({ verdict }) => verdict === each)) ?? 'pass'
    return {
      worst: found,
      count: read.rules.length,
      broken: read.problems.some(({ severity }) => severity === 'error'),
    }
  }, [file, view.facts])
  const look = verdictLooks[broken ? 'block' : worst]
  return (
    <Entry
      icon={look.icon}
      tone={look.tone}
      name={file.path.slice(rulesFolder.length + 1)}
      about={text('rule.pageCount', { count })}
      current={isCurrent}
      onChoose={onChoose}
      end={file.changed ? <Badge tone="proposed">{text('rule.pageDrafted')}</Badge> : null}
    />
  )
}
