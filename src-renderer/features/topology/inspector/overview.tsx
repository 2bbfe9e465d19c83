import { useEffect, useState } from 'react'
import { imageReference } from '../../../../shared/manifests/image-reference.ts'
import type { ResourceRef } from '../../../../shared/manifests/resource-ref.ts'
import type { Container, TopologyNode } from '../../../../shared/topology/topology.ts'
import { reportBug } from '../../../connection/index.ts'
import { Callout, NumberField, Select, useSay, useText } from '../../../design/index.ts'
import { BudgetFacts, useHasBudget } from '../../metrics/index.ts'
import type { DrawnNode } from '../model/drawn-graph.ts'
import { editableResource, replicasOf, scaleOf } from '../model/editable.ts'
import { withTag } from '../model/image-version.ts'
import { mainContainer } from '../model/node-facts.ts'
import { kindWords } from '../model/words.ts'
import { useTopology } from '../topology-context.ts'
import { CommittedField } from './committed-field.tsx'
import { EnvironmentVariables } from './environment-variables.tsx'
import { FieldNote } from './field-note.tsx'
import styles from './inspector.module.css'
import { LabelsForm } from './labels-form.tsx'
import type { ManifestDetails } from './manifest-details.ts'
import { PlaceLink } from './place-link.tsx'
import { Section } from './section.tsx'
import { type DraftFields, useDraft } from './use-draft.ts'
import { useFile } from './use-file.ts'

/** Facts of a node and a form for each of its fields. Every field is one edit, and can be taken back alone. */
export function Overview({ drawn }: { drawn: DrawnNode }) {
  const text = useText()
  const say = useSay()
  const { readOnly: everything } = useTopology()
  const draft = useDraft()
  const resource = editableResource(drawn)
  const details = useDetails(resource)
  const [chosen, setChosen] = useState<string | null>(null)
  const hasBudget = useHasBudget(drawn.id)
  const { node, before } = drawn
  const readOnly = everything || resource === null
  const containers = node?.containers ?? []
  const container = containers.find(item => item.name === chosen) ?? mainContainer(node) ?? containers[0]
  return (
    <div className={styles['body']}>
      {(drawn.findings.length > 0 || drawn.missing || drawn.change === 'removed') && (
        <div className={styles['notes']}>
          {drawn.change === 'removed' && <Callout tone="removed">{text('page.topologyRemovedHere')}</Callout>}
          {drawn.missing && <Callout tone="danger">{text('page.topologyMissingHere', { name: drawn.id })}</Callout>}
          {drawn.findings.map(finding => (
            <Callout
              key={JSON.stringify(finding)}
              tone={finding.severity === 'error' ? 'danger' : finding.severity === 'warning' ? 'warn' : 'info'}
            >
              {say(finding.message)}
              {finding.file && (
                <div>
                  <PlaceLink file={finding.file} line={finding.line ?? null} />
                </div>
              )}
            </Callout>
          ))}
        </div>
      )}
      <Facts drawn={drawn} />
      {hasBudget && (
        <Section title={text('budget.title')}>
          <BudgetFacts service={drawn.id} />
        </Section>
      )}
      {resource && node && <Scaling drawn={drawn} node={node} before={before} draft={draft} readOnly={readOnly} />}
      {resource && container && (
        <>
          <Section
            title={text(container.init ? 'page.topologyInitContainer' : 'page.topologyContainer')}
            action={
              containers.length > 1 && (
                <Select
                  plain
                  label={text('page.topologyChooseContainer')}
                  value={container.name}
                  onChange={setChosen}
                  options={containers.map(item => ({
                    value: item.name,
                    label: item.name,
                    ...(item.init ? { hint: text('page.topologyInitContainer') } : {}),
                  }))}
                />
              )
            }
          >
            <ImageForm
              resource={resource}
              container={container}
              before={before?.containers?.find(item => item.name === container.name) ?? null}
              draft={draft}
              readOnly={readOnly}
            />
          </Section>
          <EnvironmentVariables
            key={container.name}
            resource={resource}
            container={container}
            before={before?.containers?.find(item => item.name === container.name) ?? null}
            draft={draft}
            readOnly={readOnly}
          />
          <ResourcesForm
            resource={resource}
            container={container}
            before={before?.containers?.find(item => item.name === container.name) ?? null}
            draft={draft}
            readOnly={readOnly}
          />
          {details && (
            <ProbesForm resource={resource} container={container} details={details} draft={draft} readOnly={readOnly} />
          )}
        </>
      )}
      {node && node.services.length > 0 && resource && (
        <PortsForm node={node} before={before} draft={draft} readOnly={readOnly} />
      )}
      {resource && details && (
        <LabelsForm
          resource={resource}
          details={details.after}
          before={details.before}
          draft={draft}
          readOnly={readOnly}
        />
      )}
    </div>
  )
}

type Details = { readonly before: ManifestDetails | null; readonly after: ManifestDetails }

/** What the forms need beyond the topology, read from the file itself. The YAML reader comes when first needed. */
function useDetails(resource: ResourceRef | null): Details | null {
  const file = useFile(resource?.file ?? null)
  const [details, setDetails] = useState<Details | null>(null)
  const key = JSON.stringify(resource)
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` is `resource` by value
  useEffect(() => {
    if (!resource || file.after === null) return setDetails(null)
    let stopped = false
    import('./manifest-details.ts').then(({ manifestDetails }) => {
      if (stopped || file.after === null) return
      const after = manifestDetails(resource.file, file.after, resource)
      const before = file.before === null ? null : manifestDetails(resource.file, file.before, resource)
      setDetails(after && { before, after })
    }, reportBug)
    return () => {
      stopped = true
    }
  }, [key, file.before, file.after])
  return details
}

function Facts({ drawn }: { drawn: DrawnNode }) {
  const text = useText()
  const say = useSay()
  const { node } = drawn
  const facts: [string, React.ReactNode][] = []
  if (!node?.workload) facts.push([text('page.topologyKind'), text(kindWords[drawn.kind])])
  if (node?.technology) facts.push([text('page.topologyTechnology'), node.technology])
  if (node?.workload?.namespace)
    facts.push([text('page.topologyNamespace'), <code key="namespace">{node.workload.namespace}</code>])
  if (node?.owner) facts.push([text('page.topologyOwner'), node.owner])
  if (node?.runsOn) facts.push([text('page.topologyRunsOn'), node.runsOn])
  if (node?.versions)
    facts.push([
      text('page.topologyVersions'),
      <span key="versions" className={styles['versions']}>
        {node.versions.map(version => (
          <span key={version.workload.name}>
            {version.workload.name}
            {version.replicas !== undefined && ` × ${version.replicas}`}{' '}
            <PlaceLink file={version.file ?? version.resource.file} line={version.line} />
          </span>
        ))}
      </span>,
    ])
  if (node?.tier) facts.push([text('page.topologyTier'), text(tierWords[node.tier])])
  if (node?.source)
    facts.push([
      text('topology.sourceFolder'),
      <span key="source" title={say(node.source.how)}>
        <code>{node.source.folder}</code>{' '}
        {node.source.file && <PlaceLink file={node.source.file} line={node.source.line ?? null} />}
      </span>,
    ])
  if (node?.endpoints)
    facts.push([
      text('topology.endpoints'),
      <ul key="endpoints" className={styles['endpoints']}>
        {node.endpoints.map(({ method, path, file, line }) => (
          <li key={`${method} ${path} ${file}:${line}`}>
            <code>{method === undefined ? path : `${method} ${path}`}</code> <PlaceLink file={file} line={line} />
          </li>
        ))}
      </ul>,
    ])
  if (node?.file)
    facts.push([text('page.topologyFile'), <PlaceLink key="file" file={node.file} line={node.line ?? null} />])
  return (
    <section className={styles['section']} aria-label={text('page.topologyFacts')}>
      <dl className={styles['facts']}>
        {facts.map(([name, value]) => (
          <FactRow key={name} name={name} value={value} />
        ))}
      </dl>
    </section>
  )
}
const FactRow = ({ name, value }: { name: string; value: React.ReactNode }) => (
  <>
    <dt>{name}</dt>
    <dd>{value}</dd>
  </>
)
const tierWords = {
  critical: 'page.topologyTierCritical',
  standard: 'page.topologyTierStandard',
  'best-effort': 'page.topologyTierBestEffort',
} as const

function Scaling({
  drawn,
  node,
  before,
  draft,
  readOnly,
}: {
  drawn: DrawnNode
  node: TopologyNode
  before: TopologyNode | null
  draft: DraftFields
  readOnly: boolean
}) {
  const text = useText()
  const { edit } = useTopology()
  const scale = scaleOf(drawn)
  const { autoscaler } = node
  if (!scale && !autoscaler) return null
  const bound = (field: 'minReplicas' | 'maxReplicas', label: string, value: number, was: number | undefined) =>
    autoscaler && (
      <div className={styles['row']}>
        <span className={styles['rowLabel']}>{label}</span>
        <NumberField
          aria-label={label}
          value={value}
          min={field === 'minReplicas' ? 0 : autoscaler.min}
          max={field === 'minReplicas' ? autoscaler.max : 10_000}
          disabled={readOnly}
          onChange={next => void edit({ kind: 'set-autoscaling', resource: autoscaler.resource, field, value: next })}
        />
        <FieldNote
          name={label}
          edit={draft.of({ kind: 'set-autoscaling', resource: autoscaler.resource, field, value: 0 })}
          before={was === undefined ? undefined : String(was)}
        />
      </div>
    )
  return (
    <Section title={text('page.topologyScaling')}>
      {scale && (
        <div className={styles['row']}>
          <span className={styles['rowLabel']}>{text('page.topologyReplicas')}</span>
          <NumberField
            aria-label={text('page.topologyReplicas')}
            value={scale.replicas}
            max={10_000}
            disabled={readOnly}
            onChange={replicas => void edit({ kind: 'set-replicas', resource: scale.resource, replicas })}
          />
          <FieldNote
            name={text('page.topologyReplicas')}
            edit={draft.of({ kind: 'set-replicas', resource: scale.resource, replicas: 0 })}
            before={before ? String(replicasOf(before)) : undefined}
          />
        </div>
      )}
      {autoscaler && (
        <>
          {bound('minReplicas', text('page.topologyAtLeast'), autoscaler.min, before?.autoscaler?.min)}
          {bound('maxReplicas', text('page.topologyAtMost'), autoscaler.max, before?.autoscaler?.max)}
          <p className={styles['columnHead']}>{text('page.topologyAutoscaled', { name: autoscaler.resource.name })}</p>
        </>
      )}
    </Section>
  )
}

type ContainerProps = {
  resource: ResourceRef
  container: Container
  before: Container | null
  draft: DraftFields
  readOnly: boolean
}

function ImageForm({ resource, container, before, draft, readOnly }: ContainerProps) {
  const text = useText()
  const { edit } = useTopology()
  const reference = imageReference(container.image)
  // Of an image that stayed, only its version was another.
  const former = before && imageReference(before.image)
  const wasImage = former?.repository === reference.repository ? (former.tag ?? former.digest) : before?.image
  const setImage = (image: string) => void edit({ kind: 'set-image', resource, container: container.name, image })
  const hasLines = (values: readonly string[] | undefined) => values?.some(value => value.includes('\n')) ?? false
  const list = (
    field: 'command' | 'args',
    label: string,
    values: readonly string[] | undefined,
    was: readonly string[] | undefined,
  ) => {
    const proposed = draft.of({ kind: 'set-arguments', resource, container: container.name, field, values: null })
    if (!values && !was && field === 'command') return null
    return (
      <div className={styles['row']} style={{ alignItems: 'start' }}>
        <span className={styles['rowLabel']} style={{ paddingTop: 4 }}>
          {label}
        </span>
        <CommittedField
          label={label}
          lines={Math.min(6, Math.max(1, values?.length ?? 0))}
          value={(values ?? []).join('\n')}
          placeholder={text('page.topologyOneALine')}
          readOnly={readOnly || hasLines(values)}
          onCommit={next =>
            void edit({
              kind: 'set-arguments',
              resource,
              container: container.name,
              field,
              values: next.trim() === '' ? null : next.replace(/\n+$/, '').split('\n'),
            })
          }
        />
        {hasLines(values) && <p className={styles['note']}>{text('page.topologyArgumentsInManifest')}</p>}
        <FieldNote name={label} edit={proposed} before={was?.join(' ')} />
      </div>
    )
  }
  return (
    <>
      <div className={styles['row']}>
        <span className={styles['rowLabel']}>{text('page.topologyImageName')}</span>
        <CommittedField
          label={text('page.topologyImageName')}
          value={reference.repository}
          readOnly={readOnly}
          check={value => (/\s/.test(value) || value === '' ? text('page.topologyImageWrong') : null)}
          onCommit={repository => setImage(`${repository}${container.image.slice(reference.repository.length)}`)}
        />
      </div>
      <div className={styles['row']}>
        <span className={styles['rowLabel']}>
          {text(reference.tag === null && reference.digest ? 'page.topologyDigest' : 'page.topologyTag')}
        </span>
        <CommittedField
          label={text('page.topologyTag')}
          value={reference.tag ?? reference.digest ?? ''}
          placeholder="latest"
          readOnly={readOnly}
          check={value =>
            /^[\w][\w.-]{0,127}$/.test(value) || /^[a-z0-9]+:[0-9a-f]{32,}$/.test(value)
              ? null
              : text('page.topologyTagWrong')
          }
          onCommit={tag =>
            setImage(tag.includes(':') ? `${reference.repository}@${tag}` : withTag(container.image, tag))
          }
        />
        <FieldNote
          name={text('page.topologyImage')}
          edit={draft.of({ kind: 'set-image', resource, container: container.name, image: '' })}
          before={wasImage}
        />
      </div>
      {list('command', text('page.topologyCommand'), container.command, before?.command)}
      {list('args', text('page.topologyArguments'), container.args, before?.args)}
    </>
  )
}

const quantity = /^[+-]?\d+(\.\d+)?([KMGTPE]i?|[numk]|[eE][+-]?\d+)?$/

function ResourcesForm({ resource, container, before, draft, readOnly }: ContainerProps) {
  const text = useText()
  const { edit } = useTopology()
  const names = [
    ...new Set([
      'cpu',
      'memory',
      ...Object.keys(container.resources.requests ?? {}),
      ...Object.keys(container.resources.limits ?? {}),
    ]),
  ]
  const cell = (name: string, section: 'requests' | 'limits') => (
    <CommittedField
      label={text(section === 'requests' ? 'page.topologyRequestOf' : 'page.topologyLimitOf', { name })}
      value={container.resources[section]?.[name] ?? ''}
      placeholder="–"
      readOnly={readOnly}
      check={value => (value === '' || quantity.test(value) ? null : text('page.topologyQuantityWrong'))}
      onCommit={value =>
        void edit({
          kind: 'set-resources',
          resource,
          container: container.name,
          section,
          resourceName: name,
          quantity: value === '' ? null : value,
        })
      }
    />
  )
  const note = (name: string, section: 'requests' | 'limits') => (
    <FieldNote
      name={text(section === 'requests' ? 'page.topologyRequestOf' : 'page.topologyLimitOf', { name })}
      edit={draft.of({
        kind: 'set-resources',
        resource,
        container: container.name,
        section,
        resourceName: name,
        quantity: null,
      })}
      before={before?.resources[section]?.[name]}
    />
  )
  return (
    <Section title={text('page.topologyResources')}>
      <div className={styles['resources']}>
        <span />
        <span className={styles['columnHead']}>{text('page.topologyRequest')}</span>
        <span className={styles['columnHead']}>{text('page.topologyLimit')}</span>
        {names.map(name => (
          <ResourceRow
            key={name}
            name={name}
            cells={[cell(name, 'requests'), cell(name, 'limits')]}
            notes={[note(name, 'requests'), note(name, 'limits')]}
          />
        ))}
      </div>
    </Section>
  )
}
const ResourceRow = ({
  name,
  cells,
  notes,
}: {
  name: string
  cells: [React.ReactNode, React.ReactNode]
  notes: [React.ReactNode, React.ReactNode]
}) => (
  <>
    <span>{name}</span>
    {cells[0]}
    {cells[1]}
    {notes[0]}
    {notes[1]}
  </>
)

const probeWords = {
  startupProbe: 'page.topologyProbeStartup',
  readinessProbe: 'page.topologyProbeReadiness',
  livenessProbe: 'page.topologyProbeLiveness',
} as const
const isNumber = /^\d+$/

function ProbesForm({
  resource,
  container,
  details,
  draft,
  readOnly,
}: Omit<ContainerProps, 'before'> & { details: Details }) {
  const text = useText()
  const { edit } = useTopology()
  const probes = details.after.probes.get(container.name) ?? []
  if (probes.length === 0) return null
  return (
    <Section title={text('page.topologyProbes')}>
      {probes.map(probe => (
        <div key={probe.name}>
          <p className={styles['columnHead']}>{text(probeWords[probe.name])}</p>
          {probe.fields.map(field => {
            const was = details.before?.probes
              .get(container.name)
              ?.find(item => item.name === probe.name)
              ?.fields.find(item => item.path.join('.') === field.path.join('.'))?.value
            const name = `${text(probeWords[probe.name])} ${field.path.join('.')}`
            const shared = {
              kind: 'set-probe' as const,
              resource,
              container: container.name,
              probe: probe.name,
              field: [...field.path] as string[],
            }
            return (
              <div
                key={field.path.join('.')}
                className={styles['row']}
                style={{ gridTemplateColumns: '160px minmax(0, 1fr)' }}
              >
                <code className={styles['rowLabel']}>{field.path.join('.')}</code>
                <CommittedField
                  label={name}
                  value={field.value}
                  readOnly={readOnly}
                  check={value =>
                    value === '' || (field.path[0]?.endsWith('s') && field.path.length === 1 && !isNumber.test(value))
                      ? text('page.topologyNumberWrong')
                      : null
                  }
                  onCommit={value => void edit({ ...shared, value: isNumber.test(value) ? Number(value) : value })}
                />
                <FieldNote name={name} edit={draft.of({ ...shared, value: null })} before={was} />
              </div>
            )
          })}
        </div>
      ))}
    </Section>
  )
}

function PortsForm({
  node,
  before,
  draft,
  readOnly,
}: {
  node: TopologyNode
  before: TopologyNode | null
  draft: DraftFields
  readOnly: boolean
}) {
  const text = useText()
  const { edit } = useTopology()
  return (
    <Section title={text('page.topologyPorts')}>
      {node.services.map(service => (
        <div
          key={`${service.resource.file} ${service.resource.name}`}
          className={styles['resources']}
          style={{ gridTemplateColumns: 'minmax(0, 1fr) 88px 100px' }}
        >
          <span className={styles['columnHead']}>
            {service.resource.name} · {service.type}
          </span>
          <span className={styles['columnHead']}>{text('page.topologyPort')}</span>
          <span className={styles['columnHead']}>{text('page.topologyTargetPort')}</span>
          {service.ports.map((port, index) => {
            const was = before?.services.find(item => item.resource.name === service.resource.name)?.ports[index]
            // The committed number names the port, also while the draft gives it another.
            const named = was?.port ?? port.port
            const target = (field: 'port' | 'targetPort') =>
              ({ kind: 'set-service-port', resource: service.resource, port: named, field }) as const
            return (
              <PortRow
                key={named}
                name={port.name ?? String(named)}
                cells={[
                  <CommittedField
                    key="port"
                    label={text('page.topologyPortOf', { name: service.resource.name })}
                    value={String(port.port)}
                    readOnly={readOnly}
                    check={value => (isPort(value) ? null : text('page.topologyPortWrong'))}
                    onCommit={value => void edit({ ...target('port'), value: Number(value) })}
                  />,
                  <CommittedField
                    key="target"
                    label={text('page.topologyTargetPortOf', { name: service.resource.name })}
                    value={port.targetPort === undefined ? '' : String(port.targetPort)}
                    placeholder={String(port.port)}
                    readOnly={readOnly}
                    check={value =>
                      value === '' || isPort(value) || /^[a-z0-9-]{1,15}$/.test(value)
                        ? null
                        : text('page.topologyPortWrong')
                    }
                    onCommit={value =>
                      void edit({
                        ...target('targetPort'),
                        value: value === '' ? null : isNumber.test(value) ? Number(value) : value,
                      })
                    }
                  />,
                ]}
                notes={
                  <>
                    <FieldNote
                      name={text('page.topologyPort')}
                      edit={draft.of({ ...target('port'), value: null })}
                      before={was && String(was.port)}
                    />
                    <FieldNote
                      name={text('page.topologyTargetPort')}
                      edit={draft.of({ ...target('targetPort'), value: null })}
                      before={was?.targetPort === undefined ? undefined : String(was.targetPort)}
                    />
                  </>
                }
              />
            )
          })}
        </div>
      ))}
    </Section>
  )
}
const isPort = (value: string): boolean => isNumber.test(value) && Number(value) >= 1 && Number(value) <= 65_535
const PortRow = ({ name, cells, notes }: { name: string; cells: React.ReactNode[]; notes: React.ReactNode }) => (
  <>
    <code>{name}</code>
    {cells}
    {notes}
  </>
)
