import {
  Activity,
  ArrowRight,
  CircleAlert,
  CircleCheck,
  CircleDashed,
  CircleHelp,
  type LucideIcon,
  Stethoscope,
  TriangleAlert,
} from 'lucide-react'
import { memo, useMemo, useState } from 'react'
import type { HealthView } from '../../../shared/clusters/contract.ts'
import type { AspectHealth, HealthAspect, ServiceHealth } from '../../../shared/health/health-contract.ts'
import { healthAspects } from '../../../shared/health/health-contract.ts'
import type { MessageKey } from '../../../shared/messages/index.ts'
import { useApi, useCommand, useLive, useNavigation } from '../../connection/index.ts'
import {
  Button,
  EmptyState,
  ErrorNote,
  ErrorState,
  Hidden,
  Loading,
  Screen,
  ScreenHead,
  Skeleton,
  SplitPane,
  Table,
  TableBody,
  TableCell,
  TableColumn,
  TableHead,
  TableRow,
  type Tone,
  useFormat,
  useSay,
  useText,
} from '../../design/index.ts'
import { AsItWas, useStateWord } from './as-it-was.tsx'
import styles from './clusters.module.css'
import { FreshnessBadge, StaleNote, withLine } from './freshness.tsx'
import live from './live.module.css'
import { Connect } from './live-chip.tsx'
import { SandboxBadge } from './sandbox-badge.tsx'

type Look = { readonly tone: Tone; readonly icon: LucideIcon; readonly word: MessageKey }
const stateLooks: { readonly [state in ServiceHealth['state']]: Look } = {
  down: { tone: 'danger', icon: CircleAlert, word: 'live.serviceDown' },
  degraded: { tone: 'warn', icon: TriangleAlert, word: 'live.serviceDegraded' },
  starting: { tone: 'info', icon: CircleDashed, word: 'live.serviceStarting' },
  unknown: { tone: 'neutral', icon: CircleHelp, word: 'live.serviceUnknown' },
  healthy: { tone: 'ok', icon: CircleCheck, word: 'live.serviceHealthy' },
}
const aspectLooks: { readonly [state in AspectHealth['state']]: Look } = {
  fail: { tone: 'danger', icon: CircleAlert, word: 'live.aspectFail' },
  partly: { tone: 'warn', icon: TriangleAlert, word: 'live.aspectPartly' },
  unknown: { tone: 'neutral', icon: CircleHelp, word: 'live.aspectUnknown' },
  silent: { tone: 'neutral', icon: CircleDashed, word: 'live.aspectSilent' },
  pass: { tone: 'ok', icon: CircleCheck, word: 'live.aspectPass' },
}
const aspectWords: { readonly [aspect in HealthAspect]: MessageKey } = {
  liveness: 'live.liveness',
  readiness: 'live.readiness',
  dependencies: 'live.dependencies',
}
const aspectMeanings: { readonly [aspect in HealthAspect]: MessageKey } = {
  liveness: 'live.livenessMeaning',
  readiness: 'live.readinessMeaning',
  dependencies: 'live.dependenciesMeaning',
}
const order = Object.keys(stateLooks)

function Mark({ look: { tone, icon: Icon, word }, words = false }: { look: Look; words?: boolean }) {
  const { isOld, wordOf } = useStateWord()
  return (
    <span className={live['mark']} data-tone={isOld ? 'stale' : tone} title={words ? undefined : wordOf(word)}>
      <Icon aria-hidden="true" />
      {words ? wordOf(word) : <Hidden>{wordOf(word)}</Hidden>}
    </span>
  )
}

/** One state for every service, whatever it is written in: does it run, does it serve, is what it needs there. */
export function HealthScreen() {
  const workspace = useNavigation(place => place.workspace)
  const environment = useNavigation(place => place.environment)
  const text = useText()
  if (workspace === null) return null
  if (environment === null) return <EmptyState icon={Activity} sentence={text('live.healthNoEnvironment')} />
  return <Health key={`${workspace} ${environment}`} workspace={workspace} environment={environment} />
}

function Health({ workspace, environment }: { workspace: string; environment: string }) {
  const text = useText()
  const api = useApi()
  const stream = useLive(api.clusters.health, { workspace, environment })
  const contexts = useLive(api.clusters.contexts, { workspace }).value?.contexts ?? []
  const [chosen, setChosen] = useState<string | null>(null)
  const view = stream.value && withLine(stream.value, stream.status === 'stale' ? stream.since : null)
  const services = useMemo(
    () =>
      [...(view?.services ?? [])].sort(
        (a, b) => order.indexOf(a.state) - order.indexOf(b.state) || (a.node < b.node ? -1 : 1),
      ),
    [view?.services],
  )
  if (stream.status === 'failed' && stream.error)
    return <ErrorState error={stream.error} title={text('live.healthFailed')} onRetry={stream.retry} />
  if (!view)
    return (
      <Loading>
        <Skeleton />
      </Loading>
    )
  if (services.length === 0) return <EmptyState icon={Activity} sentence={text('live.healthNoServices')} />
  const current = services.find(({ node }) => node === chosen) ?? services[0]!
  return (
    <AsItWas view={view}>
      <SplitPane
        label={text('live.healthWidth')}
        remember="health-detail"
        initial={400}
        min={320}
        max={640}
        minMain={420}
        main={
          <Screen label={text('live.healthTitle')}>
            <ScreenHead
              title={text('live.healthTitle')}
              beside={<SandboxBadge sandbox={view.context?.sandbox} />}
              end={<FreshnessBadge view={view} />}
            />
            {(view.state === 'none' || view.state === 'offered') && (
              <div className={styles['notes']}>
                <p className={styles['quiet']}>{text('live.healthUnconnected')}</p>
                <Connect workspace={workspace} environment={environment} view={view} contexts={contexts} />
              </div>
            )}
            {(view.state === 'stale' || view.state === 'failed') && (
              <div className={styles['notes']}>
                <StaleNote view={view} />
              </div>
            )}
            <Table label={text('live.healthTitle')} className={styles['healthTable'] ?? ''}>
              <TableHead>
                <tr>
                  <TableColumn>{text('live.service')}</TableColumn>
                  <TableColumn>{text('live.state')}</TableColumn>
                  {healthAspects.map(aspect => (
                    <TableColumn key={aspect}>{text(aspectWords[aspect])}</TableColumn>
                  ))}
                  <TableColumn>{text('live.saidBy')}</TableColumn>
                </tr>
              </TableHead>
              <TableBody>
                {services.map(service => (
                  <ServiceRow
                    key={service.node}
                    service={service}
                    selected={service.node === current.node}
                    onSelect={setChosen}
                  />
                ))}
              </TableBody>
            </Table>
          </Screen>
        }
        side={
          <Detail key={current.node} workspace={workspace} environment={environment} service={current} view={view} />
        }
      />
    </AsItWas>
  )
}

type RowProps = { service: ServiceHealth; selected: boolean; onSelect(node: string): void }

/** One that did not change is not drawn again. */
const ServiceRow = memo(function ServiceRow({ service, selected, onSelect }: RowProps) {
  return (
    <TableRow selected={selected} onSelect={() => onSelect(service.node)}>
      <TableCell>
        <strong>{service.node}</strong>
      </TableCell>
      <TableCell>
        <Mark look={stateLooks[service.state]} words />
      </TableCell>
      {healthAspects.map(aspect => (
        <TableCell key={aspect}>
          <Mark look={aspectLooks[service.aspects[aspect].state]} words />
        </TableCell>
      ))}
      <TableCell>
        <ContractWord service={service} />
      </TableCell>
    </TableRow>
  )
})

function ContractWord({ service: { contract } }: { service: ServiceHealth }) {
  const text = useText()
  return (
    <span className={styles['quiet']}>
      {text(`live.contract${kinds[contract.kind]}`)}
      {contract.kind !== 'none' && ` · ${text(contract.origin === 'declared' ? 'live.declared' : 'live.detected')}`}
    </span>
  )
}
const kinds = {
  kubernetes: 'Kubernetes',
  http: 'Http',
  grpc: 'Grpc',
  'spring-actuator': 'Spring',
  dapr: 'Dapr',
  none: 'None',
} as const

function Detail({
  workspace,
  environment,
  service,
  view,
}: {
  workspace: string
  environment: string
  service: ServiceHealth
  view: HealthView
}) {
  const text = useText()
  const say = useSay()
  const format = useFormat()
  const api = useApi()
  const ask = useCommand(api.clusters.askHealth)
  const { contract, answers, node } = service
  const askable = healthAspects.some(aspect => /^(http|grpc)$/.test(contract.questions[aspect]?.how ?? ''))
  const connected = view.context?.allowed === true
  return (
    <Screen label={node}>
      <ScreenHead
        level={2}
        title={node}
        about={<ContractWord service={service} />}
        end={
          <Button
            size="small"
            icon={ArrowRight}
            variant="ghost"
            onClick={() => useNavigation.getState().go({ screen: 'topology', selection: { kind: 'node', id: node } })}
          >
            {text('live.seeGraph')}
          </Button>
        }
      />
      <div className={styles['body']}>
        <div className={live['summary']}>
          <Mark look={stateLooks[service.state]} words />
          {service.running && (
            <span>
              {service.running.desired === null
                ? text('live.readyCount', { ready: service.running.ready })
                : text('live.readyOf', { ready: service.running.ready, of: service.running.desired })}
            </span>
          )}
        </div>
        {healthAspects.map(aspect => (
          <section key={aspect} className={styles['aspect']}>
            <h3>
              <Mark look={aspectLooks[service.aspects[aspect].state]} />
              {text(aspectWords[aspect])}
            </h3>
            <p>{say(service.aspects[aspect].message)}</p>
            <p className={styles['quiet']}>{text(aspectMeanings[aspect])}</p>
            {answers
              .filter(each => each.aspect === aspect && each.components.length > 0)
              .slice(0, 1)
              .map(answer => (
                <ul key={answer.pod} className={styles['components']}>
                  {answer.components.map(({ name, verdict, said }) => (
                    <li key={name}>
                      <Mark
                        look={
                          aspectLooks[
                            verdict === 'up'
                              ? 'pass'
                              : verdict === 'down'
                                ? 'fail'
                                : verdict === 'partly'
                                  ? 'partly'
                                  : 'unknown'
                          ]
                        }
                      />
                      <strong>{name}</strong>
                      {said !== '' && <span className={styles['quiet']}>{said}</span>}
                    </li>
                  ))}
                </ul>
              ))}
          </section>
        ))}
        {contract.notes.length > 0 && (
          <section className={styles['aspect']}>
            <h3>{text('live.notes')}</h3>
            <ul className={styles['components']}>
              {contract.notes.map(note => (
                <li key={note.key}>
                  <TriangleAlert aria-hidden="true" className={styles['noteGlyph']} />
                  <span>{say(note)}</span>
                </li>
              ))}
            </ul>
          </section>
        )}
        <div className={live['actions']}>
          <Button
            size="small"
            icon={Stethoscope}
            loading={ask.running}
            disabledReason={connected ? (askable ? undefined : text('live.notAskable')) : text('live.askNeedsCluster')}
            onClick={() => void ask.run({ workspace, environment, node })}
          >
            {text('live.ask')}
          </Button>
          {answers[0] && (
            <span className={styles['quiet']}>
              {text('live.asked', {
                count: new Set(answers.map(({ pod }) => pod)).size,
                when: format.time(answers[0].asOf),
              })}
            </span>
          )}
        </div>
        <ErrorNote error={ask.error} />
        {contract.file !== undefined && (
          <p className={styles['quiet']}>
            <code>{contract.line === undefined ? contract.file : `${contract.file}:${contract.line}`}</code>
          </p>
        )}
      </div>
    </Screen>
  )
}
