import { stringify } from 'yaml'
import { conditionsOf, type LiveObject } from '../health/health.ts'
import { isObject, type Json, listAt, numberAt, objectAt, textAt } from '../manifests/manifest.ts'
import { isSecretName, REDACTED, redact, redactValue } from '../topology/redact.ts'
import type { ObjectDescription } from './contract.ts'

/** Annotations that hold the whole object once more, values of a Secret and all. */
const copies = /^(kubectl\.kubernetes\.io\/last-applied-configuration|objectset\.rio\.cattle\.io\/applied)$/

/**
 * The object as YAML for a person: without managed fields, without the values of a Secret, and without credentials in
 * variables and arguments.
 */
export function readableYaml(object: LiveObject): string {
  const { metadata, ...rest } = object
  const isSecret = object['kind'] === 'Secret'
  const { managedFields: _managed, annotations, ...kept } = isObject(metadata) ? metadata : {}
  const notes = isObject(annotations ?? null)
    ? Object.fromEntries(
        Object.entries(annotations as { readonly [name: string]: Json }).map(([name, value]) =>
          copies.test(name) ? [name, isSecret ? REDACTED : cleaned(value)] : [name, cleanPair(name, value)],
        ),
      )
    : undefined
  const body = isSecret
    ? { ...rest, ...hidden(rest, 'data'), ...hidden(rest, 'stringData') }
    : (cleaned(rest) as { readonly [key: string]: Json })
  const { apiVersion, kind, ...others } = body as { readonly [key: string]: Json }
  const shown = { apiVersion, kind, metadata: { ...kept, ...(notes && { annotations: notes }) }, ...others }
  return stringify(shown, { lineWidth: 0 })
}

const hidden = (object: { readonly [key: string]: Json }, field: string) =>
  isObject(object[field])
    ? { [field]: Object.fromEntries(Object.keys(object[field]).map(name => [name, REDACTED])) }
    : {}

const cleanPair = (name: string, value: Json): Json =>
  typeof value === 'string' ? (isSecretName(name) ? redactValue(name, value) : redact(value)) : cleaned(value)

/** Credentials in what a workload or a ConfigMap says; a `name` and `value` pair is a variable. */
function cleaned(value: Json): Json {
  if (typeof value === 'string') return redact(value)
  if (Array.isArray(value)) return (value as readonly Json[]).map(cleaned)
  if (!isObject(value)) return value
  const { name, value: given } = value
  if (typeof name === 'string' && typeof given === 'string') return { ...value, value: redactValue(name, given) }
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, typeof item === 'string' ? redactKey(key, item) : cleaned(item)]),
  )
}
/** Most keys that speak of secrets name one (`secretName`), which is what a person needs to read. */
const redactKey = (key: string, item: string): string =>
  /^(secretName|secret|serviceAccountName|tokenPath|key|name)$/.test(key) ? redact(item) : redactValue(key, item)

export const conditionsFor = (object: LiveObject): ObjectDescription['conditions'] => {
  const times = listAt(object, 'status', 'conditions').map(item => textAt(item, 'lastTransitionTime') ?? '')
  return conditionsOf(object).map((condition, index) => ({
    ...condition,
    message: redact(condition.message),
    since: times[index] ?? '',
  }))
}

/** Containers of a Pod or of the Pods that a workload makes, the main one first. */
export function containersOf(object: LiveObject): ObjectDescription['containers'] {
  const template = objectAt(object, 'spec', 'jobTemplate', 'spec', 'template', 'spec')
  const made = objectAt(object, 'spec', 'template', 'spec')
  const spec =
    Object.keys(template).length > 0 ? template : Object.keys(made).length > 0 ? made : objectAt(object, 'spec')
  const read = (field: string, init: boolean) =>
    listAt(spec, field).map(item => ({
      name: textAt(item, 'name') ?? '',
      init,
      ports: listAt(item, 'ports').flatMap(port => numberAt(port, 'containerPort') ?? []),
    }))
  return [...read('containers', false), ...read('initContainers', true)]
}
