import type { HealthStatus } from './health.ts'

/** What a word of a controller means: it does well, it failed, it is at work, it was told to rest, or is not well yet. */
export type Meaning = 'good' | 'bad' | 'busy' | 'resting' | 'unmet'

export const healthOfMeaning: { readonly [meaning in Meaning]: HealthStatus } = {
  good: 'Healthy',
  bad: 'Degraded',
  busy: 'Progressing',
  resting: 'Suspended',
  unmet: 'Progressing',
}

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/))

const good = words(`
  ready running healthy available active succeeded success successful successfully complete completed done bound green
  ok online established accepted approved synced synchronized deployed installed provisioned created applied valid
  finished compliant passed pass normal initialized initialised configured operational stable connected enabled issued
  verified released attached reconciled promoted serving programmed resolved admitted offered latest exists reachable
  joined satisfied reserved registered imported launched adopted advertised discovered decrypted mounted rendered pushed
  delivered propagated allocated assigned elected indexed replicated loaded exported cloned granted signed downloaded
  built populated unsealed validated met published current fetched operating`)
const bad = words(`
  fail failed fails failing failure failures error errored errors err degraded unhealthy invalid rejected lost crashed
  crashing crashloop backoff broken dead red expired revoked denied aborted canceled cancelled timeout
  unschedulable unavailable unreachable conflict conflicted evicted oomkilled unrecoverable
  stalled unsupported mismatch exceeded warning fault faulty faulted fatal terminal warn corrupt corrupted orphan orphaned
  unresolved rejecting inconclusive recoverable blocked throttled misconfigured insufficient disconnected offline deadlocked overloaded
  unsatisfiable impossible refused malformed unauthorized forbidden`)
const busy = words(`
  pending wait yellow progress submitted queued new init initial started scheduled retry requested
  unpacking transitioning incomplete partial`)
const resting = words('suspended paused stopped halted hibernated hibernation disabled cordoned sleeping asleep')
/** What ends in `ing` and is no work. */
const noWork = words(
  'running serving failing crashing rejecting sleeping operating missing warning nothing string ping being',
)

/** Words that turn the next one round: `NotReady`, `no longer available`. */
const negations = words('not no non cannot never isnt without')

/** Several words that mean one thing, however they are joined. */
const phrases: readonly (readonly [ends: RegExp, meaning: Meaning])[] = [
  [/uptodate$/, 'good'],
  [/outofsync$|notready$|partially(ready|available|healthy)$/, 'unmet'],
  [/outof(memory|disk)$|timedout$|noncompliant$|not(supported|allowed|permitted|authorized|healthy)$/, 'bad'],
  [/inprogress$/, 'busy'],
]

/** `ProgressDeadlineExceeded`, `in-progress`, `HEALTH_ERR` as words in lower case. */
const split = (text: string): readonly string[] =>
  text
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(word => word !== '')

function meaningOfWord(word: string): Meaning | null {
  if (good.has(word)) return 'good'
  if (bad.has(word)) return 'bad'
  if (resting.has(word)) return 'resting'
  return busy.has(word) || (/..ing$/.test(word) && !noWork.has(word)) ? 'busy' : null
}

/**
 * What a controller's word says: the type of a condition, its reason, a phase. Such words put the head last
 * (`WorkersReady`, `QuotaExceeded`) but for verbs that open one (`WaitingForDisk`, `FailedCreate`). Null for a word that
 * tells nothing of how something does.
 */
export function meaningOf(text: string): Meaning | null {
  const parts = split(text)
  const [first] = parts
  if (first === undefined) return null
  if (parts.length === 1 && first === 'up') return 'good'
  const joined = parts.join('')
  const phrase = phrases.find(([ends]) => ends.test(joined))
  if (phrase) return phrase[1]
  if (/^(failed|error|unable|invalid|cannot)$/.test(first)) return 'bad'
  // A sentence is no word: which of its words counts, only a reader can tell.
  if (parts.length > 8) return null
  // Words apart are said, not named: `Setting up primary`. A verb that opens a name is rarely its head (`ScalingActive`).
  const opens = text.trim().includes(' ') ? /..ing$/ : /^(a?waiting|pending)$/
  if (parts.length > 1 && opens.test(first) && !noWork.has(first)) return 'busy'
  for (let at = parts.length - 1; at >= 0; at--) {
    const meaning = meaningOfWord(parts[at]!)
    if (meaning === null) continue
    if (!parts.slice(Math.max(0, at - 3), at).some(word => negations.has(word))) return meaning
    return meaning === 'bad' ? 'good' : meaning === 'good' ? 'unmet' : meaning
  }
  return null
}
