import { parse as parseTomlText, TomlError } from 'smol-toml'
import { parse as parseYamlText, YAMLParseError } from 'yaml'
import { AppError } from '../errors.ts'

export type DependencyFile = { readonly path: string; readonly text: string }
export type Table = { readonly [key: string]: unknown }

const none: Table = {}

/** The value as a table; an empty one for anything else. */
export const tableOf = (value: unknown): Table =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Table) : none
export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])
/** The text of a string or number; undefined for anything else. */
export const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'bigint' ? String(value) : undefined

/** Strings of a table by key; what is no string is left out. */
export const textsOf = (value: unknown): [key: string, text: string][] =>
  Object.entries(tableOf(value)).flatMap(([key, item]) => {
    const text = textOf(item)
    return text === undefined ? [] : [[key, text] as [string, string]]
  })

/** Rejects a file that cannot be read, with the line that is at fault. */
export function broken({ path }: DependencyFile, line: number, reason: string, cause?: unknown): AppError {
  return new AppError('invalid-input', 'dependency.broken', { file: path, line, reason }, { cause })
}

export function parseJson(file: DependencyFile): unknown {
  try {
    return JSON.parse(file.text.replace(/^\uFEFF/, ''))
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    const [, line] = /line (\d+)/.exec(error.message) ?? []
    const [, position] = /position (\d+)/.exec(error.message) ?? []
    const at =
      line ?? (position ? file.text.slice(0, Number(position)).split('\n').length : file.text.split('\n').length)
    throw broken(file, Number(at), error.message.replace(/ in JSON.*$/s, ''), error)
  }
}

export function parseToml(file: DependencyFile): Table {
  try {
    return parseTomlText(file.text)
  } catch (error) {
    if (!(error instanceof TomlError)) throw error
    throw broken(file, error.line, error.message.split('\n')[0]!, error)
  }
}

export function parseYaml(file: DependencyFile): unknown {
  try {
    return parseYamlText(file.text, { logLevel: 'error' })
  } catch (error) {
    if (!(error instanceof YAMLParseError)) throw error
    throw broken(file, error.linePos?.[0].line ?? 1, error.message.split('\n')[0]!, error)
  }
}
