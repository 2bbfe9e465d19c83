import { type Condition, degraded, type Health, healthy, progressing, suspended } from './health.ts'
import { type Meaning, meaningOf } from './health-words.ts'

/**
 * Health by the conventions of conditions, which no kind follows wholly: what is bad when true, what is at work when
 * true (`Reconciling` and `Stalled` as in kstatus), what is to be true, and by their reasons whether what is not true
 * yet is on its way. Null where no condition tells how the object does.
 */
export function conditionHealth(conditions: readonly Condition[], generation: number): Health | null {
  const told = conditions.map(condition => ({ condition, meaning: meaningOfType(condition.type) }))
  const all = (meaning: Meaning, status: string) =>
    told.filter(item => item.meaning === meaning && item.condition.status === status).map(({ condition }) => condition)
  const current = (condition: Condition, health: Health): Health =>
    (condition.observedGeneration ?? generation) < generation ? notObserved : health

  const resting = all('resting', 'True').find(({ reason }) => meaningOf(reason) !== 'bad')
  if (resting) return current(resting, suspended(say(resting)))
  const [wrong] = [...all('bad', 'True'), ...all('busy', 'False').filter(({ reason }) => meaningOf(reason) === 'bad')]
  if (wrong) return current(wrong, degraded(say(wrong)))
  const well = all('good', 'True').filter(({ reason }) => !/^(bad|busy)$/.test(meaningOf(reason) ?? ''))
  const summary =
    conditions.find(({ type }) => type === 'Ready') ??
    conditions.find(({ type }) => /^(Succeeded|Completed?)$/.test(type))
  for (const busy of [...all('busy', 'True'), ...atWork(conditions)]) {
    const reason = meaningOf(busy.reason)
    // Many a name ends like work and is none: `ContinuousArchiving`.
    if (summary?.status === 'True' && /[a-z][A-Z]/.test(busy.type)) continue
    if (reason === 'resting') return current(busy, suspended(say(busy)))
    // `Progressing: True` is how a Deployment rests, its reason being that the new Pods are available.
    if (
      busy.type === 'Progressing' &&
      (reason === 'good' || (busy.status === 'True' && busy.reason === '' && well.length > 0))
    )
      continue
    return approval.test(busy.message) ? suspended(say(busy)) : progressing(say(busy))
  }
  const open = told.filter(({ condition: { status }, meaning }) =>
    meaning === 'unmet' ? status === 'True' : meaning === 'good' && status !== 'True',
  )
  const judged = open
    .map(({ condition }) => ({ condition, health: unmet(condition) }))
    // What is only a part says nothing where the whole is well: Knative's and Cluster API's parts may be optional.
    .filter(({ condition }) => summary?.status !== 'True' || weighty.test(condition.type))
  const first = (status: Health['health']) =>
    judged.find(({ condition, health }) => condition === summary && health?.health === status) ??
    judged.find(({ health }) => health?.health === status)
  const worst = first('Degraded') ?? first('Suspended') ?? first('Progressing')
  if (worst?.health) return current(worst.condition, worst.health)
  const said = well.find(condition => condition === summary) ?? well[0]
  if (said) return current(said, healthy(said.message || said.reason))
  const half = all('good', 'True')[0]
  if (half) return current(half, (meaningOf(half.reason) === 'bad' ? degraded : progressing)(say(half)))
  return null
}

export const notObserved = progressing('Waiting for the latest change to be observed')

/** Conditions that count beside `Ready`: each says something of the whole. */
const weighty = /^(Ready|Available|Healthy|Synced|Accepted|Programmed|ResolvedRefs|Valid|Reconciled|Synchronized)$/

/** Types of conditions are words too, but for what happens once and stays true. */
function meaningOfType(type: string): Meaning | null {
  // A warning stands beside what is well.
  if (/^Warnings?$/.test(type)) return null
  const meaning = meaningOf(type)
  if (meaning !== 'busy') return meaning
  return /(ing|Pending|Progress)$/.test(type) ? 'busy' : null
}

/** What it means that something good is not so (yet), by its reason; null where that is because it is over. */
function unmet(condition: Condition): Health | null {
  const { type, status, reason, message } = condition
  const meaning = meaningOf(reason)
  if (meaning === 'bad' || wentWrong.test(message)) return degraded(say(condition))
  if (meaning === 'resting' || approval.test(message)) return suspended(say(condition))
  if (status === 'False' && isVerdict(type, reason)) return degraded(say(condition))
  if (status === 'False' && /(Completed?|Succeeded|Finished)$/.test(reason)) return null
  const bare = reason === '' && message === ''
  return meaning !== null || status === 'Unknown' || bare || onItsWay.test(message)
    ? progressing(say(condition))
    : degraded(say(condition))
}

/** What is judged once: to be refused is no step on the way. */
const isVerdict = (type: string, reason: string): boolean =>
  /^(Accepted|ResolvedRefs|Valid)$|Success$/.test(type) || (type === 'Admitted' && reason === '')
const approval = /\b(wait\w* for|requires?|needs?) [^.]*\bapproval\b/i
const wentWrong =
  /^(error|failed|failure|cannot|unable)\b|\b(error|failed|terminated unexpectedly)\b|\d+ nodes are available/i
const onItsWay = /^(?!missing|nothing|string)[a-z]{2,}ing\b|\b(not yet|in progress|is being|are being)\b/i

/** Operators in Ansible say `Running` while they reconcile; of anything else it is how it ought to be. */
const atWork = (conditions: readonly Condition[]) =>
  conditions.filter(
    ({ type, status, reason }) =>
      (type === 'Running' && status === 'True' && reason === 'Running') ||
      (type === 'Progressing' && status === 'Unknown'),
  )

const say = ({ type, reason, message }: Condition): string => message || reason || type
