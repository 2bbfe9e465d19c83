import type { Scope } from '../package-set.ts'
import { type DependencyFile, listOf, parseToml, tableOf, textOf } from '../read-data.ts'

export type PythonRequirement = { readonly name: string; readonly range: string; readonly scope: Scope }

/** Name and specifier of a requirement as PEP 508 writes it: extras, markers and spaces left out; null for anything else. */
export function readRequirement(text: string): { readonly name: string; readonly range: string } | null {
  const match = /^([A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?)\s*(?:\[[^\]]*\])?\s*(@\s*[^\s;]+|[^;#]*)/.exec(text.trim())
  if (!match) return null
  const range = match[2]!.startsWith('@') ? match[2]!.slice(1).trim() : match[2]!.replace(/[()\s]/g, '')
  if (range !== '' && !/^([<>=!~]|[a-z+]+:)/.test(range)) return null
  return { name: match[1]!, range }
}

/** What pyproject.toml asks for: PEP 621, PEP 735 groups, and the tables of Poetry, uv and PDM. */
export function pyprojectRequirements(file: DependencyFile): {
  readonly name: string
  readonly asked: PythonRequirement[]
} {
  const { project, tool, 'dependency-groups': groups } = parseToml(file)
  const asked: PythonRequirement[] = []
  const strings = (value: unknown, scope: Scope): void => {
    for (const item of listOf(value)) {
      const requirement = readRequirement(textOf(item) ?? '')
      if (requirement) asked.push({ ...requirement, scope })
    }
  }
  const poetryTable = (value: unknown, scope: Scope): void => {
    for (const [name, spec] of Object.entries(tableOf(value))) {
      if (name.toLowerCase() === 'python') continue
      const first = listOf(spec)[0] ?? spec
      const isOptional = tableOf(first).optional === true
      const range = textOf(first) ?? textOf(tableOf(first).version) ?? ''
      asked.push({ name, range, scope: isOptional ? 'optional' : scope })
    }
  }
  const { poetry, uv, pdm } = tableOf(tool)
  strings(tableOf(project).dependencies, 'runtime')
  for (const list of Object.values(tableOf(tableOf(project)['optional-dependencies']))) strings(list, 'optional')
  for (const list of Object.values(tableOf(groups))) strings(list, 'dev')
  poetryTable(tableOf(poetry).dependencies, 'runtime')
  poetryTable(tableOf(poetry)['dev-dependencies'], 'dev')
  for (const group of Object.values(tableOf(tableOf(poetry).group))) poetryTable(tableOf(group).dependencies, 'dev')
  strings(tableOf(uv)['dev-dependencies'], 'dev')
  for (const list of Object.values(tableOf(tableOf(pdm)['dev-dependencies']))) strings(list, 'dev')
  return { name: textOf(tableOf(project).name) ?? textOf(tableOf(poetry).name) ?? '', asked }
}
