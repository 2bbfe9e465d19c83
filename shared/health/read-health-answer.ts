import { isObject, type Json } from '../manifests/manifest.ts'
import { redact } from '../topology/redact.ts'
import type { HealthAnswer, HealthComponent } from './health-contract.ts'

type Verdict = HealthAnswer['verdict']
export type ReadAnswer = Pick<HealthAnswer, 'verdict' | 'meaningful' | 'components'>

const words: { readonly [word: string]: Verdict } = {
  up: 'up',
  ok: 'up',
  pass: 'up',
  passing: 'up',
  healthy: 'up',
  serving: 'up',
  ready: 'up',
  alive: 'up',
  success: 'up',
  available: 'up',
  true: 'up',
  warn: 'partly',
  warning: 'partly',
  degraded: 'partly',
  partial: 'partly',
  down: 'down',
  fail: 'down',
  failed: 'down',
  failing: 'down',
  error: 'down',
  critical: 'down',
  unhealthy: 'down',
  unavailable: 'down',
  out_of_service: 'down',
  not_serving: 'down',
  'not ready': 'down',
  false: 'down',
  unknown: 'unknown',
}
const verdictOf = (value: Json | undefined): Verdict | undefined =>
  typeof value === 'string' || typeof value === 'boolean' ? words[String(value).trim().toLowerCase()] : undefined

/** Names under which a status stands, by format: Spring, MicroProfile, health+json, Terminus, ASP.NET, Consul … */
const statusNames = ['status', 'Status', 'state', 'health', 'outcome', 'ok', 'healthy', 'ready']
/** Names under which parts stand. */
const partNames = ['components', 'details', 'checks', 'dependencies', 'entries', 'results', 'services', 'info', 'error']

/**
 * What an HTTP health endpoint says: Spring Actuator, MicroProfile, `application/health+json`, ASP.NET, Terminus,
 * Kubernetes' own verbose lists, a word of text, or nothing. The code alone says that something answers, and that is
 * then all that is known.
 */
export function readHealthAnswer(answer: { readonly status: number; readonly body: string }): ReadAnswer {
  const byCode: Verdict = answer.status < 400 ? 'up' : answer.status === 429 ? 'partly' : 'down'
  const plain = { verdict: byCode, meaningful: false, components: [] }
  // Nobody is at home behind a door that is shut: whether it is well is not known.
  if (answer.status === 401 || answer.status === 403 || answer.status === 404 || answer.status === 405)
    return { ...plain, verdict: 'unknown' }
  const body = answer.body.trim()
  if (body === '') return plain
  const value = asJson(body)
  if (value === undefined) return readText(body, byCode) ?? plain
  const said = isObject(value) ? readObject(value) : verdictOf(value) && { verdict: verdictOf(value)!, components: [] }
  if (!said) return plain
  // A body that says well behind a code that says ill is a gateway's or a mistake: the worse is believed.
  return { ...said, verdict: worse(said.verdict, byCode), meaningful: true }
}

function asJson(body: string): Json | undefined {
  try {
    return JSON.parse(body) as Json
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

const rank: readonly Verdict[] = ['up', 'unknown', 'partly', 'down']
const worse = (a: Verdict, b: Verdict): Verdict => (rank.indexOf(a) >= rank.indexOf(b) ? a : b)

/** `ok`, `Healthy`, or the lines of `/readyz?verbose`: `[+]ping ok`, `[-]etcd failed: …`. */
function readText(body: string, byCode: Verdict): ReadAnswer | null {
  const lines = body.split('\n')
  const parts = lines.flatMap(line => {
    const found = /^\[([+-])\]\s*(\S+)\s*(.*)$/.exec(line.trim())
    return found ? [component(found[2]!, found[1] === '+' ? 'up' : 'down', found[3] ?? '')] : []
  })
  if (parts.length > 0)
    return {
      verdict: parts.reduce((worst, { verdict }) => worse(worst, verdict), byCode),
      meaningful: true,
      components: parts,
    }
  const verdict = lines.length === 1 ? verdictOf(body) : undefined
  return verdict ? { verdict: worse(verdict, byCode), meaningful: true, components: [] } : null
}

const component = (name: string, verdict: Verdict, said: string): HealthComponent => ({
  name,
  verdict,
  said: redact(said).slice(0, 300),
})

function readObject(value: { readonly [key: string]: Json }): Pick<ReadAnswer, 'verdict' | 'components'> | null {
  const own = statusNames.flatMap(name => verdictOf(value[name]) ?? [])[0]
  const components = partsOf(value, '')
  if (own === undefined && components.length === 0) return null
  const worst = components.reduce<Verdict>((most, { verdict }) => worse(most, verdict), 'up')
  // A service may call itself well with a part that is not: some parts are not needed.
  const verdict = own ?? worst
  return { verdict: verdict === 'up' && worst === 'down' ? 'partly' : verdict, components }
}

/** Parts in any of the forms, the nested ones by their path: `db`, `redis/primary`. */
function partsOf(value: { readonly [key: string]: Json }, within: string, depth = 0): readonly HealthComponent[] {
  if (depth > 3) return []
  const found = new Map<string, HealthComponent>()
  for (const field of partNames) {
    const parts = value[field] ?? null
    const entries: readonly (readonly [string, Json])[] = Array.isArray(parts)
      ? (parts as readonly Json[]).map((part, index) => [nameIn(part) ?? String(index + 1), part])
      : isObject(parts)
        ? Object.entries(parts)
        : []
    for (const [key, part] of entries) {
      const name = within === '' ? key : `${within}/${key}`
      // health+json has a list of measurements under each name.
      const measured = Array.isArray(part) ? ((part as readonly Json[])[0] ?? null) : part
      const verdict = isObject(measured)
        ? statusNames.flatMap(each => verdictOf(measured[each]) ?? [])[0]
        : verdictOf(measured)
      if (verdict !== undefined && !found.has(name)) found.set(name, component(name, verdict, saidIn(measured)))
      if (isObject(measured)) for (const nested of partsOf(measured, name, depth + 1)) found.set(nested.name, nested)
    }
  }
  return [...found.values()]
}

const nameIn = (part: Json): string | undefined =>
  isObject(part)
    ? ['name', 'Name', 'id', 'key'].flatMap(key => (typeof part[key] === 'string' ? [part[key]] : []))[0]
    : undefined

function saidIn(part: Json): string {
  if (!isObject(part)) return ''
  for (const key of ['error', 'message', 'output', 'description', 'reason']) {
    const said = part[key]
    if (typeof said === 'string') return said
  }
  const details = part['details'] ?? part['data'] ?? null
  return isObject(details) ? saidIn(details) : ''
}
