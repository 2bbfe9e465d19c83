import { isObject, type Json, type JsonObject, textAt } from '../../../../shared/manifests/manifest.ts'
import { sameValue } from '../../../../shared/yaml/yaml-value.ts'
import { ApiError } from '../api-error.ts'

const refused = (message: string) =>
  new ApiError(422, `the server rejected our request due to an error in our request: ${message}`)

/** RFC 6902. Throws 422 where an operation does not fit. */
export function jsonPatch(object: JsonObject, operations: readonly Json[]): JsonObject {
  let result: Json = object
  for (const operation of operations) {
    const path = pointer(textAt(operation, 'path') ?? '')
    const value = isObject(operation) ? operation['value'] : undefined
    switch (textAt(operation, 'op')) {
      case 'add':
        result = edit(result, path, value ?? null, 'add')
        break
      case 'replace':
        result = edit(result, path, value ?? null, 'replace')
        break
      case 'remove':
        result = edit(result, path, undefined, 'remove')
        break
      case 'test':
        if (!sameValue(read(result, path), value ?? null))
          throw refused(`testing path ${textAt(operation, 'path')} failed`)
        break
      case 'move':
      case 'copy': {
        const from = pointer(textAt(operation, 'from') ?? '')
        const moved = read(result, from)
        if (moved === undefined) throw refused(`there is nothing at ${textAt(operation, 'from')}`)
        if (textAt(operation, 'op') === 'move') result = edit(result, from, undefined, 'remove')
        result = edit(result, path, moved, 'add')
        break
      }
      default:
        throw refused(`Unexpected kind: ${textAt(operation, 'op') ?? ''}`)
    }
  }
  if (!isObject(result)) throw refused('the result is no object')
  return result
}

const pointer = (text: string): readonly string[] =>
  text
    .split('/')
    .slice(1)
    .map(part => part.replaceAll('~1', '/').replaceAll('~0', '~'))

function read(value: Json | undefined, path: readonly string[]): Json | undefined {
  let at = value
  for (const step of path) {
    if (Array.isArray(at)) at = (at as readonly Json[])[Number(step)]
    else if (isObject(at) && Object.hasOwn(at, step)) at = at[step]
    else return undefined
  }
  return at
}

function edit(value: Json, path: readonly string[], next: Json | undefined, how: 'add' | 'replace' | 'remove'): Json {
  const [step, ...rest] = path
  if (step === undefined) return next ?? null
  const missing = () => refused(`doc is missing path: ${step}: missing value`)
  if (Array.isArray(value)) {
    const items = [...(value as readonly Json[])]
    const index = step === '-' && how === 'add' ? items.length : Number(step)
    const most = how === 'add' && rest.length === 0 ? items.length : items.length - 1
    if (!Number.isInteger(index) || index < 0 || index > most) throw missing()
    if (rest.length > 0) items[index] = edit(items[index]!, rest, next, how)
    else if (how === 'add') items.splice(index, 0, next!)
    else if (how === 'remove') items.splice(index, 1)
    else items[index] = next!
    return items
  }
  if (!isObject(value)) throw missing()
  if (rest.length > 0) {
    if (!Object.hasOwn(value, step)) throw missing()
    return { ...value, [step]: edit(value[step]!, rest, next, how) }
  }
  if (how !== 'add' && !Object.hasOwn(value, step)) throw missing()
  if (how !== 'remove') return { ...value, [step]: next! }
  return Object.fromEntries(Object.entries(value).filter(([key]) => key !== step))
}
