import { type PackageSet, PackageSetBuilder, requireByName, type Scope } from '../package-set.ts'
import { type DependencyFile, parseToml, tableOf, textOf } from '../read-data.ts'

export type GradleRequirement = { readonly name: string; readonly range: string; readonly scope: Scope }

const scopeOf = (configuration: string): Scope =>
  /^test|^androidTest/.test(configuration)
    ? 'test'
    : /^(compileOnly|annotationProcessor|kapt|ksp|classpath|developmentOnly)/.test(configuration)
      ? 'build'
      : 'runtime'

/** The libraries of a version catalog by accessor (`libs.spring.core` for `spring-core`). */
export function readCatalog(file: DependencyFile): ReadonlyMap<string, GradleRequirement> {
  const { versions, libraries } = parseToml(file)
  const rich = (value: unknown): string => {
    const { strictly, require, prefer, ref } = tableOf(value)
    const named = textOf(ref)
    return (
      textOf(value) ??
      (named === undefined ? undefined : rich(tableOf(versions)[named])) ??
      textOf(strictly) ??
      textOf(require) ??
      textOf(prefer) ??
      ''
    )
  }
  const found = new Map<string, GradleRequirement>()
  for (const [alias, value] of Object.entries(tableOf(libraries))) {
    const entry = tableOf(value)
    const [group, artifact, version] = (
      textOf(value) ??
      textOf(entry.module) ??
      `${textOf(entry.group)}:${textOf(entry.name)}`
    ).split(':')
    const range = version ?? rich(entry.version)
    found.set(alias.replace(/[-_]/g, '.'), { name: `${group}:${artifact}`, range, scope: 'runtime' })
  }
  return found
}

/** What a build file asks for: coordinates in quotes, as named arguments, and entries of the catalog. */
export function gradleRequirements(
  file: DependencyFile,
  catalog: ReadonlyMap<string, GradleRequirement>,
): GradleRequirement[] {
  const code = file.text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|[^:])\/\/.*$/gm, '$1')
  const found: GradleRequirement[] = []
  const call =
    /\b([A-Za-z]*(?:[iI]mplementation|[aA]pi|Only|classpath|annotationProcessor|kapt|ksp|compile|runtime))\b[\s(]*(?:(?:enforcedPlatform|platform|testFixtures)\s*\(\s*)?/g
  for (const match of code.matchAll(call)) {
    const scope = scopeOf(match[1]!)
    const rest = code.slice(match.index + match[0].length, match.index + match[0].length + 400)
    const coordinates = /^["']([\w.-]+):([\w.-]+)(?::([^"':@]*))?[^"']*["']/.exec(rest)
    const named =
      /^group\s*[:=]\s*["']([^"']+)["']\s*,\s*name\s*[:=]\s*["']([^"']+)["'](?:\s*,\s*version\s*[:=]\s*["']([^"']+)["'])?/.exec(
        rest,
      )
    const [, group, artifact, version = ''] = coordinates ?? named ?? []
    const accessor = /^libs\.([\w.]+)/.exec(rest)?.[1]?.replace(/\.get$/, '')
    const entry = accessor === undefined ? undefined : catalog.get(accessor)
    if (group !== undefined) found.push({ name: `${group}:${artifact}`, range: version, scope })
    else if (entry) found.push({ ...entry, scope })
  }
  return found
}

export function readGradle(files: {
  readonly locks: readonly DependencyFile[]
  readonly builds: readonly DependencyFile[]
  readonly catalogs: readonly DependencyFile[]
}): PackageSet | null {
  const { locks, builds, catalogs } = files
  const first = locks[0] ?? builds[0] ?? catalogs[0]
  if (!first) return null
  const builder = new PackageSetBuilder('maven', first.path)
  const catalog = new Map(catalogs.flatMap(file => [...readCatalog(file)]))
  const asked = builds.flatMap(file => gradleRequirements(file, catalog))
  for (const { text } of locks)
    for (const line of text.split(/\r?\n/)) {
      const [, name, version] = /^([\w.-]+:[\w.-]+):([^=]+)=/.exec(line) ?? []
      if (name !== undefined) builder.add(name, version!)
    }
  if (locks.length === 0) {
    builder.locked = false
    for (const { name, range } of builds.length > 0 ? asked : catalog.values()) builder.add(name, range)
  }
  requireByName(builder, builds.length > 0 || locks.length > 0 ? asked : catalog.values())
  return builder.build()
}
