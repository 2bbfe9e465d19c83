import { AppError } from '../../shared/errors.ts'
import type { Given } from './command.ts'

/** A whole number given with a flag; undefined when the flag is not there. */
export function readNumber(given: Given, flag: string, least: number, most: number): number | undefined {
  const text = given.value(flag)
  if (text === undefined) return undefined
  const number = Number(text)
  if (!/^\d+$/.test(text) || number < least || number > most)
    throw new AppError('invalid-input', 'cli.notANumber', { flag: `--${flag}`, value: text, least, most })
  return number
}
