import type { Api } from '../../shared/contract/index.ts'
import { assignServices, type OwnedSet } from '../../shared/dependencies/assign-services.ts'
import { comparePair, pairSets } from '../../shared/dependencies/compare-sets.ts'
import { shortestPaths } from '../../shared/dependencies/explain-diff.ts'
import { librariesOf, summarizeServices } from '../../shared/dependencies/overview.ts'
import { hasGraph } from '../../shared/dependencies/package-set.ts'
import { libraryOf } from '../../shared/dependencies/purl.ts'
import { readPackageSets } from '../../shared/dependencies/read-package-sets.ts'
import { updateCommand } from '../../shared/dependencies/update-command.ts'

const goMod = (grpc: string, net: string): string => `module example.com/shop
go 1.24
require (
	google.golang.org/grpc ${grpc}
	github.com/redis/go-redis/v9 v9.7.0
)
require golang.org/x/net ${net} // indirect
`
const graph = (grpc: string, net: string): string => `example.com/shop google.golang.org/grpc@${grpc}
example.com/shop github.com/redis/go-redis/v9@v9.7.0
google.golang.org/grpc@${grpc} golang.org/x/net@${net}
`
const lock = (web: string, parser: string): string =>
  JSON.stringify({
    name: 'web',
    lockfileVersion: 3,
    packages: {
      '': { name: 'web', dependencies: { express: `^${web}`, undici: '^7.0.0' } },
      'node_modules/express': { version: web, dependencies: { 'body-parser': '*' } },
      'node_modules/body-parser': { version: parser, dependencies: { 'raw-body': '*' } },
      'node_modules/raw-body': { version: parser },
      'node_modules/undici': { version: '7.2.0' },
    },
  })

function setsOf(isNew: boolean): OwnedSet[] {
  const files = Object.entries({
    'src/checkout/go.mod': isNew ? goMod('v1.70.0', 'v0.35.0') : goMod('v1.69.2', 'v0.33.0'),
    'src/checkout/go.graph': isNew ? graph('v1.70.0', 'v0.35.0') : graph('v1.69.2', 'v0.33.0'),
    'src/payments/go.mod': goMod('v1.64.0', 'v0.26.0'),
    'src/payments/go.graph': graph('v1.64.0', 'v0.26.0'),
    'src/web/package-lock.json': isNew ? lock('5.1.0', '2.2.0') : lock('4.21.2', '1.20.3'),
  }).map(([path, text]) => ({ path, text }))
  return assignServices(readPackageSets(files), services)
}
const services = ['checkout', 'payments', 'web'].map(service => ({ service, folder: `src/${service}` }))

/** Dependencies of a made-up workspace, read and compared as real ones are. */
export function fakeDependencies(
  answered: <T>(value: T, signal?: AbortSignal) => Promise<T>,
  isEmpty: boolean,
): Api['dependencies'] {
  const [before, after] = isEmpty ? [[], []] : [setsOf(false), setsOf(true)]
  const libraries = librariesOf(after)
  return {
    overview: (_, call) =>
      answered(
        {
          revision: 'f'.repeat(40),
          libraries,
          services: isEmpty
            ? []
            : summarizeServices(after, new Map(services.map(each => [each.service, each.folder])), libraries),
          problems: [],
        },
        call?.signal,
      ),
    diff: ({ from, to }, call) =>
      answered(
        {
          from,
          to,
          problems: [],
          sets: pairSets(before, after).flatMap(([old, now]) => {
            const compared = comparePair(old, now)
            const { added, removed } = compared.diff.edges
            if (added.length === 0) return []
            const set = (now ?? old)!
            const edgeCounts = { added: added.length, removed: removed.length }
            return [{ ...compared, services: set.services, edgeCounts, hasGraph: hasGraph(set.set) }]
          }),
        },
        call?.signal,
      ),
    why: ({ library }, call) =>
      answered(
        after.flatMap(({ set, services: own, folder }) =>
          [...set.packages].flatMap(([id, one]) =>
            libraryOf(set.ecosystem, one) === library
              ? [{ services: own, folder, path: shortestPaths(set, new Set())(id) }]
              : [],
          ),
        ),
        call?.signal,
      ),
    standings: ({ library }, call) =>
      answered(
        (libraries.find(each => each.library === library)?.versions ?? []).flatMap(({ version, uses }) =>
          uses.map(({ service, folder }) => ({
            service,
            folder,
            version,
            since: {
              commit: 'a'.repeat(40),
              time: Date.UTC(2026, 8, 3) / 1000,
              author: 'Ada Lovelace',
              title: 'Update',
            },
          })),
        ),
        call?.signal,
      ),
    align: ({ library, version }, call) => {
      const found = libraries.find(each => each.library === library)
      const uses = (found?.versions ?? [])
        .filter(each => each.version !== version)
        .flatMap(each => each.uses.map(use => ({ ...use, old: each.version })))
      const commands = uses.flatMap(({ service, folder, direct, old }) => {
        const files = after.find(each => each.folder === folder)?.set.files ?? []
        const command = found ? updateCommand(found.ecosystem, files, { name: found.name, old, version, direct }) : null
        return command === null ? [] : [{ folder, services: service === null ? [] : [service], command }]
      })
      return answered({ version, edits: [], commands }, call?.signal)
    },
  }
}
