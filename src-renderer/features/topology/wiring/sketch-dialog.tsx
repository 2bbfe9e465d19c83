import { useMemo, useRef, useState } from 'react'
import type { Edit } from '../../../../shared/edits/edit.ts'
import { useApi, useQuery } from '../../../connection/index.ts'
import { Button, Callout, Dialog, ErrorNote, Field, Select, TextArea, useSay, useText } from '../../../design/index.ts'
import { usePicture, useTopology } from '../topology-context.ts'
import { useForesight } from './foresight.tsx'
import styles from './wiring.module.css'

const example = 'graph TD\n  web -->|http| checkout\n  checkout --> payments & cart'
const nobody = '-'

/** A Mermaid sketch, pasted or from a file, read as edges people declare: a draft like any other. */
export function SketchDialog({ onClose }: { onClose(): void }) {
  const text = useText()
  const say = useSay()
  const api = useApi()
  const { workspace, environment, edit } = useTopology()
  const graph = usePicture(state => state.graph)
  const [sketch, setSketch] = useState('')
  const [names, setNames] = useState<Readonly<Record<string, string>>>({})
  const [sending, setSending] = useState(false)
  const file = useRef<HTMLInputElement>(null)
  const asked = useQuery(
    api.wiring.sketch,
    { workspace, environment, text: sketch, names: { ...names } },
    { skip: sketch.trim() === '' },
  )
  const reading = asked.value
  const edits = useMemo<readonly Edit[]>(() => reading?.edits ?? [], [reading])
  const foresight = useForesight(edits)
  const ids = useMemo(
    () => [...(graph?.nodes.values() ?? [])].flatMap(node => (node.missing ? [] : [node.id])).sort(),
    [graph],
  )
  // Names stay listed once somebody is chosen for them, so that the choice can be changed.
  const asking = [
    ...Object.keys(names).map(name => ({ name, nearest: undefined, line: 0 })),
    ...(reading?.unmatched ?? []).filter(item => names[item.name] === undefined),
  ]
  const submit = async () => {
    if (sending || edits.length === 0 || foresight.refused) return
    setSending(true)
    const done = await edit(...edits)
    setSending(false)
    if (done) onClose()
  }
  return (
    <Dialog
      open
      size="large"
      onOpenChange={open => !open && onClose()}
      title={text('wiring.sketchTitle')}
      description={text('wiring.sketchDescription')}
      closeOnOutside={sketch === ''}
      onSubmit={() => void submit()}
      footer={
        <>
          <Button variant="ghost" onClick={onClose}>
            {text('app.cancel')}
          </Button>
          <Button type="submit" variant="primary" disabled={edits.length === 0 || foresight.refused} loading={sending}>
            {text('wiring.declareEdges', { count: edits.length })}
          </Button>
        </>
      }
    >
      <div className={styles['parts']}>
        <Field label={text('wiring.sketchText')}>
          <TextArea mono rows={8} value={sketch} onChange={setSketch} placeholder={example} autoFocus />
        </Field>
        <div className={styles['fromFile']}>
          <Button size="small" onClick={() => file.current?.click()}>
            {text('wiring.sketchFile')}
          </Button>
          <input
            ref={file}
            type="file"
            hidden
            accept=".mmd,.mermaid,.md,.txt,text/plain"
            onChange={event => {
              const [chosen] = event.target.files ?? []
              if (chosen) void chosen.text().then(setSketch)
              event.target.value = ''
            }}
          />
        </div>
        {asked.status === 'failed' && <ErrorNote error={asked.error} onRetry={asked.retry} />}
        {reading && reading.problems.length > 0 && (
          <Callout tone="danger" title={text('wiring.sketchProblems', { count: reading.problems.length })}>
            <ul className={styles['beyond']}>
              {reading.problems.map(({ line, message }) => (
                <li key={`${line} ${JSON.stringify(message)}`}>
                  {text('wiring.sketchLine', { line })} {say(message)}
                </li>
              ))}
            </ul>
          </Callout>
        )}
        {asking.length > 0 && (
          <Callout tone="warn" title={text('wiring.sketchUnmatched', { count: asking.length })}>
            <ul className={styles['beyond']}>
              {asking.map(({ name, nearest }) => (
                <li key={name} className={styles['match']}>
                  <code>{name}</code>
                  <Select
                    label={text('wiring.sketchWho', { name })}
                    value={names[name] ?? nobody}
                    onChange={id => setNames(was => (id === nobody ? without(was, name) : { ...was, [name]: id }))}
                    options={[
                      { value: nobody, label: text('wiring.sketchNobody') },
                      ...ids.map(id => ({ value: id, label: id })),
                    ]}
                  />
                  {nearest !== undefined && names[name] === undefined && (
                    <Button size="small" variant="ghost" onClick={() => setNames(was => ({ ...was, [name]: nearest }))}>
                      {text('wiring.use', { name: nearest })}
                    </Button>
                  )}
                </li>
              ))}
            </ul>
          </Callout>
        )}
        {reading && reading.known.length > 0 && (
          <p className={styles['nothing']}>{text('wiring.sketchKnown', { count: reading.known.length })}</p>
        )}
        {edits.length > 0 && foresight.content}
      </div>
    </Dialog>
  )
}

const without = (names: Readonly<Record<string, string>>, name: string): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(names).filter(([key]) => key !== name))
