import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { text as readStream } from 'node:stream/consumers'
import type { Edit } from '../../shared/edits/edit.ts'
import { AppError } from '../../shared/errors.ts'
import { translate } from '../../shared/messages/index.ts'
import type { WiringChange } from '../../shared/wiring/contract.ts'
import type { WorkspaceId } from '../../shared/workspaces/contract.ts'
import type { Given } from './command.ts'
import type { LocalCore } from './open-core.ts'
import { splitAt } from './split-at.ts'
import type { Terminal } from './terminal.ts'

/** Edits that are made of what is there: `--connect`, `--disconnect`, `--repoint`, `--declare-from`. */
export async function wireEdits(
  core: LocalCore,
  workspace: WorkspaceId,
  environment: string,
  given: Given,
  terminal: Terminal,
): Promise<readonly Edit[]> {
  const edits: Edit[] = []
  for (const change of changesIn(given)) {
    const plan = await core.api.wiring.plan({ workspace, environment, change }, { signal: terminal.signal })
    const taken = plan.offers.filter(offer => offer.chosen)
    for (const note of plan.notes) terminal.say(note)
    for (const { what, file, line } of plan.beyond)
      terminal.say({
        key: 'wiring.at',
        params: {
          place: file === undefined ? '' : `${file}:${line ?? 1}`,
          text: translate(terminal.locale, what),
        },
      })
    for (const note of taken.flatMap(offer => offer.notes)) terminal.say(note)
    edits.push(...taken.flatMap(offer => offer.edits))
  }
  const sketch = given.value('declare-from')
  if (sketch !== undefined) edits.push(...(await declaredIn(core, workspace, environment, sketch, terminal)))
  return edits
}

function changesIn(given: Given): readonly WiringChange[] {
  const wrong = (flag: string, form: string, value: string) =>
    new AppError('invalid-input', 'cli.flagForm', { flag: `--${flag}`, form, value })
  const pairs = (['connect', 'disconnect'] as const).flatMap(kind =>
    given.values(kind).map((value): WiringChange => {
      const [from, to] = splitAt(value, '=')
      if (!from || !to) throw wrong(kind, 'FROM=TO', value)
      return { kind, from, to }
    }),
  )
  const moved = given.values('repoint').map((value): WiringChange => {
    const [from, rest] = splitAt(value, '=')
    const [to, next] = splitAt(rest ?? '', ':')
    if (!from || !to || !next) throw wrong('repoint', 'FROM=TO:NEXT', value)
    return { kind: 'repoint', from, to, next }
  })
  return [...pairs, ...moved]
}

/** Edges of a Mermaid sketch. What cannot be read ends the command; names that are nobody's are told. */
async function declaredIn(
  core: LocalCore,
  workspace: WorkspaceId,
  environment: string,
  source: string,
  terminal: Terminal,
): Promise<readonly Edit[]> {
  let text: string
  try {
    text =
      source === '-' ? await readStream(process.stdin) : await readFile(resolve(terminal.directory, source), 'utf8')
  } catch (cause) {
    throw new AppError('not-found', 'cli.cannotRead', { file: source }, { cause })
  }
  const reading = await core.api.wiring.sketch({ workspace, environment, text }, { signal: terminal.signal })
  const told = reading.problems.map(({ line, message }) => `${source}:${line} ${translate(terminal.locale, message)}`)
  if (told.length > 0) throw new AppError('invalid-input', 'wiring.sketchWrong', { problems: told.join('\n') })
  for (const { name, nearest, line } of reading.unmatched)
    terminal.say({
      key: nearest === undefined ? 'wiring.sketchNobodyAt' : 'wiring.sketchNobodyNearAt',
      params: { file: source, line, name, nearest: nearest ?? '' },
    })
  if (reading.known.length > 0) terminal.say({ key: 'wiring.sketchKnown', params: { count: reading.known.length } })
  return reading.edits
}
