import { isObject, type Json, listAt, textAt, valueAt } from '../manifests/manifest.ts'
import { conditionHealth, notObserved } from './condition-health.ts'
import {
  type Condition,
  conditionsOf,
  countAt,
  degraded,
  type Health,
  type HealthStatus,
  healthy,
  type LiveObject,
  progressing,
  readConditions,
  suspended,
  unknown,
} from './health.ts'
import { healthOfMeaning, meaningOf } from './health-words.ts'

/**
 * Health of a kind nobody has a rule for, from whatever its status tells: whether the latest change was seen, that it
 * was told to rest, errors, conditions (also those of each parent, listener or member), words for a phase or a state,
 * and counts of what is ready. What contradicts itself does as badly as its worst part says. Null where the status
 * tells nothing.
 */
export function statusHealth(object: LiveObject): Health | null {
  const status = object['status']
  if (!isObject(status)) return null
  const generation = countAt(object, ['metadata', 'generation'], 0)
  if (countAt(status, ['observedGeneration'], generation) < generation) return notObserved
  if (isSuspended(object)) return suspended(`${textAt(object, 'kind') ?? 'It'} is suspended`)

  const conditions = whileRunning(object) ?? conditionHealth(conditionsOf(object), generation)
  const parts = partsHealth(status, generation)
  if (parts?.health === 'Degraded' && conditions?.health !== 'Degraded') return parts
  const said = conditions ?? parts
  const phase = phaseHealth(object, status)
  if (phase?.health === 'Degraded' || phase?.health === 'Suspended') return withMessage(phase, status, said)
  if (said?.health === 'Degraded' || said?.health === 'Suspended') return said
  if (phase?.health === 'Progressing')
    return said?.health === 'Healthy' ? phase : (wrongPart(object, status) ?? withMessage(phase, status, said))
  const error = errorOf(status)
  if (error !== '' && said?.health !== 'Healthy' && phase?.health !== 'Healthy') return degraded(error)
  if (said && said.health !== 'Healthy') return said
  const short = fractionOf(status) ? null : shortOf(object, status)
  const well = said ?? (phase && withMessage(phase, status, null))
  if (well) return unwell(object, status) ?? short ?? well
  return (
    unwell(object, status) ?? flagHealth(status) ?? short ?? countsHealth(object, status) ?? innerHealth(object, status)
  )
}

const isSuspended = (object: LiveObject): boolean =>
  [
    ['suspend'],
    ['suspended'],
    ['paused'],
    ['pause'],
    ['updateStrategy', 'paused'],
    ['updateStrategy', 'rollingUpdate', 'paused'],
  ].some(path => valueAt(object, ['spec', ...path]) === true)

/** What ends by itself is at work while it runs, however well it was created. */
function whileRunning(object: LiveObject): Health | null {
  const is = (types: RegExp) => conditionsOf(object).find(({ type, status }) => types.test(type) && status === 'True')
  const running = ends.test(textAt(object, 'kind') ?? '') ? is(/^Running$/) : undefined
  return running && !is(/^(Succeeded|Completed?|Finished|Ready|Failed|Suspended)$/)
    ? progressing(running.message || running.reason || running.type)
    : null
}

/** Why stands beside the phase in one of a few fields. */
function withMessage(phase: Health, status: Json, said: Health | null): Health {
  const why = errorOf(status) || textAt(status, 'message') || textAt(status, 'reason') || ''
  if (why !== '') return { ...phase, message: why }
  return said && said.health === phase.health && said.message !== '' ? said : phase
}

const errorFields = [
  'error',
  'errorMessage',
  'errorMsg',
  'errMsg',
  'lastError',
  'failureMessage',
  'failureReason',
  'errors',
]

function errorOf(status: Json): string {
  for (const field of errorFields) {
    const found = valueAt(status, [field])
    const item = Array.isArray(found) ? (found as readonly Json[])[0] : found
    const text = typeof item === 'string' ? item : (textAt(item, 'message') ?? textAt(item, 'description') ?? '')
    if (text.trim() !== '') return text
  }
  return ''
}

const naming = /(phase|state|status|health|complian(t|ce)|result|stage|robustness)$/i

/** What the words of its phases and states say. */
const phaseHealth = (object: LiveObject, status: LiveObject): Health | null =>
  worstOf(Object.entries(status).map(([key, value]) => wordAt(object, key, value)))

/** The words of phases and states further in, for what has none of its own. */
function innerHealth(object: LiveObject, status: LiveObject): Health | null {
  const inner = Object.entries(status).flatMap(([key, value]) =>
    isObject(value) && key !== 'conditions' ? Object.entries(value) : [],
  )
  return worstOf(
    inner.flatMap(([key, value]) => [
      wordAt(object, key, value),
      ...(isObject(value) ? Object.entries(value).map(([field, word]) => wordAt(object, field, word)) : []),
    ]),
  )
}

/**
 * What is told to be well may be unwell further in, or a member of it: `status.ceph.health: HEALTH_WARN` beside
 * `phase: Ready`, an environment whose own phase is `failure`, an error of an analysis, a verdict that is no.
 */
function unwell(object: LiveObject, status: LiveObject): Health | null {
  const no = Object.entries(status).find(([key, value]) => verdict.test(key) && value === false)
  if (no) return degraded(`${no[0]}: false`)
  for (const [key, value] of Object.entries(status)) {
    if (past.test(key) || key === 'conditions') continue
    for (const item of Array.isArray(value) ? (value as readonly Json[]) : [value]) {
      const said = textAt(item, 'message') ?? ''
      if (/^(error|fatal|critical)$/i.test(textAt(item, 'level') ?? '')) return degraded(said || textAt(item, 'level')!)
      const bad = Object.entries(isObject(item) ? item : {}).find(
        ([field, word]) => wordAt(object, field, word)?.health === 'Degraded',
      )
      if (!bad) continue
      const about = [nameOfPart(item), String(bad[1]), said || (textAt(status, 'message') ?? '')]
      return degraded(about.filter(text => text !== '').join(': '))
    }
  }
  return null
}

/** Fields that say yes or no to what was asked, not whether something has come about yet. */
const verdict = /^(pass|passed|valid|compliant|success|succeeded)$/
/** Fields that keep what was, which may have failed while all is well now. */
const past = /history|previous|last|attempt|event/i

/** While the whole is on its way, one of its parts may have failed. */
function wrongPart(object: LiveObject, status: LiveObject): Health | null {
  for (const [key, value] of Object.entries(status)) {
    if (!Array.isArray(value) || past.test(key)) continue
    for (const item of value as readonly Json[])
      for (const [field, word] of isObject(item) ? Object.entries(item) : [])
        if (wordAt(object, field, word)?.health === 'Degraded')
          return degraded(
            [nameOfPart(item), textAt(item, 'message') ?? String(word)].filter(text => text !== '').join(': '),
          )
  }
  return null
}

const wordAt = (object: LiveObject, key: string, value: Json): Health | null =>
  naming.test(key) && typeof value === 'string' && value !== '' ? wordHealth(object, value) : null

const worstOf = (healths: readonly (Health | null)[]): Health | null =>
  healths.reduce((worst, item) => (item && (!worst || rank(item.health) > rank(worst.health)) ? item : worst), null)

const order: readonly HealthStatus[] = ['Unknown', 'Healthy', 'Progressing', 'Suspended', 'Missing', 'Degraded']
const rank = (health: HealthStatus) => order.indexOf(health)

/** Kinds that end by themselves: for them to run is to be at work. */
const ends =
  /(Job|Run|Task|Backup|Restore|Workflow|Migration|Build|Execution|Snapshot|Analysis|Evaluation|Scan|Import|Export|Upgrade|Request)$/

function wordHealth(object: LiveObject, word: string): Health | null {
  if (/^not[ _-]?found$/i.test(word)) return { health: 'Missing', message: word }
  if (/^unknown$/i.test(word)) return unknown(word)
  const meaning = meaningOf(word)
  if (meaning === null) return null
  if (/^running$/i.test(word) && ends.test(textAt(object, 'kind') ?? '')) return progressing(word)
  return { health: healthOfMeaning[meaning], message: word }
}

/**
 * The worst of what has conditions of its own within the status: parents of a route, listeners, members. What was last
 * said of an older generation does not count beside what was said of this one.
 */
function partsHealth(status: LiveObject, generation: number): Health | null {
  const told = Object.values(status)
    .flatMap(value => (Array.isArray(value) ? (value as readonly Json[]) : []))
    .map(item => ({ item, conditions: readConditions(listAt(item, 'conditions')) }))
    .filter(({ conditions }) => conditions.length > 0)
  const isOld = ({ observedGeneration }: Condition) => (observedGeneration ?? generation) < generation
  const fresh = told.filter(({ conditions }) => !conditions.some(isOld))
  const saidAnew = new Set(fresh.map(({ item }) => nameOfPart(item)))
  const counted = told.filter(part => fresh.includes(part) || !saidAnew.has(nameOfPart(part.item)))
  const parts = counted.flatMap(({ item, conditions }) => {
    const health = conditionHealth(conditions, generation)
    const name = nameOfPart(item)
    return health
      ? [name === '' || health.message === '' ? health : { ...health, message: `${name}: ${health.message}` }]
      : []
  })
  return worstOf(parts)
}

const nameOfPart = (item: Json): string =>
  ['name', 'parentRef', 'ancestorRef', 'clusterName', 'host', 'branch']
    .map(field => textAt(item, field) ?? textAt(item, field, 'name') ?? '')
    .find(text => text !== '') ?? ''

function flagHealth(status: LiveObject): Health | null {
  if (status['healthy'] === false) return degraded('It is not healthy')
  const flag = ['ready', 'readyToUse', 'healthy', 'available', 'created']
    .map(field => status[field])
    .find(value => typeof value === 'boolean')
  return flag === undefined ? null : flag ? healthy() : progressing('It is not ready')
}

/** `2/3`, as scale subresources of some operators have it. */
function fractionOf(status: LiveObject): readonly [number, number] | null {
  const match = /^(\d+)\/(\d+)$/.exec(textAt(status, 'scale', 'statusReplicas') ?? '')
  return match ? [Number(match[1]), Number(match[2])] : null
}

const readyOf = (status: LiveObject) =>
  countAt(status, ['readyReplicas'], countAt(status, ['availableReplicas'], Number.NaN))

/** Fewer are ready than were asked for, and it says so. */
function shortOf(object: LiveObject, status: LiveObject): Health | null {
  const [ready, wanted] = [readyOf(status), countAt(object, ['spec', 'replicas'], Number.NaN)]
  return ready < wanted ? progressing(`${ready} of ${wanted} are ready`) : null
}

function countsHealth(object: LiveObject, status: LiveObject): Health | null {
  const [ready, wanted] = fractionOf(status) ?? [
    readyOf(status),
    countAt(object, ['spec', 'replicas'], countAt(status, ['replicas'], Number.NaN)),
  ]
  if (Number.isNaN(wanted)) return null
  const have = Number.isNaN(ready) ? 0 : ready
  return have < wanted ? progressing(`${have} of ${wanted} are ready`) : healthy(`${have} of ${wanted} are ready`)
}
