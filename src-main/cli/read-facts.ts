import { readdir, readFile, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { text as readAll } from 'node:stream/consumers'
import { AppError } from '../../shared/errors.ts'
import { type Locale, type Message, translate } from '../../shared/messages/index.ts'
import type { JsonMap } from '../../shared/rules/cel/value.ts'
import type { FileProblem } from '../../shared/rules/file-problem.ts'
import { readTextFile } from '../../shared/rules/text-file.ts'
import { isYamlMap } from '../../shared/yaml/yaml-value.ts'
import type { Terminal } from './terminal.ts'

/** The text of a file; `-` is the standard input. */
export async function readInput(file: string, terminal: Terminal): Promise<string> {
  if (file === '-') return await readAll(process.stdin)
  try {
    return await readFile(resolve(terminal.directory, file), 'utf8')
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    throw new AppError('invalid-input', 'rule.cannotRead', { file, reason }, { cause: error })
  }
}

/** A file, or the YAML and JSON files directly in a folder, by name. */
export async function filesAt(path: string, terminal: Terminal): Promise<readonly string[]> {
  if (path === '-') return [path]
  const found = await stat(resolve(terminal.directory, path)).catch(() => null)
  if (!found?.isDirectory()) return [path]
  const names = await readdir(resolve(terminal.directory, path))
  return names
    .filter(name => /\.(ya?ml|json)$/.test(name))
    .sort()
    .map(name => join(path, name))
}

/** Facts: one JSON or YAML object. */
export async function readFacts(file: string, terminal: Terminal): Promise<JsonMap> {
  const text = await readInput(file, terminal)
  const value = parseJson(text) ?? parseYamlFacts(file, text, terminal)
  if (isYamlMap(value as never)) return value as JsonMap
  throw new AppError('invalid-input', 'rule.notFacts', { file })
}
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    // Not JSON: it may be YAML, whose reader says where it is wrong.
    return undefined
  }
}
function parseYamlFacts(file: string, text: string, terminal: Terminal): unknown {
  const { documents, problems } = readTextFile(file, text)
  const [problem] = problems
  if (problem) {
    const { key, params } = placed(problem, terminal.locale)
    throw new AppError('invalid-input', key, params)
  }
  return documents[0]?.yaml.value
}

/** Says every problem with its place; true where one of them is an error. */
export function sayProblems(problems: readonly FileProblem[], terminal: Terminal): boolean {
  for (const problem of problems) terminal.say(placed(problem, terminal.locale))
  return problems.some(({ severity }) => severity === 'error')
}
function placed({ file, line, column, message }: FileProblem, locale: Locale): Message {
  return { key: 'rule.at', params: { place: `${file}:${line}:${column}`, message: translate(locale, message) } }
}
