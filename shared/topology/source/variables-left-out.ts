import type { Manifest } from '../../manifests/manifest.ts'
import type { Workload } from '../index-objects.ts'
import { textsOf } from '../read-variables.ts'
import { relaxed } from './fill-template.ts'
import { seekerOf } from './find-sources.ts'
import { isAddressKey } from './read-code.ts'
import type { WorkloadSources } from './source-calls.ts'

/** True where the code of a workload takes addresses from a map by name, and this variable is not among them. */
export type LeavesOut = (workload: Workload, map: Manifest, variable: string) => boolean

/** What is known by the source of who is given a whole map, and uses a part of it. */
export function variablesLeftOut(sources: WorkloadSources): LeavesOut {
  const known = new Map<string, ReadonlySet<string>>()
  const readIn = (folder: string): ReadonlySet<string> => {
    const before = known.get(folder)
    if (before) return before
    const names = new Set<string>()
    for (const { addresses } of sources.facts(folder).values())
      for (const { template, place, key } of addresses) {
        if (place === 'compose') continue
        // A field may be filled from the variable of its name.
        names.add(relaxed(key))
        for (const match of template.matchAll(/\$\{([^}:]+)/g)) names.add(relaxed(match[1]!))
      }
    known.set(folder, names)
    return names
  }
  return (workload, map, variable) => {
    if (boundByFrameworks.test(variable)) return false
    const seeker = seekerOf(workload.manifest)
    const found = seeker && sources.find(seeker)
    if (!found) return false
    const names = readIn(found.folder)
    // That it asks for a port or a level of logs says nothing of how it comes to addresses.
    const isAsked = ([key, value]: [string, string]): boolean =>
      names.has(relaxed(key)) && (isAddressKey(key) || /:\/\/|:\d{2,5}\b/.test(value))
    return !names.has(relaxed(variable)) && Object.entries(textsOf(map)).some(isAsked)
  }
}

/** Variables that no code names: the framework looks for them by what it configures. */
const boundByFrameworks = /^(spring|quarkus|micronaut|management|eureka|helidon|mp|kafka|otel|dotnet|aspnetcore)_|__/i
