import {
  fileAt,
  type Json,
  listAt,
  type Manifest,
  objectAt,
  type Path,
  textAt,
  textsAt,
} from '../manifests/manifest.ts'
import { decodeBase64 } from './decode-base64.ts'
import type { Place } from './find-fix.ts'
import { dataObject, type Objects, sameNamespace, type Workload } from './index-objects.ts'
import { redactValue } from './redact.ts'
import type { Evidence } from './topology.ts'

/** How a variable came to its value. */
export type VariableSource = 'literal' | 'key' | 'whole'

/** An environment variable as the container sees it. */
export type Variable = {
  readonly name: string
  /** With `$(VAR)` expanded; undefined when manifests do not hold it. */
  readonly value?: string
  readonly source: VariableSource
  /** The ConfigMap or Secret it comes from. */
  readonly from?: Manifest
  /** Where it is said, the value itself first. */
  readonly evidence: readonly Evidence[]
  /** The text itself, then those of the variables it names; nothing that a Secret holds. */
  readonly places: readonly Place[]
  /** True where another value of this container names it in `$(…)`. */
  used: boolean
}

/**
 * Variables of one container in the order the kubelet makes them: `envFrom` first, then `env`, a later one over an
 * earlier one; `$(VAR)` takes what was defined before, `$$(VAR)` stands for itself, and what is unknown stays.
 */
export function readVariables(objects: Objects, workload: Workload, path: Path): ReadonlyMap<string, Variable> {
  const variables = new Map<string, Variable>()
  const { manifest, namespace } = workload
  for (const [index, source] of listAt(manifest.value, ...path, 'envFrom').entries()) {
    const prefix = textAt(source, 'prefix') ?? ''
    const kind = textAt(source, 'configMapRef', 'name') === undefined ? 'Secret' : 'ConfigMap'
    const ref = kind === 'ConfigMap' ? 'configMapRef' : 'secretRef'
    const name = textAt(source, ref, 'name')
    const object = name === undefined ? undefined : dataObject(objects, kind, namespace, name)
    if (!object) continue
    const via: Evidence = {
      kind: 'env',
      file: fileAt(manifest, [...path, 'envFrom', index, ref, 'name']),
      line: manifest.lineOf([...path, 'envFrom', index, ref, 'name']),
      detail: `envFrom ${kind} ${name}`,
    }
    for (const [key, value] of Object.entries(textsOf(object)))
      variables.set(`${prefix}${key}`, {
        name: `${prefix}${key}`,
        value,
        source: 'whole',
        from: object,
        evidence: [evidenceOf(object, key, value), via],
        places: kind === 'ConfigMap' ? [{ object, at: ['data', key] }] : [],
        used: false,
      })
  }
  for (const [index, item] of listAt(manifest.value, ...path, 'env').entries()) {
    const name = textAt(item, 'name')
    if (name !== undefined)
      variables.set(name, readVariable(objects, workload, [...path, 'env', index], name, item, variables))
  }
  return variables
}

function readVariable(
  objects: Objects,
  workload: Workload,
  at: Path,
  name: string,
  item: Json,
  known: ReadonlyMap<string, Variable>,
): Variable {
  const { manifest, namespace } = workload
  const literal = textAt(item, 'value')
  if (literal !== undefined)
    return {
      name,
      value: expand(objects, workload, literal, known),
      source: 'literal',
      evidence: [
        {
          kind: 'env',
          file: fileAt(manifest, [...at, 'value']),
          line: manifest.lineOf([...at, 'value']),
          detail: `${name}=${redactValue(name, literal)}`,
        },
      ],
      places: [{ object: manifest, at: [...at, 'value'] }, ...placesIn(literal, known)],
      used: false,
    }
  for (const [field, kind] of [
    ['configMapKeyRef', 'ConfigMap'],
    ['secretKeyRef', 'Secret'],
  ] as const) {
    const object = textAt(item, 'valueFrom', field, 'name')
    const key = textAt(item, 'valueFrom', field, 'key')
    if (object === undefined || key === undefined) continue
    const via: Evidence = {
      kind: 'env',
      file: fileAt(manifest, [...at, 'valueFrom', field, 'key']),
      line: manifest.lineOf([...at, 'valueFrom', field, 'key']),
      detail: `${name} from ${kind} ${object} ${key}`,
    }
    const found = dataObject(objects, kind, namespace, object)
    const value = found && textsOf(found)[key]
    if (!found || value === undefined) return { name, source: 'key', evidence: [via], places: [], used: false }
    return {
      name,
      value,
      source: 'key',
      from: found,
      evidence: [evidenceOf(found, key, value), via],
      places: kind === 'ConfigMap' ? [{ object: found, at: ['data', key] }] : [],
      used: false,
    }
  }
  return { name, source: 'literal', evidence: [], places: [], used: false }
}

/** Where the variables stand that a text names in `$(…)`. */
export const placesIn = (text: string, variables: ReadonlyMap<string, Variable>): readonly Place[] =>
  [...text.matchAll(/\$[({]?([A-Za-z_][\w.-]*)/g)].flatMap(match => variables.get(match[1]!)?.places ?? [])

/** Data of a ConfigMap, or of a Secret decoded. The latter is only ever looked through for hosts. */
export function textsOf(object: Manifest): { readonly [key: string]: string } {
  if (object.kind === 'ConfigMap') return textsAt(object.value, 'data')
  const texts: Record<string, string> = {}
  for (const [key, value] of Object.entries(textsAt(object.value, 'data'))) {
    const text = decodeBase64(value)
    if (text !== null) texts[key] = text
  }
  return { ...texts, ...textsAt(object.value, 'stringData') }
}

/** Where a key of a ConfigMap or Secret stands. A Secret's value is never told. */
export function evidenceOf(object: Manifest, key: string, value: string): Evidence {
  const field =
    object.kind === 'Secret' && Object.hasOwn(objectAt(object.value, 'stringData'), key) ? 'stringData' : 'data'
  const line = object.lineOf([field, key])
  const detail =
    object.kind === 'Secret' ? `${key} of Secret ${object.name}` : `${key}=${redactValue(key, firstLine(value))}`
  return { kind: 'config', file: fileAt(object, [field, key]), line, detail }
}

const firstLine = (text: string): string => {
  const end = text.indexOf('\n')
  return end < 0 || end === text.length - 1 ? text.trimEnd() : `${text.slice(0, end)} …`
}

/** `$(NAME)` as the kubelet expands it in `env`, `command` and `args`. */
export function expand(
  objects: Objects,
  workload: Workload,
  text: string,
  variables: ReadonlyMap<string, Variable>,
): string {
  if (!text.includes('$')) return text
  return text.replace(/\$\$|\$\(([A-Za-z_.-][\w.-]*)\)/g, (whole, name: string | undefined) =>
    name === undefined ? '$' : (valueOfVariable(objects, workload, name, variables) ?? whole),
  )
}

/** The same, and `$NAME`, `${NAME}` and `${NAME:-default}`, as a shell would go on. */
export function expandInShell(
  objects: Objects,
  workload: Workload,
  text: string,
  variables: ReadonlyMap<string, Variable>,
): string {
  return expand(objects, workload, text, variables).replace(
    /\$([A-Za-z_]\w*)|\$\{([A-Za-z_]\w*)(?::?[-=]([^}]*))?\}/g,
    (whole, plain: string | undefined, braced: string | undefined, otherwise: string | undefined) =>
      valueOfVariable(objects, workload, plain ?? braced ?? '', variables) ?? otherwise ?? whole,
  )
}

function valueOfVariable(
  objects: Objects,
  workload: Workload,
  name: string,
  variables: ReadonlyMap<string, Variable>,
): string | undefined {
  const variable = variables.get(name)
  if (variable) {
    variable.used = true
    return variable.value
  }
  return valueOfLink(objects, workload, name)
}

/** The kubelet adds `{NAME}_SERVICE_HOST` and `_PORT` for each Service of the namespace. */
export function valueOfLink(objects: Objects, workload: Workload, name: string): string | undefined {
  const link = /^([A-Z][A-Z0-9_]*)_SERVICE_(HOST|PORT)$/.exec(name)
  if (!link) return undefined
  const service = objects.servicesByVariable
    .get(link[1]!)
    ?.find(candidate => sameNamespace(candidate.namespace, workload.namespace))
  if (!service) return undefined
  return link[2] === 'HOST' ? service.name : service.ports[0] && String(service.ports[0].port)
}
