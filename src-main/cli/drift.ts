import { type FieldDrift, isDrift, type ObjectDrift } from '../../shared/drift/drift.ts'
import { holderWords, stateWords } from '../../shared/drift/holder-words.ts'
import { translate } from '../../shared/messages/index.ts'
import { chooseContext } from './choose-context.ts'
import { chooseEnvironment } from './choose-environment.ts'
import type { Given } from './command.ts'
import { openCore, openWorkspace } from './open-core.ts'
import { printJson } from './print.ts'
import { type ExitCode, exit, type Terminal } from './terminal.ts'

/** `pilothouse drift`: what is live against what Git says. With `--exit-code` a difference is 1. */
export async function run(given: Given, terminal: Terminal): Promise<ExitCode> {
  const { signal, locale } = terminal
  await using core = await openCore(terminal)
  const workspace = await openWorkspace(core, given.positionals[0], terminal)
  const revision = given.value('rev')
  const environment = await chooseEnvironment(core, workspace, given, terminal, revision)
  const context = await chooseContext(core, given)
  const namespace = given.value('namespace')
  const view = await core.api.drift.check(
    { workspace, environment, context, ...(namespace && { namespace }), ...(revision && { revision }) },
    { signal },
  )
  const drifted = view.objects.filter(isDrift)
  if (given.has('json')) {
    const said = (object: ObjectDrift) => ({ ...object, problem: object.problem && translate(locale, object.problem) })
    printJson(terminal, {
      ...view,
      objects: view.objects.map(said),
      notes: view.notes.map(note => translate(locale, note)),
    })
  } else {
    if (view.sandbox) terminal.say({ key: 'drift.sandbox', params: { context } })
    for (const note of view.notes) terminal.say(note)
    for (const object of view.objects) for (const line of describe(object, terminal)) terminal.out(`${line}\n`)
    const params = { context, revision: view.revision.slice(0, 12), count: view.objects.length }
    const { unknown } = view.counts
    if (drifted.length > 0)
      terminal.out(`${translate(locale, { key: 'drift.summary', params: { ...params, drifted: drifted.length } })}\n`)
    else if (unknown === 0) terminal.out(`${translate(locale, { key: 'drift.none', params })}\n`)
    if (unknown > 0) terminal.out(`${translate(locale, { key: 'drift.unknown', params: { count: unknown } })}\n`)
  }
  return given.has('exit-code') && drifted.length > 0 ? exit.no : exit.fine
}

/** An object in one line, a line for each field below it, and what others hold in one more. */
function describe(object: ObjectDrift, { locale }: Terminal): readonly string[] {
  const { state, kind, namespace, name, fields, others, problem } = object
  if (state === 'same') return []
  const place = (at: ObjectDrift | FieldDrift): string => {
    const decision = at.change ? `  ${at.change.decisionId ?? at.change.commit.slice(0, 8)} ${at.change.title}` : ''
    return at.file === undefined ? '' : `  (${at.file}:${at.line ?? 1}${decision})`
  }
  const why = problem ? `  ${translate(locale, problem)}` : ''
  const title = `${translate(locale, { key: stateWords[state] })}  ${kind} ${namespace === '' ? '' : `${namespace}/`}${name}`
  const held = others.map(({ field, holder, by }) => {
    const word = translate(locale, { key: holderWords[holder ?? 'controller'] })
    return `${field} (${holder === 'controller' && by ? by.manager : word})`
  })
  return [
    `${title}${fields.length === 0 ? place(object) : ''}${why}`,
    ...fields.map(field => `  ${field.field}  ${values(field, locale)}${author(field, locale)}${place(field)}`),
    ...(held.length > 0
      ? [`  ${translate(locale, { key: 'drift.others', params: { fields: held.join(', ') } })}`]
      : []),
  ]
}

const values = ({ desired, live, hidden }: FieldDrift, locale: Terminal['locale']): string =>
  hidden ? translate(locale, { key: 'drift.hidden' }) : `${desired ?? '–'} → ${live ?? '–'}`

const author = ({ by }: FieldDrift, locale: Terminal['locale']): string =>
  by ? `  ${translate(locale, { key: 'drift.by', params: { manager: by.manager, since: by.since ?? '–' } })}` : ''
