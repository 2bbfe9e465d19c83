import { formatSnapshot } from '../../shared/decisions/snapshot.ts'
import { translate } from '../../shared/messages/index.ts'
import { describeResult } from '../../shared/results/describe-result.ts'
import type { Given } from './command.ts'
import { logEntry } from './log.ts'
import { openCore, openWorkspace } from './open-core.ts'
import { printJson } from './print.ts'
import { type ExitCode, exit, type Terminal } from './terminal.ts'

/** `pilothouse show`: one decision, by commit, revision or Decision-Id (its first characters will do). */
export async function run(given: Given, terminal: Terminal): Promise<ExitCode> {
  const [directory, decision = ''] = given.positionals
  await using core = await openCore(terminal)
  const workspace = await openWorkspace(core, directory, terminal)
  if (given.has('snapshot')) {
    const { snapshot, from } = await core.api.compare.snapshot({ workspace, decision }, { signal: terminal.signal })
    if (from === 'computed') terminal.say({ key: 'compare.cliComputed' })
    terminal.out(formatSnapshot(snapshot))
    return exit.fine
  }
  const { summary, message, record, snapshot, files, results } = await core.api.decisions.show(
    { workspace, decision },
    { signal: terminal.signal },
  )
  const chain = await core.api.decisions.chain({ workspace, decision }, { signal: terminal.signal })
  const entry = logEntry(summary)
  if (given.has('json')) {
    printJson(terminal, { ...entry, message, record, snapshot, files, results, chain })
    return exit.fine
  }
  terminal.out(`commit ${entry.id}\nAuthor: ${entry.author}\nDate:   ${entry.date}\n\n`)
  terminal.out(`${message.trimEnd().replace(/^(?=.)/gm, '    ')}\n\n`)
  for (const { path, change, additions, deletions } of files)
    terminal.out(` ${change.padEnd(7)}  ${path}  +${additions} -${deletions}\n`)
  if (chain.length > 0) terminal.out('\n')
  for (const { relation, title, commit, path } of chain)
    terminal.out(
      ` ${translate(terminal.locale, { key: `record.is_${relation}` })}  ${title}  ${commit?.slice(0, 10) ?? path ?? ''}\n`,
    )
  if (results.length > 0) terminal.out('\n')
  for (const event of results) terminal.out(` ${event.at}  ${describeResult(event, terminal.locale)}\n`)
  if (record) terminal.out(`\n${record.path}\n\n${record.markdown.trimEnd()}\n`)
  return exit.fine
}
