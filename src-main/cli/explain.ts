import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { text as readAll } from 'node:stream/consumers'
import { AppError } from '../../shared/errors.ts'
import { explainObjects, readObjects } from '../../shared/health/explain-objects.ts'
import { translate } from '../../shared/messages/index.ts'
import type { Given } from './command.ts'
import { printJson, printTable } from './print.ts'
import { type ExitCode, exit, type Terminal } from './terminal.ts'

/** `pilothouse explain`: health and reason of objects from files or standard input, offline. */
export async function run(given: Given, terminal: Terminal): Promise<ExitCode> {
  const objects = []
  for (const file of given.positionals) objects.push(...readObjects(file, await read(file, terminal)))
  const explanations = explainObjects(objects, terminal.locale)
  if (given.has('json')) {
    printJson(terminal, explanations)
    return exit.fine
  }
  const say = (key: 'health.step' | 'health.weight', params: Record<string, string | number>) =>
    translate(terminal.locale, { key, params })
  printTable(
    terminal,
    explanations.map(({ kind, namespace, name, health, message, why, rollout }) => [
      `${kind} ${namespace === '' ? '' : `${namespace}/`}${name}`,
      health,
      [
        ...(rollout && rollout.phase !== '' && rollout.phase !== health ? [rollout.phase] : []),
        ...(rollout?.step != null ? [say('health.step', { step: rollout.step, steps: rollout.steps ?? 0 })] : []),
        ...(rollout?.weight != null
          ? [say('health.weight', { weight: rollout.weight, desired: rollout.desiredWeight ?? rollout.weight })]
          : []),
        ...(why === undefined ? [] : [why]),
        // Beside a sentence only a controller's one word adds something: people search for it.
        ...(message === '' ||
        message === rollout?.phase ||
        (why !== undefined && (message.includes(' ') || why.includes(message)))
          ? []
          : [message]),
      ]
        // A row is a line, whatever its controller said.
        .map(text => text.replaceAll(/\s*\n\s*/g, ' ').trim())
        .join(' · '),
    ]),
  )
  return exit.fine
}

async function read(file: string, terminal: Terminal): Promise<string> {
  if (file === '-') return await readAll(process.stdin)
  try {
    return await readFile(resolve(terminal.directory, file), 'utf8')
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    throw new AppError('invalid-input', 'health.cannotRead', { file, reason }, { cause: error })
  }
}
