import { translate } from '../../shared/messages/index.ts'
import { evaluateRules } from '../../shared/rules/evaluate-rules.ts'
import { readRules } from '../../shared/rules/read-rules.ts'
import type { Rule } from '../../shared/rules/rule.ts'
import type { Given } from './command.ts'
import { printJson, printTable } from './print.ts'
import { filesAt, readFacts, readInput, sayProblems } from './read-facts.ts'
import { type ExitCode, exit, type Terminal } from './terminal.ts'

/** `pilothouse rules eval`: the verdict of every rule on some facts, in order of priority. Exit code 1 when one blocks. */
export async function run(given: Given, terminal: Terminal): Promise<ExitCode> {
  const [path = '', contextFile = ''] = given.positionals
  const rules: Rule[] = []
  let broken = false
  for (const file of await filesAt(path, terminal)) {
    const read = readRules(file, await readInput(file, terminal))
    broken = sayProblems(read.problems, terminal) || broken
    rules.push(...read.rules)
  }
  if (broken) return exit.usage
  const verdicts = evaluateRules(rules, await readFacts(contextFile, terminal), new Date().toISOString().slice(0, 10))
  const said = verdicts.map(({ message, ...verdict }) => ({ ...verdict, message: translate(terminal.locale, message) }))
  if (given.has('json'))
    printJson(
      terminal,
      said.map(({ id, verdict, message, missing }) => ({ id, verdict, message, missing })),
    )
  else
    printTable(
      terminal,
      said.map(({ id, verdict, message }) => [verdict, id, message]),
    )
  return verdicts.some(({ verdict }) => verdict === 'block') ? exit.no : exit.fine
}
