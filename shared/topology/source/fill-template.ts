import type { Objects, Workload } from '../index-objects.ts'
import { containerPaths } from '../read-containers.ts'
import { readVariables, type Variable } from '../read-variables.ts'
import type { AddressFact, FileFacts } from './source-facts.ts'

/** Variables of all containers that run, by name in capitals without separators, as frameworks compare them too. */
export function variablesOf(objects: Objects, workload: Workload): ReadonlyMap<string, Variable> {
  const variables = new Map<string, Variable>()
  for (const { path, init } of containerPaths(workload)) {
    if (init) continue
    for (const variable of readVariables(objects, workload, path).values())
      if (!variables.has(relaxed(variable.name))) variables.set(relaxed(variable.name), variable)
  }
  return variables
}

export const lastPart = (key: string): string =>
  key
    .split('.')
    .filter(part => !/^\d+$/.test(part))
    .pop() ?? key

/** The same; of an `address` with what it is in: `socket_address.address`. */
export const namingPart = (key: string): string =>
  /(^|\.)address$/.test(key)
    ? key
        .split('.')
        .filter(part => !/^\d+$/.test(part))
        .slice(-2)
        .join('.')
    : lastPart(key)

export const relaxed = (name: string): string => name.toUpperCase().replace(/[^A-Z0-9]/g, '')
export const setBy = (variables: ReadonlyMap<string, Variable>, key: string): boolean => variables.has(relaxed(key))

/** A template with the variables the manifest sets, then with what stands there for the rest; null where neither is known. */
export function filled(
  template: string,
  variables: ReadonlyMap<string, Variable>,
): { readonly text: string; readonly variable?: Variable } | null {
  let unknown = false
  let used: Variable | undefined
  const text = template.replace(/\$\{([^}:]+)(?::-([^}]*))?\}/g, (_, name: string, otherwise: string | undefined) => {
    const variable = variables.get(relaxed(name))
    const value = variable ? variable.value : otherwise
    if (value === undefined) unknown = true
    if (variable && value !== undefined) used = variable
    return value ?? ''
  })
  return unknown ? null : { text, ...(used && { variable: used }) }
}

/** `spring.zipkin.enabled=false` beside `spring.zipkin.baseUrl`. */
export function isPutOut(facts: FileFacts, fact: AddressFact, variables: ReadonlyMap<string, Variable>): boolean {
  return facts.switches.some(
    ({ prefix, template }) =>
      prefix !== '' &&
      fact.key.startsWith(`${prefix}.`) &&
      /^(false|no|off|0)$/i.test(
        (variables.get(relaxed(`${prefix}.enabled`))?.value ?? filled(template, variables)?.text ?? '').trim(),
      ),
  )
}
