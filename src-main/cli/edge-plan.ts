import type { NodePlan } from '../../shared/fleet/plan.ts'
import { type Locale, translate } from '../../shared/messages/index.ts'
import type { Given } from './command.ts'
import { first, openCore, openWorkspace } from './open-core.ts'
import { printJson, printTable } from './print.ts'
import { type ExitCode, exit, type Terminal } from './terminal.ts'

/** `pilothouse edge plan`: desired against actual. 0: nothing to do, 1: something is, 2: refused, 3: not all could be asked. */
export async function run(given: Given, terminal: Terminal): Promise<ExitCode> {
  const { locale, signal } = terminal
  const [directory] = given.positionals
  await using core = await openCore(terminal)
  const workspace = await openWorkspace(core, directory, terminal)
  const { services, findings } = await first(core.api.fleet.view({ workspace }, { signal }), signal)
  for (const { message } of findings) terminal.say(message)
  if (services.length === 0 && findings.length === 0) terminal.say({ key: 'fleet.noServices' })
  const view = await core.api.fleet.plan({ workspace, ...scopeOf(given) }, { signal })
  if (given.has('json'))
    printJson(terminal, {
      ...view,
      plans: view.plans.map(({ notes, ...plan }) => ({ ...plan, notes: notes.map(note => translate(locale, note)) })),
      unknown: view.unknown.map(({ reason, ...one }) => ({ ...one, reason: translate(locale, reason) })),
    })
  else {
    printTable(
      terminal,
      view.plans.map(plan => [plan.kind, plan.node, plan.service, released(plan)]),
    )
    for (const plan of view.plans) terminal.out(detailsOf(plan, locale))
    for (const { node, service, reason } of view.unknown)
      terminal.out(`unknown  ${node ?? service ?? ''}  ${translate(locale, reason)}\n`)
    for (const { node, services } of view.undeclared)
      terminal.out(
        `${translate(locale, { key: 'fleet.undeclared', params: { node, services: services.join(', ') } })}\n`,
      )
  }
  if (findings.some(({ severity }) => severity === 'error')) return exit.usage
  if (view.plans.some(({ kind }) => kind === 'refused') || view.unknown.some(({ node }) => node === null))
    return exit.usage
  if (view.unknown.length > 0) return exit.unreachable
  return view.plans.some(({ kind }) => kind !== 'same') ? exit.no : exit.fine
}

/** What `--service` and `--node` leave of the fleet. */
export function scopeOf(given: Given): { service?: string; nodes?: string[] } {
  const service = given.value('service')
  const nodes = given.values('node')
  return { ...(service !== undefined && { service }), ...(nodes.length > 0 && { nodes: [...nodes] }) }
}

const nameOf = ({ digest, version }: { digest: string; version: string | null }): string =>
  version === null ? digest.slice(0, 12) : `${version} (${digest.slice(0, 12)})`
const released = ({ kind, from, to }: NodePlan): string =>
  kind === 'same' ? nameOf(to) : `${from ? nameOf(from) : '–'} → ${nameOf(to)}`

function detailsOf({ kind, node, service, files, unit, notes }: NodePlan, locale: Locale): string {
  if (kind === 'same' && notes.length === 0) return ''
  const signs = { added: '+', removed: '-', changed: '~', drifted: '!' } as const
  const lines = [
    '',
    `${node}/${service}`,
    ...notes.map(note => `  ${translate(locale, note)}`),
    ...files.map(({ path, change, before = '', after = '' }) => `  ${signs[change]} ${path}  ${before} → ${after}`),
    ...unit
      .split('\n')
      .filter(line => /^[+-](?![+-])/.test(line))
      .map(line => `  ${line}`),
  ]
  return `${lines.join('\n')}\n`
}
