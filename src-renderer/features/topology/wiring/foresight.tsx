import { CircleCheck, Info, Minus, Plus, TriangleAlert } from 'lucide-react'
import type { Edit } from '../../../../shared/edits/edit.ts'
import type { Foresight } from '../../../../shared/wiring/contract.ts'
import { useApi, useQuery } from '../../../connection/index.ts'
import { Callout, ErrorNote, Skeleton, useSay, useText } from '../../../design/index.ts'
import { useTopology } from '../topology-context.ts'
import { PatchLines } from './patch-lines.tsx'
import styles from './wiring.module.css'

/** What edits would do on top of the draft, asked before they join it. */
export function useForesight(edits: readonly Edit[]): { value: Foresight | null; refused: boolean; ready: boolean } & {
  readonly content: React.ReactNode
} {
  const text = useText()
  const api = useApi()
  const { workspace, environment } = useTopology()
  const skip = edits.length === 0
  const asked = useQuery(api.wiring.foresee, { workspace, environment, edits: [...edits] }, { skip })
  const { value } = asked
  const refused = value?.edits.some(edit => edit.state === 'refused') ?? false
  const content = skip ? (
    <p className={styles['nothing']}>{text('wiring.nothingChosen')}</p>
  ) : asked.status === 'failed' ? (
    <ErrorNote error={asked.error} onRetry={asked.retry} />
  ) : value ? (
    <Foreseen value={value} />
  ) : (
    <Skeleton height={96} />
  )
  return { value, refused, ready: value !== null, content }
}

function Foreseen({ value }: { value: Foresight }) {
  const text = useText()
  const say = useSay()
  const { environment } = useTopology()
  const refused = value.edits.filter(edit => edit.state === 'refused')
  return (
    <>
      {refused.map(edit => (
        <Callout key={JSON.stringify(edit)} tone="danger" title={say(edit.summary)}>
          {edit.reason && say(edit.reason)}
        </Callout>
      ))}
      <section className={styles['comes']}>
        <h3>{text('wiring.whatComes')}</h3>
        {value.environments.length === 0 && <p className={styles['nothing']}>{text('wiring.graphStays')}</p>}
        {value.environments.map(({ id, edges, appears, goes }) => (
          <div key={id}>
            {(value.environments.length > 1 || id !== environment) && <h4>{id}</h4>}
            <ul>
              {edges.map(edge => (
                <li key={`${edge.from} ${edge.to} ${edge.protocol}`} data-tone={edge.change}>
                  {edge.change === 'removed' ? <Minus aria-hidden="true" /> : <Plus aria-hidden="true" />}
                  {text(
                    edge.change === 'removed'
                      ? 'wiring.callsNoMore'
                      : edge.change === 'added'
                        ? 'wiring.callsThen'
                        : 'wiring.callsOtherwise',
                    { from: edge.from, to: edge.to },
                  )}
                  <small>{edge.protocol}</small>
                </li>
              ))}
              {appears.map(finding => (
                <li key={JSON.stringify(finding)} data-tone={finding.severity === 'info' ? 'info' : 'danger'}>
                  {finding.severity === 'info' ? (
                    <Info aria-label={text('page.topologySeverityInfo')} />
                  ) : (
                    <TriangleAlert aria-label={text('wiring.breaks')} />
                  )}
                  {say(finding.message)}
                </li>
              ))}
              {goes.map(finding => (
                <li key={JSON.stringify(finding)} data-tone="ok">
                  <CircleCheck aria-label={text('wiring.mends')} />
                  {text('wiring.mended', { finding: say(finding.message) })}
                </li>
              ))}
            </ul>
          </div>
        ))}
      </section>
      {value.files.length > 0 && (
        <section className={styles['comes']}>
          <h3>{text('wiring.whatIsWritten', { count: value.files.length })}</h3>
          {value.files.map(file => (
            <PatchLines key={file.path} file={file} />
          ))}
        </section>
      )}
    </>
  )
}
