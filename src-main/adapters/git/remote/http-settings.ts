import { readFileSync } from 'node:fs'
import tls from 'node:tls'
import { AppError } from '../../../../shared/errors.ts'
import type { Configuration } from '../config/configuration.ts'

/** What git's configuration says about talking http to one address. */
export type HttpSettings = {
  readonly extraHeaders: readonly string[]
  readonly proxy: string | null
  readonly verify: boolean
  readonly authorities: readonly string[] | null
  readonly certificate: string | null
  readonly key: string | null
  readonly userAgent: string
  readonly postBuffer: number
}

/** Git's default for `http.postBuffer`: larger bodies are sent in chunks. */
const defaultPostBuffer = 1 << 20
export const userAgent = 'git/pilothouse'

/**
 * Reads `http.*` and `http.<url>.*`; the most specific URL wins (git-config, `http.<url>.*`): same scheme and port,
 * host with `*` for one label, longest path, then a user name.
 */
export function readHttpSettings(configuration: Configuration | null, url: URL, username: string | null): HttpSettings {
  const all = (name: string): readonly string[] => {
    if (!configuration) return []
    const scored = configuration
      .subsections('http', name)
      .map(({ subsection, value }) => ({ value, score: matchUrl(subsection, url, username) }))
      .filter(({ score }) => score >= 0)
    if (name === 'extraheader') return [...configuration.all(`http.${name}`), ...scored.map(({ value }) => value)]
    const best = Math.max(-1, ...scored.map(({ score }) => score))
    const specific = scored.filter(({ score }) => score === best).map(({ value }) => value)
    return specific.length > 0 ? specific : configuration.all(`http.${name}`)
  }
  const one = (name: string) => all(name).at(-1) ?? null
  const file = (name: string): string | null => {
    const path = one(name)
    if (path === null || path === '') return null
    const full = path.startsWith('~/') ? `${process.env['HOME'] ?? ''}${path.slice(1)}` : path
    try {
      return readFileSync(full, 'utf8')
    } catch (error) {
      throw new AppError(
        'invalid-input',
        'transport.httpFileUnreadable',
        { name: `http.${name}`, file: full },
        { cause: error },
      )
    }
  }
  const authority = file('sslcainfo')
  // An empty value forgets the headers before it.
  const headers = all('extraheader')
  const proxy = one('proxy')
  return {
    extraHeaders: headers.slice(headers.lastIndexOf('') + 1),
    proxy,
    verify: !/^(false|no|off|0)$/i.test(one('sslverify') ?? 'true'),
    authorities:
      url.protocol === 'https:'
        ? [
            ...tls.getCACertificates('default'),
            ...tls.getCACertificates('system'),
            ...(authority === null ? [] : [authority]),
          ]
        : null,
    certificate: file('sslcert'),
    key: file('sslkey'),
    userAgent: one('useragent') ?? userAgent,
    postBuffer: Number(one('postbuffer') ?? defaultPostBuffer) || defaultPostBuffer,
  }
}

/** How well a configured URL fits, more is better; -1: not at all. */
function matchUrl(pattern: string, url: URL, username: string | null): number {
  const parts = /^(https?):\/\/(?:([^@/]*)@)?([^/:]+|\[[^\]]+\])(?::(\d+))?(\/.*)?$/i.exec(pattern)
  if (!parts) return -1
  const [, scheme, user, host, port, path = '/'] = parts as unknown as [
    string,
    string,
    string?,
    string?,
    string?,
    string?,
  ]
  if (`${scheme.toLowerCase()}:` !== url.protocol) return -1
  const standard = url.protocol === 'https:' ? '443' : '80'
  if ((port ?? standard) !== (url.port === '' ? standard : url.port)) return -1
  const wanted = host!.toLowerCase().split('.')
  const actual = url.hostname.toLowerCase().split('.')
  if (wanted.length !== actual.length || wanted.some((label, at) => label !== '*' && label !== actual[at])) return -1
  if (user !== undefined && decodeURIComponent(user) !== username) return -1
  const prefix = path.endsWith('/') ? path : `${path}/`
  if (!`${url.pathname}/`.startsWith(prefix)) return -1
  return wanted.filter(label => label !== '*').length * 100_000 + prefix.length * 2 + (user === undefined ? 0 : 1)
}
