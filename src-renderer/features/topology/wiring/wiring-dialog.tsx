import { useMemo, useState } from 'react'
import type { Edit } from '../../../../shared/edits/edit.ts'
import type { Message } from '../../../../shared/messages/index.ts'
import type { Offer, WiringPlan } from '../../../../shared/wiring/offer.ts'
import { useApi, useQuery } from '../../../connection/index.ts'
import {
  Button,
  Callout,
  Checkbox,
  Dialog,
  ErrorNote,
  Field,
  Skeleton,
  TextField,
  useSay,
  useText,
} from '../../../design/index.ts'
import { useTopology } from '../topology-context.ts'
import { useForesight } from './foresight.tsx'
import { NodePicker } from './node-picker.tsx'
import styles from './wiring.module.css'
import { changeOf, type WiringRequest } from './wiring-request.ts'

const titles = {
  connect: 'wiring.connectTitle',
  disconnect: 'wiring.disconnectTitle',
  repoint: 'wiring.repointTitle',
  insert: 'wiring.insertTitle',
} as const

/** A change of who calls whom: what it takes, what comes of it and which lines it writes, before it joins the draft. */
export function WiringDialog({ request, onClose }: { request: WiringRequest; onClose(): void }) {
  const text = useText()
  const api = useApi()
  const { workspace, environment, edit, select } = useTopology()
  const [wanted, setWanted] = useState(request)
  const [begun] = useState(request)
  const [taken, setTaken] = useState<Readonly<Record<string, boolean>>>({})
  const [written, setWritten] = useState<Readonly<Record<string, { name: string; value: string }>>>({})
  const [sending, setSending] = useState(false)
  const change = changeOf(wanted)
  const asked = useQuery(
    api.wiring.plan,
    { workspace, environment, change: change ?? { kind: 'disconnect', from: '-', to: '-' } },
    { skip: change === null },
  )
  const plan = asked.value
  const edits = useMemo<readonly Edit[]>(
    () => plan?.offers.filter(offer => taken[offer.id] ?? offer.chosen).flatMap(offer => editsOf(offer, written)) ?? [],
    [plan, taken, written],
  )
  const foresight = useForesight(edits)
  const changes = foresight.value?.edits.filter(one => one.state === 'applied').length ?? 0
  const submit = async () => {
    if (!change || sending || changes === 0 || foresight.refused) return
    setSending(true)
    const done = await edit(...edits)
    setSending(false)
    if (!done) return
    onClose()
    select({ kind: 'node', id: change.from })
  }
  const want = (next: WiringRequest) => {
    setTaken({})
    setWritten({})
    setWanted(next)
  }
  return (
    <Dialog
      open
      size="large"
      onOpenChange={open => !open && onClose()}
      title={text(titles[wanted.kind], {
        from: wanted.from ?? '…',
        to: wanted.to ?? '…',
      })}
      description={text('wiring.description')}
      onSubmit={() => void submit()}
      footer={
        <>
          <Button variant="ghost" onClick={onClose}>
            {text('app.cancel')}
          </Button>
          <Button
            type="submit"
            variant={wanted.kind === 'disconnect' ? 'danger' : 'primary'}
            disabled={changes === 0 || foresight.refused}
            loading={sending}
          >
            {text('wiring.addToDraft', { count: changes })}
          </Button>
        </>
      }
    >
      <div className={styles['parts']}>
        <Ends begun={begun} wanted={wanted} onChange={want} />
        {change === null ? null : asked.status === 'failed' ? (
          <ErrorNote error={asked.error} onRetry={asked.retry} />
        ) : !plan ? (
          <Skeleton height={160} />
        ) : (
          <>
            <Plan
              plan={plan}
              taken={taken}
              written={written}
              onTake={(id, on) => setTaken(was => ({ ...was, [id]: on }))}
              onWrite={(id, next) => setWritten(was => ({ ...was, [id]: next }))}
            />
            {foresight.content}
          </>
        )}
      </div>
    </Dialog>
  )
}

/** The edits of an offer, with the variable named and written as the person says. */
function editsOf(offer: Offer, written: Readonly<Record<string, { name: string; value: string }>>): readonly Edit[] {
  const own = written[offer.id]
  if (!own || !offer.variable) return offer.edits
  const { resource, container } = offer.variable
  return own.name === '' ? [] : [{ kind: 'set-env', resource, container, name: own.name, value: { value: own.value } }]
}

/** The ends that were not given when it was begun. */
function Ends({
  begun,
  wanted,
  onChange,
}: {
  begun: WiringRequest
  wanted: WiringRequest
  onChange(next: WiringRequest): void
}) {
  const text = useText()
  const { from, to } = wanted
  const without = useMemo(() => [from, to].filter(id => id !== null), [from, to])
  if (wanted.kind === 'repoint' && begun.kind === 'repoint' && begun.next === null)
    return (
      <NodePicker
        label={text('wiring.newEnd', { from: wanted.from, to: wanted.to })}
        value={wanted.next}
        without={without}
        onChange={next => onChange({ ...wanted, next })}
      />
    )
  if (wanted.kind === 'insert' && begun.kind === 'insert' && begun.through === null)
    return (
      <NodePicker
        label={text('wiring.between', { from: wanted.from, to: wanted.to })}
        value={wanted.through}
        without={without}
        onChange={through => onChange({ ...wanted, through })}
      />
    )
  if (wanted.kind !== 'connect' || begun.kind !== 'connect') return null
  return (
    <>
      {begun.from === null && (
        <NodePicker
          label={text('wiring.caller')}
          value={wanted.from}
          without={to === null ? [] : [to]}
          onChange={id => onChange({ ...wanted, from: id })}
        />
      )}
      {begun.to === null && (begun.from !== null || wanted.from !== null) && (
        <NodePicker
          label={text('wiring.callee', { from: wanted.from ?? '' })}
          value={wanted.to}
          without={from === null ? [] : [from]}
          onChange={id => onChange({ ...wanted, to: id })}
        />
      )}
    </>
  )
}

function Plan({
  plan,
  taken,
  written,
  onTake,
  onWrite,
}: {
  plan: WiringPlan
  taken: Readonly<Record<string, boolean>>
  written: Readonly<Record<string, { name: string; value: string }>>
  onTake(id: string, on: boolean): void
  onWrite(id: string, next: { name: string; value: string }): void
}) {
  const text = useText()
  const say = useSay()
  return (
    <>
      {plan.notes.map(note => (
        <Callout key={note.key} tone="info">
          {say(note)}
        </Callout>
      ))}
      {plan.beyond.length > 0 && (
        <Callout tone="warn" title={text('wiring.beyond', { count: plan.beyond.length })}>
          <ul className={styles['beyond']}>
            {plan.beyond.map(item => (
              <li key={JSON.stringify(item)}>
                {say(item.what)} {item.file && <Where file={item.file} line={item.line} />}
              </li>
            ))}
          </ul>
        </Callout>
      )}
      <fieldset className={styles['offers']}>
        <legend>{text('wiring.whatItTakes')}</legend>
        {plan.offers.map(offer => (
          <OneOffer
            key={offer.id}
            offer={offer}
            taken={taken[offer.id] ?? offer.chosen}
            variable={written[offer.id] ?? offer.variable ?? null}
            onTake={on => onTake(offer.id, on)}
            onWrite={next => onWrite(offer.id, next)}
          />
        ))}
      </fieldset>
    </>
  )
}

function OneOffer({
  offer,
  taken,
  variable,
  onTake,
  onWrite,
}: {
  offer: Offer
  taken: boolean
  variable: { name: string; value: string } | null
  onTake(on: boolean): void
  onWrite(next: { name: string; value: string }): void
}) {
  const text = useText()
  const say = useSay()
  const words = (notes: readonly Message[]) => notes.map(note => say(note)).join(' ')
  return (
    <div className={styles['offer']}>
      <Checkbox
        checked={taken}
        onChange={onTake}
        label={say(offer.what)}
        hint={
          (offer.notes.length > 0 || offer.file) && (
            <>
              {words(offer.notes)} {offer.file && <Where file={offer.file} line={offer.line} />}
            </>
          )
        }
      />
      {taken && offer.variable && variable && (
        <div className={styles['variable']}>
          <Field label={text('wiring.variableName')}>
            <TextField mono value={variable.name} onChange={name => onWrite({ name, value: variable.value })} />
          </Field>
          <Field label={text('wiring.variableValue')}>
            <TextField mono value={variable.value} onChange={value => onWrite({ name: variable.name, value })} />
          </Field>
        </div>
      )}
    </div>
  )
}

const Where = ({ file, line }: { file: string; line: number | undefined }) => (
  <code className={styles['where']}>{line === undefined ? file : `${file}:${line}`}</code>
)
