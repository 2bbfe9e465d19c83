import type { ReactNode } from 'react'
import type { EdgeNodeView } from '../../../shared/edge/contract.ts'
import type { EdgeFacts } from '../../../shared/edge/facts/facts.ts'
import { Badge, EmptyState, useFormat, useSay, useText } from '../../design/index.ts'
import styles from './edge.module.css'
import { Meter } from './meter.tsx'
import { hottest, loadEach, memoryUsed, shareOfDisk } from './node-words.ts'

const tones = { error: 'danger', warning: 'warn', note: 'info' } as const

/** What a node said of itself. */
export function OverviewTab({ node }: { node: EdgeNodeView }) {
  const text = useText()
  const say = useSay()
  const { facts, problems } = node
  if (!facts) return <EmptyState sentence={text('edge.nothingKnown', { node: node.name })} />
  return (
    <div className={styles['overview']} data-stale={node.state === 'stale' || undefined}>
      {problems.length > 0 && (
        <ul className={styles['problems']} aria-label={text('edge.problems')}>
          {problems.map(({ severity, message }) => (
            <li key={JSON.stringify(message)}>
              <Badge tone={tones[severity]}>{say(message)}</Badge>
            </li>
          ))}
        </ul>
      )}
      <div className={styles['cards']}>
        <Machine facts={facts} />
        <Resources facts={facts} />
        <System facts={facts} node={node} />
        <Network facts={facts} />
        {(facts.containers.length > 0 || facts.failedUnits.length > 0) && <Running facts={facts} />}
      </div>
    </div>
  )
}

function Group({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className={styles['group']}>
      <h3>{title}</h3>
      <dl>{children}</dl>
    </section>
  )
}
function Fact({ label, children }: { label: string; children: ReactNode }) {
  if (children === null || children === '' || children === undefined) return null
  return (
    <div>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  )
}

function Machine({ facts }: { facts: EdgeFacts }) {
  const text = useText()
  const { cpu, throttling } = facts
  return (
    <Group title={text('edge.groupMachine')}>
      <Fact label={text('edge.factModel')}>{facts.model}</Fact>
      <Fact label={text('edge.factArchitecture')}>
        {facts.architecture === null || facts.architecture === facts.machine
          ? facts.machine
          : `${facts.architecture} (${facts.machine})`}
      </Fact>
      <Fact label={text('edge.factProcessor')}>
        {[cpu.name, text('edge.processors', { count: cpu.count })].filter(Boolean).join(' · ')}
      </Fact>
      <Fact label={text('edge.factIsolated')}>{cpu.isolated}</Fact>
      <Fact label={text('edge.factGovernor')}>{cpu.governors.join(', ')}</Fact>
      <Fact label={text('edge.factThrottling')}>
        {throttling.now.length > 0
          ? text('edge.throttledNow')
          : throttling.sinceBoot.length > 0
            ? text('edge.throttledBefore')
            : text('edge.throttledNever')}
      </Fact>
    </Group>
  )
}

function Resources({ facts }: { facts: EdgeFacts }) {
  const text = useText()
  const format = useFormat()
  const { memory, load } = facts
  const heat = hottest(facts)
  return (
    <Group title={text('edge.groupResources')}>
      <Fact label={text('edge.columnLoad')}>
        {load && (
          <Meter share={loadEach(facts)} warn={1} danger={2} text={load.map(one => format.number(one)).join('  ')} />
        )}
      </Fact>
      <Fact label={text('edge.columnMemory')}>
        {memory && (
          <Meter
            share={memoryUsed(facts)}
            warn={0.9}
            danger={0.97}
            text={text('edge.usedOf', {
              used: format.bytes(memory.total - memory.available),
              total: format.bytes(memory.total),
            })}
          />
        )}
      </Fact>
      {facts.disks.map(disk => (
        <Fact key={disk.at} label={disk.at}>
          <Meter
            share={shareOfDisk(disk)}
            warn={disk.readOnly ? 2 : 0.9}
            danger={disk.readOnly ? 2 : 0.97}
            text={text(disk.readOnly ? 'edge.usedOfReadOnly' : 'edge.usedOf', {
              used: format.bytes(disk.used),
              total: format.bytes(disk.size),
            })}
          />
        </Fact>
      ))}
      <Fact label={text('edge.columnHeat')}>
        {heat === null
          ? null
          : facts.heat.map(({ zone, celsius }) => `${zone} ${format.number(celsius, 1)} °C`).join(' · ')}
      </Fact>
    </Group>
  )
}

function System({ facts, node }: { facts: EdgeFacts; node: EdgeNodeView }) {
  const text = useText()
  const format = useFormat()
  const { clock, systemd, uptime } = facts
  return (
    <Group title={text('edge.groupSystem')}>
      <Fact label={text('edge.factOs')}>{facts.os.name}</Fact>
      <Fact label={text('edge.factKernel')}>
        {facts.kernel}
        {facts.realtime && <Badge tone="info">{text('edge.realtime')}</Badge>}
      </Fact>
      <Fact label={text('edge.factInit')}>
        {systemd ? `systemd ${systemd.version ?? ''} · ${systemd.state}` : facts.init}
      </Fact>
      <Fact label={text('edge.factUp')}>
        {uptime === null || node.lastSeen === null
          ? null
          : format.relative(Date.parse(node.lastSeen) - uptime * 1000, Date.parse(node.lastSeen))}
      </Fact>
      <Fact label={text('edge.factClock')}>
        {clock &&
          [
            text('edge.clockOff', {
              offset: `${clock.offset > 0 ? '+' : clock.offset < 0 ? '−' : ''}${format.number(Math.abs(clock.offset) / 1000, 3)}`,
              within: format.number(clock.within / 1000, 3),
            }),
            text(clock.synchronised ? 'edge.clockSynchronised' : 'edge.clockAlone'),
          ].join(' · ')}
      </Fact>
      <Fact label={text('edge.factUser')}>
        {facts.user.name}
        {facts.sudo === 'yes' && ` · sudo -n`}
      </Fact>
      <Fact label={text('edge.factServices')}>{node.services.join(', ')}</Fact>
      <Fact label={text('edge.factLabels')}>
        {Object.entries(node.labels)
          .map(([name, value]) => `${name}=${value}`)
          .join('  ')}
      </Fact>
      <Fact label={text('edge.factDeclared')}>
        <span className={styles['mono']}>{`${node.file}:${node.line}`}</span>
      </Fact>
    </Group>
  )
}

function Network({ facts }: { facts: EdgeFacts }) {
  const text = useText()
  return (
    <Group title={text('edge.groupNetwork')}>
      <Fact label={text('edge.factHostName')}>{facts.hostName}</Fact>
      <Fact label={text('edge.factGateway')}>
        {facts.gateway && `${facts.gateway.address} (${facts.gateway.interface})`}
      </Fact>
      {facts.interfaces
        .filter(({ addresses, state }) => addresses.length > 0 || state === 'up')
        .slice(0, 20)
        .map(({ name, state, addresses }) => (
          <Fact key={name} label={name}>
            {[...(state && state !== 'up' ? [state] : []), ...addresses].join('  ') || state}
          </Fact>
        ))}
    </Group>
  )
}

function Running({ facts }: { facts: EdgeFacts }) {
  const text = useText()
  return (
    <Group title={text('edge.groupRunning')}>
      {facts.failedUnits.map(({ name, description }) => (
        <Fact key={name} label={text('edge.failedUnit')}>
          {name} {description && <small>{description}</small>}
        </Fact>
      ))}
      {facts.containers.map(({ engine, running, problem }) => (
        <Fact key={engine} label={engine}>
          {problem ?? (running.length === 0 ? text('edge.nothingRuns') : null)}
          {running.map(({ name, image, status }) => (
            <span key={name} className={styles['container']}>
              {name} <small>{`${image} · ${status}`}</small>
            </span>
          ))}
        </Fact>
      ))}
    </Group>
  )
}
