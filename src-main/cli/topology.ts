import { resolve } from 'node:path'
import { AppError } from '../../shared/errors.ts'
import { MetricsWindow } from '../../shared/metrics/window.ts'
import { chooseEnvironment } from './choose-environment.ts'
import type { Given } from './command.ts'
import { openCore, openWorkspace } from './open-core.ts'
import { type ExitCode, exit, type Terminal } from './terminal.ts'

const formats = ['json', 'mermaid', 'dot', 'svg'] as const

/** `pilothouse topology`: the graph of one environment at one revision. */
export async function run(given: Given, terminal: Terminal): Promise<ExitCode> {
  const wanted = given.value('format') ?? 'json'
  const format = formats.find(known => known === wanted)
  if (!format || (given.has('json') && format !== 'json'))
    throw new AppError('invalid-input', 'cli.wrongValue', {
      flag: '--format',
      value: wanted,
      known: formats.join(', '),
    })
  await using core = await openCore(terminal)
  const workspace = await openWorkspace(core, given.positionals[0], terminal)
  const revision = given.value('rev')
  const source = given.value('source')
  const environment = await chooseEnvironment(core, workspace, given, terminal, revision)
  const { text } = await core.api.topology.export(
    {
      workspace,
      environment,
      format,
      locale: terminal.locale,
      ...(revision === undefined ? {} : { revision }),
      ...(source === undefined ? {} : { source: resolve(terminal.directory, source) }),
      ...(given.has('metrics') || given.has('window') ? { metrics: metricsOf(given) } : {}),
    },
    { signal: terminal.signal },
  )
  terminal.out(text.endsWith('\n') ? text : `${text}\n`)
  return exit.fine
}

/** Where to ask for rates, and over what stretch of time; an empty address means every source that is known. */
function metricsOf(given: Given): { url?: string; window?: string } {
  const url = given.value('metrics') ?? ''
  const window = given.value('window')
  if (window !== undefined && !MetricsWindow.safeParse(window).success)
    throw new AppError('invalid-input', 'metrics.badWindow', { window })
  return { ...(url !== '' && { url }), ...(window !== undefined && { window }) }
}
