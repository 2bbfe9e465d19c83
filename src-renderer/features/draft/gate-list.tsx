import { ShieldCheck } from 'lucide-react'
import type { Gate, GateItem } from '../../../shared/gate/gate.ts'
import { dayAfter, daysBetween, type GateAnswers, isDay } from '../../../shared/gate/waiver.ts'
import { Button, EmptyState, Field, TextArea, TextField, useSay, useText } from '../../design/index.ts'
import styles from './gate-list.module.css'
import { lookOf, verdicts } from './gate-words.tsx'
import { needsReason } from './missing-reasons.ts'

export type GateListProps = {
  gate: Gate
  answers: GateAnswers
  onAnswer(answers: GateAnswers): void
  /** The calendar day here: `2026-11-20`. */
  today: string
  onService?(service: string): void
  /** Passed rules are counted instead of listed. */
  brief?: boolean
  /** Names the rules whose reason is missed, after an attempt to commit. */
  missing?: readonly string[]
  /** Names the rules whose waiver lacks an end, after an attempt to commit. */
  missingEnds?: readonly string[]
}

const order = { block: 0, warn: 1, pass: 2 }

/** What the gate says about the draft, the worst first, with the reasons it asks for. */
export function GateList({
  gate,
  answers,
  onAnswer,
  today,
  onService,
  brief = false,
  missing = [],
  missingEnds = [],
}: GateListProps) {
  const text = useText()
  const passed = gate.items.filter(item => item.verdict === 'pass' && !item.info)
  const shown = gate.items
    .filter(item => !brief || item.verdict !== 'pass')
    .toSorted((a, b) => order[a.verdict] - order[b.verdict])
  if (gate.items.length === 0) return <EmptyState compact icon={ShieldCheck} sentence={text('page.draftGateEmpty')} />
  // A rule may speak several times; its reason is asked for once, at its last item.
  const lastOf = new Map(shown.map((item, position) => [item.rule, position]))
  return (
    <ul className={styles['list']} aria-label={text('page.draftGate')}>
      {shown.map((item, position) => (
        <Item
          // biome-ignore lint/suspicious/noArrayIndexKey: a rule may speak twice with the same words
          key={`${item.rule}-${position}`}
          item={item}
          onService={onService}
          reason={
            needsReason(item) && lastOf.get(item.rule) === position
              ? {
                  value: answers.reasons?.[item.rule] ?? '',
                  missing: missing.includes(item.rule),
                  onChange: reason => onAnswer({ reasons: { ...answers.reasons, [item.rule]: reason } }),
                }
              : null
          }
          end={
            item.verdict === 'block' && needsReason(item) && lastOf.get(item.rule) === position
              ? {
                  value: answers.waivedUntil?.[item.rule] ?? '',
                  missing: missingEnds.includes(item.rule),
                  onChange: day => onAnswer({ waivedUntil: { ...answers.waivedUntil, [item.rule]: day } }),
                }
              : null
          }
          today={today}
        />
      ))}
      {brief && passed.length > 0 && (
        <li className={styles['passed']} data-tone="ok">
          <verdicts.pass.icon aria-hidden="true" />
          {text('page.draftGatePassed', { count: passed.length })}
        </li>
      )}
    </ul>
  )
}

type ItemProps = {
  item: GateItem
  onService: ((service: string) => void) | undefined
  reason: Answer | null
  end: Answer | null
  today: string
}
type Answer = { value: string; missing: boolean; onChange(value: string): void }

function Item({ item, onService, reason, end, today }: ItemProps) {
  const text = useText()
  const say = useSay()
  const { icon: Icon, word, tone } = lookOf(item)
  const isWaiver = item.verdict === 'block'
  return (
    <li className={styles['item']} data-tone={tone}>
      <Icon aria-hidden="true" />
      <div className={styles['words']}>
        <p>
          <strong className={styles['verdict']}>{text(word)}</strong> · {say(item.message)}
        </p>
        <p className={styles['facts']}>
          <code>{item.rule}</code>
          {item.services.map(service =>
            onService ? (
              <button key={service} type="button" className={styles['service']} onClick={() => onService(service)}>
                {service}
              </button>
            ) : (
              <span key={service}>{service}</span>
            ),
          )}
          {isWaiver && <span>{text(item.waivable ? 'page.draftGateWaivable' : 'page.draftGateHard')}</span>}
        </p>
        {reason && (
          <Field
            className={styles['reason'] ?? ''}
            label={text(isWaiver ? 'page.draftWaiver' : 'page.draftReason')}
            error={reason.missing ? text('page.draftReasonMissing') : null}
          >
            <TextArea
              rows={1}
              className={styles['area'] ?? ''}
              value={reason.value}
              onChange={reason.onChange}
              placeholder={text(isWaiver ? 'page.draftWaiverHint' : 'page.draftReasonHint')}
            />
          </Field>
        )}
        {end && <WaiverEnd {...end} today={today} />}
      </div>
    </li>
  )
}

/** How long a waiver usually lasts, in days. */
const usual = [7, 30, 90]

/** The last day of a waiver: typed, or one of the usual. */
function WaiverEnd({ value, missing, onChange, today }: Answer & { today: string }) {
  const text = useText()
  const left = isDay(value) ? daysBetween(today, value) : null
  return (
    <Field
      className={styles['reason'] ?? ''}
      label={text('page.draftWaiverEnd')}
      hint={left !== null && left >= 0 ? text('page.draftWaiverDays', { count: left }) : undefined}
      error={missing || (left !== null && left < 0) ? text('page.draftWaiverEndMissing') : null}
    >
      <span className={styles['end']}>
        <TextField type="date" min={today} value={value} onChange={onChange} />
        <span className={styles['days']}>
          {usual.map(days => (
            <Button key={days} size="small" variant="ghost" onClick={() => onChange(dayAfter(today, days))}>
              {text('page.draftWaiverDays', { count: days })}
            </Button>
          ))}
        </span>
      </span>
    </Field>
  )
}
