import { FileText, GitCompareArrows, Rows3 } from 'lucide-react'
import { useMemo, useState } from 'react'
import type { ComparedManifests, ManifestChange } from '../../../shared/compare/contract.ts'
import { isNoise } from '../../../shared/compare/difference.ts'
import { useApi, useQuery } from '../../connection/index.ts'
import {
  Button,
  Checkbox,
  EmptyState,
  ErrorState,
  LoadingRows,
  Segmented,
  SplitPane,
  useText,
} from '../../design/index.ts'
import { DiffEditor } from '../editor/index.ts'
import { ChangeMark } from './change-mark.tsx'
import styles from './compare.module.css'
import type { Points } from './compare-tabs.ts'
import { DifferenceTable } from './difference-table.tsx'
import { MadeBy } from './made-by.tsx'
import manifests from './manifests.module.css'
import { ObjectList } from './object-list.tsx'
import type { Makers } from './use-makers.ts'
import { changeLooks } from './words.ts'

/** What is rendered, object by object and by service, as fields or as text. */
export function ManifestsTab({
  points,
  compared: { subjects },
  makers,
}: {
  points: Points
  compared: ComparedManifests
  makers: Makers
}) {
  const text = useText()
  const [withNoise, setWithNoise] = useState(false)
  const [chosen, setChosen] = useState<string | null>(null)
  const noise = useMemo(
    () => subjects.reduce((sum, { fields }) => sum + fields.filter(field => field.noise !== undefined).length, 0),
    [subjects],
  )
  const shown = useMemo(() => (withNoise ? subjects : subjects.filter(each => !isNoise(each))), [subjects, withNoise])
  const current = shown.find(({ key }) => key === chosen) ?? shown[0]
  const toggle = noise > 0 && (
    <Checkbox label={text('compare.showNoise', { count: noise })} checked={withNoise} onChange={setWithNoise} />
  )
  if (!current)
    return (
      <EmptyState
        icon={GitCompareArrows}
        sentence={noise > 0 ? text('compare.onlyNoise', { count: noise }) : text('compare.sameManifests')}
        action={
          noise > 0 && <Button onClick={() => setWithNoise(true)}>{text('compare.showNoise', { count: noise })}</Button>
        }
      />
    )
  return (
    <SplitPane
      label={text('compare.listWidth')}
      remember="compare-manifests"
      sideAt="start"
      initial={{ share: 0.25, least: 260, most: 360 }}
      min={220}
      max={640}
      minMain={360}
      side={
        <div className={styles['column']}>
          <ObjectList subjects={shown} current={current} withNoise={withNoise} onChoose={setChosen} />
          {toggle && <div className={styles['foot']}>{toggle}</div>}
        </div>
      }
      main={<OneObject key={current.key} points={points} subject={current} withNoise={withNoise} makers={makers} />}
    />
  )
}

type ObjectProps = { points: Points; subject: ManifestChange; withNoise: boolean; makers: Makers }
/** Kept from object to object: who reads text wants the next one's text. */
let lastView: 'fields' | 'text' = 'fields'

function OneObject({ points, subject, withNoise, makers }: ObjectProps) {
  const text = useText()
  const [view, setView] = useState(lastView)
  const { change, kind, name, namespace, file, line, key } = subject
  const fields = subject.fields.filter(({ noise }) => withNoise || noise === undefined)
  const show = (next: 'fields' | 'text') => {
    lastView = next
    setView(next)
  }
  // What is there or not as a whole has no fields to tell.
  const whole = change !== 'changed'
  return (
    <article className={styles['column']} aria-label={`${kind} ${name}`}>
      <div className={styles['bar']}>
        <ChangeMark change={change} />
        <h3 className={manifests['objectName']} title={`${file}:${line}`}>
          {kind} {namespace !== null && <span>{namespace}/</span>}
          {name}
        </h3>
        {whole && <MadeBy by={makers(key)} />}
        {!whole && (
          <Segmented<'fields' | 'text'>
            size="small"
            label={text('compare.showAs')}
            value={view}
            onChange={show}
            options={[
              { value: 'fields', label: text('compare.asFields'), icon: Rows3 },
              { value: 'text', label: text('compare.asText'), icon: FileText },
            ]}
          />
        )}
      </div>
      {whole && (
        <p className={styles['note']}>
          {text('compare.wholeObject', { word: text(changeLooks[change].word).toLowerCase() })}
        </p>
      )}
      {whole || view === 'text' ? (
        <ObjectText points={points} subject={subject} />
      ) : (
        <DifferenceTable
          label={text('compare.changes')}
          columns="fields"
          subjects={[{ ...subject, fields }]}
          makers={makers}
        />
      )}
    </article>
  )
}

/** The object as both points render it, in one order of keys and without noise. */
function ObjectText({ points, subject: { key, kind, name } }: { points: Points; subject: ManifestChange }) {
  const text = useText()
  const asked = useQuery(useApi().compare.text, { ...points, key })
  if (asked.status === 'failed' && asked.error)
    return <ErrorState compact error={asked.error} title={text('compare.textFailed')} onRetry={asked.retry} />
  if (!asked.value) return <LoadingRows />
  const { before, after } = asked.value
  return (
    <div className={styles['text']}>
      <DiffEditor
        path={`${kind}/${name}.yaml`}
        before={before}
        after={after}
        sideBySide={before !== null && after !== null && window.innerWidth >= 1100}
      />
    </div>
  )
}
