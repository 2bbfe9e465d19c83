import type { Given } from './command.ts'
import { first, openCore, openWorkspace } from './open-core.ts'
import { printJson } from './print.ts'
import { type ExitCode, exit, type Terminal } from './terminal.ts'

/** `pilothouse rules waivers`: what was let through, and how long that still holds. Exit code 1 when one has ended and its rule still blocks. */
export async function run(given: Given, terminal: Terminal): Promise<ExitCode> {
  await using core = await openCore(terminal)
  const workspace = await openWorkspace(core, given.positionals[0], terminal)
  const waivers = await first(core.api.rules.waivers({ workspace }, { signal: terminal.signal }), terminal.signal)
  if (given.has('json')) printJson(terminal, waivers)
  else if (waivers.length === 0) terminal.say({ key: 'rule.waiversNone' })
  else
    for (const { rule, services, until, daysLeft, stands, decision } of waivers) {
      terminal.out(`${until}  ${rule}  ${services.join(', ')}  ${decision.id.slice(0, 10)} ${decision.title}\n  `)
      if (!stands) terminal.say({ key: 'rule.waiverSettled' })
      else if (daysLeft < 0) terminal.say({ key: 'rule.waiverEnded', params: { count: -daysLeft } })
      else terminal.say({ key: 'rule.waiverLeft', params: { count: daysLeft } })
    }
  return waivers.some(({ stands, daysLeft }) => stands && daysLeft < 0) ? exit.no : exit.fine
}
