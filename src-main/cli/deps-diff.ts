import { diffToJson } from '../../shared/dependencies/diff-to-json.ts'
import type { Given } from './command.ts'
import { describeDependencyDiff } from './describe-dependency-diff.ts'
import { openCore, openWorkspace } from './open-core.ts'
import { printJson } from './print.ts'
import { type ExitCode, exit, type Terminal } from './terminal.ts'

/** `pilothouse deps diff`: what services are made of at one revision and not at another. */
export async function run(given: Given, terminal: Terminal): Promise<ExitCode> {
  const [directory, from = '', to = ''] = given.positionals
  const environment = given.value('env')
  await using core = await openCore(terminal)
  const workspace = await openWorkspace(core, directory, terminal)
  const answer = await core.api.dependencies.diff(
    { workspace, from, to, ...(environment !== undefined && { environment }) },
    { signal: terminal.signal },
  )
  for (const problem of answer.problems) terminal.say(problem)
  const { sets } = answer
  if (given.has('json')) {
    const services = [...new Set(sets.flatMap(set => set.services))].sort()
    printJson(terminal, {
      ...diffToJson(sets),
      from: answer.from,
      to: answer.to,
      services: services.map(service => {
        const own = sets.filter(set => set.services.includes(service))
        const { added, removed, changed } = diffToJson(own)
        return { service, folders: [...new Set(own.map(({ folder }) => folder))], added, removed, changed }
      }),
    })
  } else if (sets.length > 0) terminal.out(describeDependencyDiff(sets, terminal.locale))
  else terminal.say({ key: 'cli.noDifference' })
  return sets.length > 0 && given.has('exit-code') ? exit.no : exit.fine
}
