import type { Ecosystem } from './ecosystem.ts'
import { plainName } from './ecosystem.ts'
import type { Package } from './package-set.ts'

const encoded = (text: string): string => encodeURIComponent(text).replaceAll('%3A', ':').replaceAll('%2F', '/')
const segment = (text: string): string => encodeURIComponent(text).replaceAll('%3A', ':')

/** What a package is called wherever it is used: a package-url without its version. */
export function libraryOf(ecosystem: Ecosystem, { name, realName }: Package): string {
  const plain = plainName(ecosystem, realName ?? name)
  if (ecosystem === 'oci') {
    const last = plain.slice(plain.lastIndexOf('/') + 1)
    return `pkg:oci/${segment(last)}${plain.includes('/') ? `?repository_url=${encoded(plain)}` : ''}`
  }
  const path = ecosystem === 'maven' ? plain.replace(':', '/') : plain
  return `pkg:${ecosystem}/${path.split('/').map(segment).join('/')}`
}

/** The package-url of one version (https://github.com/package-url/purl-spec). */
export function purlOf(ecosystem: Ecosystem, one: Package): string {
  const library = libraryOf(ecosystem, one)
  if (one.version === '') return library
  const [path, qualifiers] = library.split('?')
  return `${path}@${segment(one.version)}${qualifiers ? `?${qualifiers}` : ''}`
}

export type ParsedPurl = {
  readonly ecosystem: Ecosystem | null
  readonly type: string
  readonly name: string
  readonly version: string
}

/** Reads a package-url; the name is the one its ecosystem's own files use (`@scope/name`, `group:artifact`). */
export function readPurl(purl: string): ParsedPurl | null {
  const match = /^pkg:\/*([a-z0-9.+-]+)\/([^?#]+)(?:\?([^#]*))?/i.exec(purl.trim())
  if (!match) return null
  const type = match[1]!.toLowerCase()
  const at = match[2]!.lastIndexOf('@')
  const decode = (text: string): string => {
    try {
      return decodeURIComponent(text)
    } catch {
      return text // A stray percent sign stands for itself.
    }
  }
  const path = (at > 0 ? match[2]!.slice(0, at) : match[2]!).replace(/\/+$/, '')
  const parts = path.split('/').map(decode)
  const qualifier = /(?:^|&)repository_url=([^&]*)/.exec(match[3] ?? '')?.[1]
  const repository = qualifier === undefined ? null : decode(qualifier)
  const name =
    type === 'maven' && parts.length > 1
      ? `${parts.slice(0, -1).join('.')}:${parts.at(-1)}`
      : (type === 'oci' || type === 'docker') && repository
        ? repository
        : parts.join('/')
  const known: { readonly [type: string]: Ecosystem } = { docker: 'oci', oci: 'oci' }
  const types = ['golang', 'npm', 'cargo', 'pypi', 'maven', 'gem', 'composer', 'nuget', 'hex', 'helm'] as const
  return {
    ecosystem: known[type] ?? types.find(each => each === type) ?? null,
    type,
    name,
    version: at > 0 ? decode(match[2]!.slice(at + 1)) : '',
  }
}
