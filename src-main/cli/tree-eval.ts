import { translate } from '../../shared/messages/index.ts'
import { readTree } from '../../shared/trees/read-tree.ts'
import { walkTree } from '../../shared/trees/walk-tree.ts'
import type { Given } from './command.ts'
import { printJson } from './print.ts'
import { readFacts, readInput, sayProblems } from './read-facts.ts'
import { shippedTree } from './shipped-tree.ts'
import { type ExitCode, exit, type Terminal } from './terminal.ts'

/** `pilothouse tree eval`: the path through a decision tree. Exit code 1 when a fact is missing and it ends nowhere. */
export async function run(given: Given, terminal: Terminal): Promise<ExitCode> {
  const [name = '', contextFile = ''] = given.positionals
  const file = shippedTree(name, terminal) ?? name
  const { tree, problems } = readTree(file, await readInput(file, terminal))
  const broken = sayProblems(problems, terminal)
  if (!tree || broken) return exit.usage
  const walk = walkTree(tree, await readFacts(contextFile, terminal))
  const questions = walk.missing.map(fact => ({ fact, question: tree.facts.get(fact)?.question ?? fact }))
  const title = (id: string): string => tree.outcomes.get(id)?.title ?? id
  if (given.has('json')) {
    const { path, outcome, missing, otherwise, stopped } = walk
    printJson(terminal, {
      tree: tree.text.name,
      outcome,
      path,
      missing,
      unknown: questions,
      message: stopped === null ? '' : translate(terminal.locale, stopped),
      otherwise: otherwise.map(({ outcome: id, changes }) => ({ outcome: id, title: title(id), changes })),
    })
    return outcome ? exit.fine : exit.no
  }
  const say = (line: string): void => terminal.out(`${line}\n`)
  for (const { dimension, question, answer, evidence } of walk.path) {
    say(`${dimension}: ${question}  ${answer ?? 'unknown'}`)
    for (const { fact, value } of evidence) say(`    ${fact} = ${JSON.stringify(value)}`)
  }
  if (walk.outcome) {
    say(`\n${walk.outcome.title}`)
    for (const recommendation of walk.outcome.recommendations) say(`  - ${recommendation}`)
  } else if (walk.stopped) say(`\n${translate(terminal.locale, walk.stopped)}`)
  for (const { fact, question } of questions) say(`  unknown  ${fact}: ${question}`)
  const near = walk.otherwise.filter(({ changes }) => changes.length === walk.otherwise[0]?.changes.length)
  for (const { outcome, changes } of near) {
    say(`\n${translate(terminal.locale, { key: 'rule.otherwise', params: { outcome: title(outcome) } })}`)
    for (const { question, from, to, expression } of changes) {
      say(`  ${question}  ${from ?? 'unknown'} → ${to}`)
      say(`    ${expression.trim()}`)
    }
  }
  return walk.outcome ? exit.fine : exit.no
}
