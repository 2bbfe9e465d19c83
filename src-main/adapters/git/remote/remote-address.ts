import { isAbsolute, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { AppError } from '../../../../shared/errors.ts'
import { withoutCredentials } from '../../../../shared/workspaces/remote-url.ts'

/** Where a remote is and how it is spoken to. `shown` never holds a password or a token. */
export type RemoteAddress =
  | {
      readonly kind: 'http'
      /** Without credentials, without a slash at the end. */
      readonly url: URL
      readonly username: string | null
      readonly password: string | null
      readonly shown: string
    }
  | {
      readonly kind: 'ssh'
      readonly host: string
      readonly user: string | null
      readonly port: number | null
      readonly path: string
      readonly shown: string
    }
  | { readonly kind: 'local'; readonly path: string; readonly shown: string }

/**
 * Understands an address as git does (`git-fetch(1)`, GIT URLS): http(s) and ssh URLs, `user@host:path`, `file://`, and
 * paths, which are taken from `base`.
 */
export function parseAddress(text: string, base: string): RemoteAddress {
  const shown = withoutCredentials(text)
  const bad = (cause?: unknown) => new AppError('invalid-input', 'transport.badUrl', { url: shown }, { cause })
  // A control character could end a line of a protocol or a header.
  if (text === '' || /\p{Cc}/u.test(text)) throw bad()
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1]?.toLowerCase()
  if (scheme === undefined) {
    // `C:\…` and `C:/…` are paths; so is anything with a slash before its first colon.
    const scp = /^(?:([^@/]+)@)?(?:\[([^\]/]+)\]|([^:/[\]]+)):(.+)$/s.exec(text)
    const drive = process.platform === 'win32' && /^[a-z]:/i.test(text)
    if (!scp || drive) return { kind: 'local', path: isAbsolute(text) ? text : resolve(base, text), shown }
    const bracketed = scp[2]
    const portInBrackets = bracketed === undefined ? null : /^([^:]+):(\d+)$/.exec(bracketed)
    return ssh({
      host: portInBrackets?.[1] ?? bracketed ?? scp[3]!,
      user: scp[1] ?? null,
      port: portInBrackets ? Number(portInBrackets[2]) : null,
      path: scp[4]!,
      shown: text,
    })
  }
  if (scheme === 'file') {
    try {
      return { kind: 'local', path: fileURLToPath(text), shown }
    } catch (error) {
      throw bad(error)
    }
  }
  let url: URL
  try {
    url = new URL(text)
  } catch {
    throw bad() // the error of URL repeats its input, credentials and all
  }
  const user = decoded(url.username)
  if (scheme === 'http' || scheme === 'https') {
    const password = decoded(url.password)
    url.username = ''
    url.password = ''
    url.hash = ''
    url.pathname = url.pathname.replace(/\/+$/, '')
    return { kind: 'http', url, username: user, password, shown }
  }
  if (scheme === 'ssh' || scheme === 'git+ssh' || scheme === 'ssh+git') {
    const path = decoded(url.pathname) ?? ''
    return ssh({
      host: url.hostname.replace(/^\[|\]$/g, ''),
      user,
      port: url.port === '' ? null : Number(url.port),
      // `ssh://host/~user/x` is in that user's home.
      path: path.startsWith('/~') ? path.slice(1) : path,
      shown,
    })
  }
  throw new AppError('unsupported', 'transport.badScheme', { scheme })
}

function ssh(address: Omit<Extract<RemoteAddress, { kind: 'ssh' }>, 'kind'>): RemoteAddress {
  // What begins with a dash would be an option to the programs it is handed to (git blocks these too).
  if (
    address.host === '' ||
    address.path === '' ||
    /^-/.test(address.host) ||
    /^-/.test(address.path) ||
    /^-/.test(address.user ?? '')
  )
    throw new AppError('invalid-input', 'transport.badUrl', { url: address.shown })
  return { kind: 'ssh', ...address }
}

function decoded(part: string): string | null {
  if (part === '') return null
  try {
    return decodeURIComponent(part)
  } catch {
    return part // a stray percent sign stands for itself
  }
}

/** Quotes a word for a POSIX shell exactly as git does, which servers with a restricted shell rely on. */
export const quoteForShell = (word: string): string => `'${word.replace(/['!]/g, quote => `'\\${quote}'`)}'`
