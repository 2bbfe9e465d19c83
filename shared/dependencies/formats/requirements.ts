import { plainName } from '../ecosystem.ts'
import { type PackageId, type PackageSet, PackageSetBuilder, type Scope } from '../package-set.ts'
import type { DependencyFile } from '../read-data.ts'
import { readRequirement } from './python-requirement.ts'

type Line = { readonly name: string; readonly range: string; readonly source: string | null; readonly via: string[] }

/** The requirements of one file with who asks for each, as `pip-compile` and `uv pip compile` note it in comments. */
function readLines(text: string): { readonly lines: Line[]; readonly hasVia: boolean } {
  const lines: Line[] = []
  let hasVia = false
  let inVia = false
  const note = (comment: string): void => {
    const via = /^\s*via\b\s*(.*)$/.exec(comment)
    if (via) {
      hasVia = true
      inVia = true
    }
    const said = (via ? via[1]! : inVia ? comment : '').trim()
    // Several may stand on one line in older versions.
    if (said !== '') lines.at(-1)?.via.push(...(said.startsWith('-') ? [said] : said.split(/,\s*/)))
  }
  for (const raw of text.replace(/\\\r?\n/g, ' ').split(/\r?\n/)) {
    const comment = /(?:^|\s)#(.*)$/.exec(raw)
    const code = (comment ? raw.slice(0, comment.index) : raw).trim()
    if (code === '') {
      if (comment) note(comment[1]!)
      else inVia = false
      continue
    }
    inVia = false
    const line = readLine(code)
    if (!line) continue
    lines.push(line)
    if (comment) note(comment[1]!)
  }
  return { lines, hasVia }
}

function readLine(code: string): Line | null {
  const bare = code.replace(/\s--(hash|config-settings|global-option|install-option)[= ]\S+/g, '').trim()
  const editable = /^(?:-e|--editable)[= ]\s*(.+)$/.exec(bare)?.[1] ?? (/^(git|hg|svn|bzr)\+/.test(bare) ? bare : null)
  if (editable) {
    const name = /[#&]egg=([\w.-]+)/.exec(editable)?.[1] ?? /([\w.-]+?)(\.git)?(@[^/]*)?(#.*)?$/.exec(editable)?.[1]
    const version = /@([^/@#]+)(#|$)/.exec(editable)?.[1] ?? ''
    return name === undefined ? null : { name, range: `==${version}`, source: editable, via: [] }
  }
  if (bare.startsWith('-')) return null
  const requirement = readRequirement(bare)
  if (!requirement) return null
  const isUrl = /^[a-z+]+:/.test(requirement.range)
  return { ...requirement, source: isUrl ? requirement.range : null, via: [] }
}

const scopeOf = (path: string): Scope =>
  /(^|[-_./])dev(el|elopment)?([-_./]|$)/.test(path)
    ? 'dev'
    : /(^|[-_./])tests?([-_./]|$)/.test(path)
      ? 'test'
      : 'runtime'

/**
 * Reads requirement files of one folder. Where comments say who asks for what, only what a file or project asks for is
 * direct; where they do not, a `.in` file says so, and without one everything is.
 */
export function readRequirements(files: readonly DependencyFile[]): PackageSet {
  const builder = new PackageSetBuilder('pypi', files[0]!.path)
  builder.files.push(...files.slice(1).map(({ path }) => path))
  const sources = files.filter(({ path }) => path.endsWith('.in'))
  const locks = files.filter(({ path }) => !path.endsWith('.in') && !/constraints[^/]*$/.test(path))
  const wanted = new Set(
    sources.flatMap(({ text }) => readLines(text).lines.map(({ name }) => plainName('pypi', name))),
  )
  const read = (locks.length > 0 ? locks : files).map(file => ({ scope: scopeOf(file.path), ...readLines(file.text) }))
  builder.locked = read.every(({ lines }) =>
    lines.every(({ range }) => range.startsWith('==') || /^[a-z+]+:/.test(range)),
  )
  const ids = new Map<string, PackageId>()
  for (const { lines, hasVia, scope } of read)
    for (const { name, range, source, via } of lines) {
      const id = builder.add(name, range.replace(/^===?/, ''), source === null ? {} : { source })
      ids.set(plainName('pypi', name), id)
      const isAsked = via.some(each => /^-r\s|\(.*\)$|^(pyproject\.toml|setup\.(py|cfg))/.test(each))
      const direct = hasVia ? isAsked : sources.length > 0 ? wanted.has(plainName('pypi', name)) : true
      if (direct) builder.require(name, id, range, scope)
    }
  for (const { lines } of read)
    for (const { name, via } of lines)
      for (const each of via) {
        const from = ids.get(plainName('pypi', each.replace(/\[.*$/, '')))
        if (from !== undefined) builder.edge(from, ids.get(plainName('pypi', name))!)
      }
  return builder.build()
}
