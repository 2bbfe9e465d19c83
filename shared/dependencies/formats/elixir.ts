import { type PackageId, type PackageSet, PackageSetBuilder, requireByName } from '../package-set.ts'
import type { DependencyFile } from '../read-data.ts'

/** Reads mix.lock (a map of Elixir terms, one package a line); what is direct stands in mix.exs. */
export function readMix(lock: DependencyFile | undefined, manifest: DependencyFile | undefined): PackageSet | null {
  const first = lock ?? manifest
  if (!first) return null
  const builder = new PackageSetBuilder('hex', first.path)
  const asked = manifest ? mixRequirements(manifest) : []
  if (lock) {
    const needs: [PackageId, string][] = []
    const chosen = new Map<string, PackageId>()
    for (const line of lock.text.split(/\r?\n/)) {
      const [, name, kind, rest = ''] = /^\s*"([^"]+)":\s*\{:(hex|git|path),\s*(.*)$/.exec(line) ?? []
      if (name === undefined) continue
      const [, first = '', second = ''] =
        (kind === 'hex' ? /^:("?[\w.]+"?),\s*"([^"]+)"/ : /^"([^"]+)"(?:,\s*"([^"]+)")?/).exec(rest) ?? []
      const realName = kind === 'hex' ? { realName: first.replaceAll('"', '') } : { source: `${kind} ${first}` }
      const id = builder.add(name, second, realName)
      chosen.set(name, id)
      for (const [, need] of rest.matchAll(/\{:(\w+),\s*"/g)) needs.push([id, need!])
    }
    for (const [from, need] of needs) {
      const to = chosen.get(need)
      if (to !== undefined) builder.edge(from, to)
    }
  } else {
    builder.locked = false
    for (const { name, range } of asked) builder.add(name, range)
  }
  requireByName(builder, asked)
  return builder.build()
}

function mixRequirements({ text }: DependencyFile) {
  const deps = /defp?\s+deps\b[\s\S]*?\n\s{2}end/.exec(text)?.[0] ?? text
  return [...deps.replace(/#.*$/gm, '').matchAll(/\{:(\w+),\s*(?:"([^"]*)")?([^}]*)\}/g)].map(
    ([, name, range = '', more = '']) => ({
      name: name!,
      range,
      scope: /only:\s*(\[[^\]]*:(dev|test)|:(dev|test))/.test(more) ? ('dev' as const) : ('runtime' as const),
    }),
  )
}
