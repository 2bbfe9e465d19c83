import { isObject, type Json, type JsonObject, listAt, objectAt, textAt } from '../../../shared/manifests/manifest.ts'
import { sameValue } from '../../../shared/yaml/yaml-value.ts'

/** A path of an `ignoreDifferences` entry: names, and `[]` for every item of a list. */
type Step = string | typeof each
const each = Symbol('each')

/** Reads `.spec.rules[].backendRefs[].weight` (jq) and `/spec/replicas` (a JSON pointer). */
function readIgnored(text: string): readonly Step[] {
  if (text.startsWith('/')) return text.split('/').slice(1)
  return [...text.matchAll(/\.([\w-]+)|\[\]/g)].map(match => match[1] ?? each)
}

/** The object with the value of the live one wherever a path leads: what Argo CD leaves to others. */
function keepLive(object: Json, live: Json | undefined, path: readonly Step[]): Json {
  const [step, ...rest] = path
  if (step === undefined) return live ?? object
  if (step === each) {
    if (!Array.isArray(object) || !Array.isArray(live)) return object
    return (object as readonly Json[]).map((item, index) => keepLive(item, (live as readonly Json[])[index], rest))
  }
  if (!isObject(object) || !isObject(live)) return object
  const own = live[step]
  if (rest.length > 0)
    return Object.hasOwn(object, step) ? { ...object, [step]: keepLive(object[step]!, own, rest) } : object
  if (own !== undefined) return { ...object, [step]: own }
  return Object.fromEntries(Object.entries(object).filter(([key]) => key !== step))
}

/** A manifest as it is to be applied: without what the Application says is others'. */
export function respectIgnored(
  application: JsonObject,
  manifest: JsonObject,
  live: JsonObject | undefined,
): JsonObject {
  if (!live) return manifest
  const group = /^([^/]+)\//.exec(textAt(manifest, 'apiVersion') ?? '')?.[1] ?? ''
  let result: Json = manifest
  for (const rule of listAt(application, 'spec', 'ignoreDifferences')) {
    const named = textAt(rule, 'name')
    if ((textAt(rule, 'group') ?? '') !== group || textAt(rule, 'kind') !== textAt(manifest, 'kind')) continue
    if (named !== undefined && named !== textAt(manifest, 'metadata', 'name')) continue
    for (const path of [...listAt(rule, 'jqPathExpressions'), ...listAt(rule, 'jsonPointers')])
      if (typeof path === 'string') result = keepLive(result, live, readIgnored(path))
  }
  return isObject(result) ? result : manifest
}

/** Whether applying would change anything but the server's own notes. */
export function differs(live: JsonObject | undefined, applied: JsonObject): boolean {
  if (!live) return true
  const plain = (object: JsonObject) => {
    const { managedFields: _, resourceVersion: __, generation: ___, ...metadata } = objectAt(object, 'metadata')
    const { status: ____, ...rest } = object
    return { ...rest, metadata }
  }
  return !sameValue(plain(live), plain(applied))
}
