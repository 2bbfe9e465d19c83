import { Plus, Trash2 } from 'lucide-react'
import { useState } from 'react'
import type { ResourceRef } from '../../../../shared/manifests/resource-ref.ts'
import { IconButton, Segmented, TextField, useText } from '../../../design/index.ts'
import { useTopology } from '../topology-context.ts'
import { AddingForm } from './adding-form.tsx'
import { CommittedField } from './committed-field.tsx'
import { FieldNote } from './field-note.tsx'
import styles from './inspector.module.css'
import type { ManifestDetails } from './manifest-details.ts'
import pairs from './pairs.module.css'
import { Section } from './section.tsx'
import type { DraftFields } from './use-draft.ts'

type At = 'object' | 'template'
type Field = 'labels' | 'annotations'
type Props = {
  resource: ResourceRef
  details: ManifestDetails
  before: ManifestDetails | null
  draft: DraftFields
  readOnly: boolean
}

/** Labels and annotations, of the object and of its Pods. */
export function LabelsForm({ resource, details, before, draft, readOnly }: Props) {
  const text = useText()
  const { edit } = useTopology()
  const [at, setAt] = useState<At>('object')
  const [adding, setAdding] = useState<Field | null>(null)
  const set = (field: Field, key: string, value: string | null) =>
    edit({ kind: 'set-metadata', resource, at, field, key, value })
  const part = (field: Field, title: string) => {
    const now = details[at][field]
    const was = before?.[at][field] ?? {}
    const gone = Object.keys(was).filter(key => !Object.hasOwn(now, key))
    return (
      <>
        <div className={styles['sectionHead']}>
          <span className={styles['columnHead']}>{title}</span>
          {!readOnly && (
            <IconButton
              icon={Plus}
              size="small"
              label={text(field === 'labels' ? 'page.topologyAddLabel' : 'page.topologyAddAnnotation')}
              onClick={() => setAdding(field)}
            />
          )}
        </div>
        <div className={pairs['pairs']}>
          {adding === field && (
            <AddPair
              known={Object.keys(now)}
              onAdd={(key, value) => set(field, key, value)}
              onDone={() => setAdding(null)}
            />
          )}
          {[...Object.entries(now), ...gone.map(key => [key, null] as const)].map(([key, value]) => {
            const proposed = draft.of({ kind: 'set-metadata', resource, at, field, key, value: null })
            return (
              <div
                key={key}
                className={pairs['pair']}
                data-proposed={proposed ? '' : undefined}
                data-removed={value === null ? '' : undefined}
              >
                <span className={pairs['pairName']} title={key}>
                  {key}
                </span>
                {value !== null && (
                  <CommittedField
                    label={text('page.topologyValueOf', { name: key })}
                    value={value}
                    readOnly={readOnly}
                    onCommit={next => void set(field, key, next)}
                  />
                )}
                {value !== null && !readOnly && (
                  <IconButton
                    icon={Trash2}
                    label={text('page.topologyRemoveEntry', { name: key })}
                    onClick={() => void set(field, key, null)}
                  />
                )}
                <FieldNote name={key} edit={proposed} before={was[key]} />
              </div>
            )
          })}
        </div>
      </>
    )
  }
  return (
    <Section
      title={text('page.topologyMetadata')}
      action={
        <Segmented<At>
          size="small"
          label={text('page.topologyMetadataOf')}
          value={at}
          onChange={setAt}
          options={[
            { value: 'object', label: resource.kind },
            { value: 'template', label: 'Pod' },
          ]}
        />
      }
    >
      {part('labels', text('page.topologyLabels'))}
      {part('annotations', text('page.topologyAnnotations'))}
    </Section>
  )
}

function AddPair({
  known,
  onAdd,
  onDone,
}: {
  known: readonly string[]
  onAdd(key: string, value: string): Promise<boolean>
  onDone(): void
}) {
  const text = useText()
  const [key, setKey] = useState('')
  const [value, setValue] = useState('')
  const ready = key !== '' && !known.includes(key)
  return (
    <AddingForm ready={ready} onAdd={() => onAdd(key, value)} onDone={onDone}>
      <TextField
        mono
        autoFocus
        value={key}
        onChange={setKey}
        placeholder={text('page.topologyKey')}
        aria-label={text('page.topologyKey')}
      />
      <TextField
        mono
        value={value}
        onChange={setValue}
        placeholder={text('page.topologyValue')}
        aria-label={text('page.topologyValue')}
      />
    </AddingForm>
  )
}
