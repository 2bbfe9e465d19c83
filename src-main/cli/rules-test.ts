import { translate } from '../../shared/messages/index.ts'
import { readRules } from '../../shared/rules/read-rules.ts'
import { runRuleTests } from '../../shared/rules/run-rule-tests.ts'
import type { Given } from './command.ts'
import { printJson } from './print.ts'
import { filesAt, readInput, sayProblems } from './read-facts.ts'
import { type ExitCode, exit, type Terminal } from './terminal.ts'

/** `pilothouse rules test`: runs the cases that rule files carry. Exit code 1 when one comes out otherwise. */
export async function run(given: Given, terminal: Terminal): Promise<ExitCode> {
  const today = new Date().toISOString().slice(0, 10)
  const results: { file: string; line: number; name: string; passed: boolean; failures: string[] }[] = []
  let broken = false
  for (const file of await filesAt(given.positionals[0] ?? '', terminal)) {
    const read = readRules(file, await readInput(file, terminal))
    broken = sayProblems(read.problems, terminal) || broken
    for (const { name, line, failures } of runRuleTests(read, today))
      results.push({
        file,
        line,
        name,
        passed: failures.length === 0,
        failures: failures.map(failure => translate(terminal.locale, failure)),
      })
  }
  if (broken) return exit.usage
  const failed = results.filter(({ passed }) => !passed)
  if (given.has('json')) printJson(terminal, results)
  else {
    for (const { file, line, name, passed, failures } of results) {
      terminal.out(`${passed ? 'pass' : 'fail'}  ${file}:${line}  ${name}\n`)
      for (const failure of failures) terminal.out(`      ${failure}\n`)
    }
    terminal.say({ key: 'rule.testsRun', params: { count: results.length, failed: failed.length } })
  }
  return failed.length > 0 ? exit.no : exit.fine
}
