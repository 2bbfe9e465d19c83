import type { Manifest } from '../manifests/manifest.ts'
import {
  isInClusterName,
  isOwnSide,
  type Reference,
  referencesOfCommand,
  referencesOfPair,
  referencesOfText,
} from './find-references.ts'
import type { Variable } from './read-variables.ts'
import { languageOf, roleOf } from './source/classify-path.ts'
import { filled, isPutOut, lastPart, namingPart, setBy } from './source/fill-template.ts'
import { readCode, takesBareHost } from './source/read-code.ts'
import { readConfiguration } from './source/read-configuration.ts'
import type { FileFacts } from './source/source-facts.ts'

/** Longer texts are data, dashboards and certificates. */
const longest = 256 * 1024

/**
 * Every address in a file that a container is given (a key of a ConfigMap): configuration in any format, scripts, and
 * programs (a load test); with variables of the container filled in, as the program that reads it would. `facts` is what
 * {@link factsOfFile} says of it, so that it can be kept.
 */
export function referencesOfFile(
  name: string,
  text: string,
  facts: FileFacts,
  variables: ReadonlyMap<string, Variable>,
): Reference[] {
  if (text.length > longest) return []
  let references: Reference[] = []
  const program = roleOf(name) === 'code'
  for (const fact of facts.addresses) {
    const own = /^\$\{([^}:]+)(?::-[^}]*)?\}$/.exec(fact.template)?.[1]
    if (
      isOwnSide(fact.key) ||
      isPutOut(facts, fact, variables) ||
      (!program && own === undefined && setBy(variables, fact.key))
    )
      continue
    const value = filled(fact.template, variables)
    if (value === null) continue
    for (const reference of referencesOfPair(lastPart(fact.key), value.text))
      if (
        reference.form !== 'named' &&
        (value.text.trim().toLowerCase() !== reference.host ||
          isDotted(reference) ||
          takesBareHost(namingPart(fact.key)))
      )
        references.push({
          ...reference,
          expected: reference.expected && (reference.scheme !== undefined || isInClusterName(reference.host)),
          line: fact.line - 1,
          text: fact.shown,
        })
  }
  if (program && languageOf(name) === 'shell') references = references.concat(referencesOfCommand(['sh', '-c', text]))
  else if (!program) {
    // A line that was read as a pair was judged there; of the others only what is surely an address counts.
    const read = new Set(facts.addresses.map(fact => fact.line))
    const rest = text.split(/\r?\n/).map((line, index) => (line.includes('${') || read.has(index + 1) ? '' : line))
    references = references.concat(referencesOfText(rest.join('\n')))
  }
  const seen = new Set<string>()
  return references
    .sort((a, b) => Number(b.form === 'address') - Number(a.form === 'address'))
    .filter(({ host, port, line }) => {
      const key = `${host}:${port ?? ''}`
      const known = seen.has(key) || (port === undefined && seen.has(`${host}@${line}`))
      seen.add(key).add(`${host}@${line}`)
      return !known
    })
}

const isDotted = ({ host }: Reference): boolean => host.includes('.')

/** What a file given to a container says, before any variable is known. */
export function factsOfFile(name: string, text: string): FileFacts {
  if (text.length > longest) return { addresses: [], switches: [], clients: [], endpoints: [] }
  return roleOf(name) === 'code' ? readCode(name, text) : readConfiguration(name, text)
}

/** The same of a file of a ConfigMap or Secret, read once. */
export function factsOfMap(object: Manifest, key: string, text: string): FileFacts {
  const files = known.get(object) ?? new Map<string, FileFacts>()
  const facts = files.get(key) ?? factsOfFile(key, text)
  known.set(object, files.set(key, facts))
  return facts
}

/** Asked by every workload that mounts it; the object never changes. */
const known = new WeakMap<Manifest, Map<string, FileFacts>>()
