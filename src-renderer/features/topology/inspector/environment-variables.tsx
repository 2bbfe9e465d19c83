import { FileKey, FileText, Plus, Trash2, Workflow } from 'lucide-react'
import { useState } from 'react'
import type { EnvValue } from '../../../../shared/edits/edit.ts'
import type { ResourceRef } from '../../../../shared/manifests/resource-ref.ts'
import type { Container } from '../../../../shared/topology/topology.ts'
import { IconButton, Segmented, TextField, useText } from '../../../design/index.ts'
import { useTopology } from '../topology-context.ts'
import { AddingForm } from './adding-form.tsx'
import { CommittedField } from './committed-field.tsx'
import { FieldNote } from './field-note.tsx'
import styles from './inspector.module.css'
import pairs from './pairs.module.css'
import { Section } from './section.tsx'
import type { DraftFields } from './use-draft.ts'

type Variable = Container['env'][number]
type Props = {
  resource: ResourceRef
  container: Container
  before: Container | null
  draft: DraftFields
  readOnly: boolean
}

/** The variables of one container; what the draft takes away stays in its place, struck, until it is committed. */
export function EnvironmentVariables({ resource, container, before, draft, readOnly }: Props) {
  const text = useText()
  const [adding, setAdding] = useState(false)
  const gone = (before?.env ?? []).filter(was => !container.env.some(is => is.name === was.name))
  return (
    <Section
      title={text('page.topologyVariables')}
      action={
        !readOnly && (
          <IconButton
            icon={Plus}
            size="small"
            label={text('page.topologyAddVariable')}
            onClick={() => setAdding(true)}
          />
        )
      }
    >
      {container.env.length + gone.length === 0 && !adding && (
        <p className={styles['columnHead']}>{text('page.topologyNoVariables')}</p>
      )}
      <div className={pairs['pairs']}>
        {adding && (
          <AddVariable
            known={container.env.map(variable => variable.name)}
            resource={resource}
            container={container.name}
            onDone={() => setAdding(false)}
          />
        )}
        {container.env.map(variable => (
          <OneVariable
            key={variable.name}
            resource={resource}
            container={container.name}
            variable={variable}
            before={before?.env.find(was => was.name === variable.name)}
            draft={draft}
            readOnly={readOnly}
          />
        ))}
        {gone.map(variable => (
          <div key={variable.name} className={pairs['pair']} data-proposed data-removed>
            <span className={pairs['pairName']}>{variable.name}</span>
            <FieldNote
              name={variable.name}
              edit={draft.of({
                kind: 'set-env',
                resource,
                container: container.name,
                name: variable.name,
                value: null,
              })}
              before={describe(variable)}
            />
          </div>
        ))}
      </div>
    </Section>
  )
}

const describe = (variable: Variable | undefined): string | null =>
  variable === undefined
    ? null
    : variable.from
      ? `${variable.from.kind === 'field' ? '' : `${variable.from.name}/`}${variable.from.key}`
      : (variable.value ?? '')

function OneVariable({
  resource,
  container,
  variable,
  before,
  draft,
  readOnly,
}: {
  resource: ResourceRef
  container: string
  variable: Variable
  before: Variable | undefined
  draft: DraftFields
  readOnly: boolean
}) {
  const text = useText()
  const { edit, openManifest } = useTopology()
  const set = (value: EnvValue | null) =>
    void edit({ kind: 'set-env', resource, container, name: variable.name, value })
  const proposed = draft.of({ kind: 'set-env', resource, container, name: variable.name, value: null })
  const { from } = variable
  const Source = from?.kind === 'secret' ? FileKey : from?.kind === 'configMap' ? FileText : Workflow
  return (
    <div className={pairs['pair']} data-proposed={proposed ? '' : undefined}>
      <span className={pairs['pairName']} title={variable.name}>
        {variable.name}
      </span>
      {from ? (
        <button
          type="button"
          className={pairs['source']}
          title={text('page.topologyShowLine', { line: variable.line })}
          onClick={() => openManifest(variable.file ?? resource.file, variable.line)}
        >
          <Source aria-hidden="true" />
          <span>
            {text(sourceWords[from.kind])}{' '}
            <code>{from.kind === 'field' || from.kind === 'resource' ? from.key : `${from.name} / ${from.key}`}</code>
          </span>
        </button>
      ) : (
        <CommittedField
          label={text('page.topologyValueOf', { name: variable.name })}
          value={variable.value ?? ''}
          readOnly={readOnly}
          onCommit={value => set({ value })}
        />
      )}
      {!readOnly && (
        <IconButton
          icon={Trash2}
          label={text('page.topologyRemoveVariable', { name: variable.name })}
          onClick={() => set(null)}
        />
      )}
      <FieldNote name={variable.name} edit={proposed} before={describe(before)} />
    </div>
  )
}

const sourceWords = {
  configMap: 'page.topologyFromConfigMap',
  secret: 'page.topologyFromSecret',
  field: 'page.topologyFromField',
  resource: 'page.topologyFromResource',
} as const

type Source = 'value' | 'configMap' | 'secret'

function AddVariable({
  known,
  resource,
  container,
  onDone,
}: {
  known: readonly string[]
  resource: ResourceRef
  container: string
  onDone(): void
}) {
  const text = useText()
  const { edit } = useTopology()
  const [name, setName] = useState('')
  const [source, setSource] = useState<Source>('value')
  const [value, setValue] = useState('')
  const [object, setObject] = useState('')
  const [key, setKey] = useState('')
  const taken = known.includes(name)
  const ready = name !== '' && !taken && (source === 'value' || (object !== '' && key !== ''))
  const add = () => {
    const given: EnvValue =
      source === 'value'
        ? { value }
        : source === 'secret'
          ? { secret: { name: object, key } }
          : { configMap: { name: object, key } }
    return edit({ kind: 'set-env', resource, container, name, value: given })
  }
  return (
    <AddingForm ready={ready} onAdd={add} onDone={onDone}>
      <TextField
        className={pairs['wide'] ?? ''}
        mono
        autoFocus
        value={name}
        onChange={setName}
        placeholder={text('page.topologyVariableName')}
        aria-label={text('page.topologyVariableName')}
        aria-invalid={taken || undefined}
      />
      <span className={pairs['wide']}>
        <Segmented<Source>
          size="small"
          label={text('page.topologyVariableSource')}
          value={source}
          onChange={setSource}
          options={[
            { value: 'value', label: text('page.topologyValue') },
            { value: 'configMap', label: text('page.topologyFromConfigMap') },
            { value: 'secret', label: text('page.topologyFromSecret') },
          ]}
        />
      </span>
      {source === 'value' ? (
        <Word label={text('page.topologyValue')} value={value} onChange={setValue} wide />
      ) : (
        <>
          <Word label={text('page.topologyObjectName')} value={object} onChange={setObject} />
          <Word label={text('page.topologyObjectKey')} value={key} onChange={setKey} />
        </>
      )}
      {taken && (
        <p className={`${styles['note']} ${pairs['wide']}`} data-tone="danger">
          {text('page.topologyVariableTaken', { name })}
        </p>
      )}
    </AddingForm>
  )
}

function Word({
  label,
  value,
  onChange,
  wide = false,
}: {
  label: string
  value: string
  onChange(value: string): void
  wide?: boolean
}) {
  return (
    <TextField
      className={wide ? (pairs['wide'] ?? '') : ''}
      mono
      value={value}
      onChange={onChange}
      placeholder={label}
      aria-label={label}
    />
  )
}
