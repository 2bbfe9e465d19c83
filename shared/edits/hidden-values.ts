import { REDACTED, redactArguments, redactValue } from '../topology/redact.ts'
import { CannotEdit } from '../yaml/cannot-edit.ts'
import { isYamlList, isYamlMap, type YamlValue } from '../yaml/yaml-value.ts'
import type { Edit, EditOf } from './edit.ts'
import type { Files } from './edit-outcome.ts'
import { readField } from './read-field.ts'
import { readEnvVar } from './set-env.ts'

/**
 * A page is shown arguments and variables with the credentials left out, and sends them back with what a person changed.
 * This puts back what was left out, as the files hold it now. Throws `CannotEdit` where that is not known, so that the
 * mark itself is never written in a credential's place.
 */
export function withHiddenValues<E extends Edit>(files: Files, edit: E): E {
  if (edit.kind === 'set-arguments' && edit.values?.some(value => value.includes(REDACTED)))
    return { ...edit, values: restoredArguments(files, edit, edit.values) }
  if (edit.kind === 'set-env' && edit.value && 'value' in edit.value && edit.value.value.includes(REDACTED))
    return { ...edit, value: { value: restoredVariable(files, edit, edit.value.value) } }
  return edit
}

function restoredArguments(files: Files, edit: EditOf<'set-arguments'>, values: readonly string[]): string[] {
  const written = textsOf(readField(files, edit)?.value)
  // The value of a flag in `command` may be the first of `args`.
  const before = edit.field === 'args' ? textsOf(readField(files, { ...edit, field: 'command' })?.value) : []
  const shown = redactArguments([...before, ...written]).slice(before.length)
  return values.map((value, index) => {
    if (!value.includes(REDACTED) || written.includes(value)) return value
    if (shown[index] === value) return written[index]!
    const same = new Set(written.filter((_, at) => shown[at] === value))
    if (same.size === 1) return [...same][0]!
    return refuse(value, shown.join() !== written.join())
  })
}

function restoredVariable(files: Files, edit: EditOf<'set-env'>, value: string): string {
  const item = readField(files, edit)?.value
  const variable = isYamlMap(item) ? readEnvVar(item) : undefined
  const written = variable && 'value' in variable ? variable.value : ''
  const shown = redactValue(edit.name, written)
  return shown === value ? written : refuse(value, shown !== written && written !== value)
}

/** Where nothing was left out, the mark is what somebody typed. */
function refuse(value: string, wasHidden: boolean): string {
  if (wasHidden) throw new CannotEdit('edit.hiddenValue', { mark: REDACTED })
  return value
}

const textsOf = (value: YamlValue | undefined): string[] =>
  isYamlList(value) ? value.map(item => (typeof item === 'object' ? '' : String(item))) : []
