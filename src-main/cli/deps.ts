import { ecosystemWord } from '../../shared/dependencies/ecosystem.ts'
import { translate } from '../../shared/messages/index.ts'
import type { Given } from './command.ts'
import { openCore, openWorkspace } from './open-core.ts'
import { printJson, printTable } from './print.ts'
import { type ExitCode, exit, type Terminal } from './terminal.ts'

/** `pilothouse deps`: what each service is made of, and the libraries that services have in different versions. */
export async function run(given: Given, terminal: Terminal): Promise<ExitCode> {
  await using core = await openCore(terminal)
  const workspace = await openWorkspace(core, given.positionals[0], terminal)
  const revision = given.value('rev')
  const environment = given.value('env')
  const overview = await core.api.dependencies.overview(
    { workspace, ...(revision !== undefined && { revision }), ...(environment !== undefined && { environment }) },
    { signal: terminal.signal },
  )
  for (const problem of overview.problems) terminal.say(problem)
  if (given.has('json')) {
    printJson(terminal, overview)
    return exit.fine
  }
  const { services, libraries } = overview
  if (services.every(({ sets }) => sets.length === 0)) {
    terminal.say({ key: 'dependency.nothingHere' })
    return exit.fine
  }
  const say = (key: Parameters<typeof translate>[1]['key'], params = {}) => translate(terminal.locale, { key, params })
  printTable(terminal, [
    (['Service', 'Ecosystem', 'Direct', 'All', 'Behind', 'From'] as const).map(each =>
      say(`dependency.column${each}` as const),
    ),
    ...services.flatMap(({ service, sets, behind }) =>
      sets.map(({ ecosystem, direct, packages, files }) => [
        service ?? '-',
        ecosystemWord(ecosystem),
        String(direct),
        String(packages),
        String(behind.all),
        files[0] ?? '',
      ]),
    ),
  ])
  const fragmented = libraries.filter(({ spread }) => spread > 1)
  if (fragmented.length === 0) return exit.fine
  terminal.out(`\n${say('dependency.fragmentedHeading', { count: fragmented.length })}\n`)
  for (const { name, versions } of fragmented) {
    terminal.out(`${name}\n`)
    for (const { version, uses } of versions)
      terminal.out(`    ${version}  ${[...new Set(uses.map(({ service }) => service ?? '-'))].join(', ')}\n`)
  }
  return exit.fine
}
