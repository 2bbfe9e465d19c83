import { Gauge } from 'lucide-react'
import { useEffect } from 'react'
import { create } from 'zustand'
import type { ServiceBudget } from '../../../shared/slo/error-budget.ts'
import { useApi, useLive } from '../../connection/index.ts'
import { Callout, Hidden, useFormat, useText } from '../../design/index.ts'
import styles from './metrics.module.css'

/** Error budgets of the environment that is shown, by service. */
const useBudgets = create<{ readonly [service: string]: ServiceBudget }>()(() => ({}))

/** Keeps the budgets of an environment as long as it is shown as it is now: an older revision has none. */
export function useWatchBudgets(workspace: string, environment: string, revision: string | null): void {
  const { metrics } = useApi()
  const { value } = useLive(metrics.budgets, { workspace, environment }, { skip: revision !== null })
  useEffect(() => {
    const known = revision === null ? (value ?? []) : []
    useBudgets.setState(Object.fromEntries(known.map(budget => [budget.service, budget])), true)
  }, [value, revision])
  useEffect(() => () => useBudgets.setState({}, true), [])
}

/** Below this share of its budget a service stands out. */
const little = 0.25
const toneOf = ({ left, alerts, broken }: ServiceBudget): 'danger' | 'warn' | undefined =>
  alerts.some(({ severity }) => severity === 'page') || broken !== null || (left !== null && left <= 0)
    ? 'danger'
    : alerts.length > 0 || (left !== null && left < little)
      ? 'warn'
      : undefined

/** What is left of a service's error budget, as a fact of its node; nothing where it is not known. */
export function BudgetFact({ service }: { service: string }) {
  const text = useText()
  const format = useFormat()
  const budget = useBudgets(all => all[service])
  if (!budget || (budget.left === null && !toneOf(budget))) return null
  return (
    <span className={styles['budget']} data-tone={toneOf(budget)} title={text('budget.left')}>
      <Gauge aria-hidden="true" />
      <Hidden>{text('budget.left')} </Hidden>
      {budget.left === null ? '!' : `${format.number(Math.floor(budget.left * 100), 0)}%`}
    </span>
  )
}

/** True where something is known of a service's error budget. */
export const useHasBudget = (service: string): boolean => useBudgets(all => all[service] !== undefined)

/** A service's promise, what is left of its budget and how fast it goes. */
export function BudgetFacts({ service }: { service: string }) {
  const text = useText()
  const format = useFormat()
  const budget = useBudgets(all => all[service])
  if (!budget) return null
  const { target, left, failed, alerts, broken } = budget
  return (
    <div className={styles['budgetFacts']}>
      {left !== null && (
        <>
          <div className={styles['gauge']} data-tone={toneOf(budget)} aria-hidden="true">
            <span style={{ width: `${Math.max(0, Math.min(1, left)) * 100}%` }} />
          </div>
          <p>
            {text(left < 0 ? 'budget.overdrawn' : 'budget.leftOf', {
              share: format.percent(Math.abs(left)),
              target: format.number(target ?? 0, 3),
              failed: format.percent(failed ?? 0),
            })}
          </p>
        </>
      )}
      {broken !== null && <Callout tone="danger">{text('budget.broken', { figures: broken })}</Callout>}
      {alerts.map(({ severity, burn, long, short }) => (
        <Callout key={`${severity} ${long}`} tone={severity === 'page' ? 'danger' : 'warn'}>
          {text(severity === 'page' ? 'budget.page' : 'budget.ticket', { burn: format.number(burn, 1), long, short })}
        </Callout>
      ))}
      {left === null && broken === null && alerts.length === 0 && <p>{text('budget.kept')}</p>}
    </div>
  )
}
