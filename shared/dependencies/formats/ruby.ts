import { type PackageSet, PackageSetBuilder, requireByName } from '../package-set.ts'
import type { DependencyFile } from '../read-data.ts'

/** A gem built for one platform is the same version of the same gem. */
const withoutPlatform = (version: string): string =>
  version.replace(/-(x86|x64|arm|aarch64|java|jruby|universal|mingw|mswin|darwin|linux).*$/, '')

/** Reads Gemfile.lock: sections, the gems of each source at four spaces, what they need at six. */
export function readGemfileLock(file: DependencyFile, manifests: readonly DependencyFile[] = []): PackageSet {
  const builder = new PackageSetBuilder('gem', file.path)
  builder.files.push(...manifests.map(({ path }) => path))
  const needs: [from: string, to: string][] = []
  const chosen = new Map<string, string>()
  let [section, remote, revision, current] = ['', '', '', '']
  for (const line of file.text.split(/\r?\n/)) {
    if (/^[A-Z]/.test(line)) {
      section = line.trim()
      remote = ''
      revision = ''
    }
    const [, field, value] = /^ {2}(remote|revision): (.*)$/.exec(line) ?? []
    if (field === 'remote') remote = value!
    if (field === 'revision') revision = value!
    const [, name, version] = /^ {4}(\S+) \(([^)]+)\)$/.exec(line) ?? []
    if (name !== undefined) {
      const source = section === 'GEM' ? {} : { source: [remote, revision].filter(Boolean).join('#') }
      current = builder.add(name, withoutPlatform(version!), source)
      chosen.set(name, current)
      if (section === 'PATH') builder.roots.add(name)
    }
    const need = /^ {6}(\S+)/.exec(line)?.[1]
    if (need !== undefined) needs.push([current, need])
    const wanted = section === 'DEPENDENCIES' ? /^ {2}(\S+?)!?(?: \((.*)\))?$/.exec(line) : null
    if (wanted) {
      builder.direct.push({ name: wanted[1]!, id: null, range: wanted[2] ?? '', scope: 'runtime' })
    }
  }
  for (const [from, need] of needs) {
    const to = chosen.get(need)
    if (to !== undefined) builder.edge(from, to)
  }
  for (const [index, each] of builder.direct.entries())
    builder.direct[index] = { ...each, id: chosen.get(each.name) ?? null }
  return builder.build()
}

export function readGemfiles(files: readonly DependencyFile[]): PackageSet {
  const builder = new PackageSetBuilder('gem', files[0]!.path)
  builder.locked = false
  const asked = files.flatMap(({ text }) =>
    [...text.matchAll(/^\s*gem\s*\(?\s*["']([^"']+)["'](?:\s*,\s*["']([^"']+)["'])?/gm)].map(
      ([, name, range = '']) => ({
        name: name!,
        range,
        scope: 'runtime' as const,
      }),
    ),
  )
  for (const { name, range } of asked) builder.add(name, range)
  requireByName(builder, asked)
  return builder.build()
}
