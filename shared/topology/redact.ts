/** Stands where a credential stood. */
export const REDACTED = '***'

/** Names whose value is a credential: `DB_PASSWORD`, `apiKey`, `client-secret`, `GITHUB_TOKEN`. */
const secretName =
  /((^|[-_.])pass(phrase|code)?$|^pwd$|[-_.]pwd$|password|passwd|secret|token|api[-_.]?key|access[-_.]?key|private[-_.]?key|signing[-_.]?key|encryption[-_.]?key|account[-_.]?key|shared[-_.]?key|master[-_.]?key|license[-_.]?key|credential|requirepass|masterauth|auth[-_.]?key|cookie[-_.]?key|hmac|salt$|jwt[-_.]?key|webhook[-_.]?url$|connection[-_.]?key|^sig$|^pat$|[-_.]pat$)/i

/** Names that only speak about a credential: where it lies, how long it lives, which one it is. */
const aboutSecret =
  /([-_.]?(file|path|dir|name|names|type|ttl|expiry|expiration|expires([-_.]?in)?|timeout|length|size|url|uri|endpoint|host|addr|address|header|issuer|audience|algorithm|enabled|count|policy|prefix|duration|lifetime|rotation|location|mount|provider|service|server|store|class|field|format|id))$/i

/** True where the value under that name is a credential and must not be kept. */
export const isSecretName = (name: string): boolean => {
  const spaced = name.replace(/([a-z0-9])([A-Z])/g, '$1_$2')
  if (/webhook[-_.]?url$/i.test(spaced)) return true
  return secretName.test(spaced) && !aboutSecret.test(spaced)
}

/** Values that are no secret whatever the name says: empty, a switch, a number of few digits, a reference. */
const harmless = /^(|true|false|yes|no|on|off|null|none|\d{1,3}|\$\(.*\)|\$\{.*\}|\$[A-Z_][A-Z0-9_]*)$/i

/** Tokens known by their shape, wherever they stand. */
const shapes: readonly RegExp[] = [
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|$)/g,
  /\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}(\.[A-Za-z0-9_-]*)?/g,
  /\b(gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,}|glpat-[A-Za-z0-9_-]{16,})/g,
  /\b(AKIA|ASIA|AGPA|AROA)[0-9A-Z]{16}\b/g,
  /\bxox[abeoprs]-[A-Za-z0-9-]{10,}/g,
  /\b(sk|rk|pk)_(live|test)_[A-Za-z0-9]{10,}/g,
  /\bsk-[A-Za-z0-9_-]{20,}/g,
  /\bAIza[0-9A-Za-z_-]{30,}/g,
  /\b(npm_[A-Za-z0-9]{30,}|hf_[A-Za-z0-9]{30,}|dop_v1_[a-f0-9]{40,}|pypi-[A-Za-z0-9_-]{30,}|SG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,})/g,
  /\bhttps:\/\/hooks\.slack\.com\/services\/[^\s"']+/g,
]

/**
 * Takes credentials out of a text that is shown or committed: user information in URLs, tokens known by their shape,
 * `Authorization` values, and the value after any name that means a secret (`password=…`, `"token": "…"`,
 * `--db-password …`). What is left still says who talks to whom.
 */
export function redact(text: string): string {
  let result = text
  for (const shape of shapes) result = result.replace(shape, REDACTED)
  result = redactUrls(result)
  // user:password@tcp(host:3306)/db, as Go's MySQL driver writes it
  result = result.replace(/(^|[\s"'=])[^\s"'=:@/]+:[^\s"'@]+@(?=(tcp|unix)\()/g, `$1${REDACTED}@`)
  result = result.replace(/\b(Bearer|Basic|Token)\s+(?!\*\*\*)[A-Za-z0-9+/=._~-]{6,}/gi, `$1 ${REDACTED}`)
  result = redactPairs(result)
  return redactFlags(result)
}

/** An environment variable or key with its value: redacted whole where the name means a secret, else as {@link redact}. */
export function redactValue(name: string, value: string): string {
  if (!isSecretName(name) || harmless.test(value.trim())) return redact(value)
  // AUTH_TOKEN_SERVICE=http://auth/token is an address.
  return /^[a-z][a-z0-9+.-]*:\/\/[a-z0-9.-]+(:\d+)?(\/[\w./-]*)?$/i.test(value) || /^\/[\w./-]+$/.test(value)
    ? redact(value)
    : REDACTED
}

/** The items of a command line; the value of a secret flag may stand in the next item. */
export function redactArguments(items: readonly string[]): readonly string[] {
  return items.map((item, index) => {
    const flag = /^--?([A-Za-z][\w.-]*)$/.exec(items[index - 1] ?? '')
    if (flag && !item.startsWith('-') && isSecretName(flag[1]!) && !harmless.test(item)) return REDACTED
    return redact(item)
  })
}

/** `scheme://user:password@host` → `scheme://***@host`. A lone `user@` goes too: in many APIs it is the token. */
const redactUrls = (text: string): string =>
  text.replace(/\b([a-z][a-z0-9+.-]*:\/\/)([^\s"'<>]+)/gi, (whole, scheme: string, rest: string) => {
    const slash = rest.search(/[/?#]/)
    // A password may hold a slash; the user information then ends at the last @ before a host.
    const authority = slash < 0 ? rest : rest.slice(0, slash)
    const at = authority.includes('@')
      ? authority.lastIndexOf('@')
      : /^[^/?#@\s]+:[^@\s]*@[\w.-]+(:\d+)?([/?#]|$)/.test(rest)
        ? rest.lastIndexOf('@')
        : -1
    return at < 0 ? whole : `${scheme}${REDACTED}@${rest.slice(at + 1)}`
  })

/** `name=value`, `name: value`, `"name": "value"` and `name=value;` of connection strings and queries. */
function redactPairs(text: string): string {
  const name = /(["']?)([A-Za-z][\w.-]*(?: (?=key|password|token)[a-z]+)?)\1\s*(?:=|:(?!\/\/))\s*/gi
  const value = /\$\([^)\s]*\)|\$\{[^}\s]*\}|"[^"\n]*"|'[^'\n]*'|[^\s"',;&|})\]]+/y
  let result = ''
  let done = 0
  for (let match = name.exec(text); match; match = name.exec(text)) {
    if (!isSecretName(match[2]!.replace(/ /g, '_'))) continue
    value.lastIndex = name.lastIndex
    const found = value.exec(text)
    if (!found) continue
    const quote = /^["']/.test(found[0]) ? found[0][0]! : ''
    const bare = quote === '' ? found[0] : found[0].slice(1, -1)
    if (!harmless.test(bare) && bare !== REDACTED && redactValue(match[2]!, bare) === REDACTED) {
      result += `${text.slice(done, found.index)}${quote}${REDACTED}${quote}`
      done = value.lastIndex
    }
    name.lastIndex = value.lastIndex
  }
  return result + text.slice(done)
}

/** `--password value`, `-requirepass value`; `-pVALUE` of mysql; `-a VALUE` of redis-cli; `-u user:password` of curl. */
const redactFlags = (text: string): string =>
  text
    .replace(
      /(^|\s)(--?)([A-Za-z][\w.-]*)(\s+)(?!-)("[^"]*"|'[^']*'|[^\s"';|&]+)/g,
      (whole, before: string, dashes: string, name: string, space: string, value: string) =>
        isSecretName(name) && !harmless.test(value.replace(/^["']|["']$/g, ''))
          ? `${before}${dashes}${name}${space}${REDACTED}`
          : whole,
    )
    .replace(/\b((?:mysql|mysqladmin|mysqldump|mariadb)\b[^\n;|&]*?\s-p)(?!\s|\$|\*\*\*)[^\s;|&]+/g, `$1${REDACTED}`)
    .replace(/\b(redis-cli\b[^\n;|&]*?\s-a\s+)(?!\$|\*\*\*)[^\s;|&]+/g, `$1${REDACTED}`)
    .replace(/\b(curl\b[^\n;|&]*?\s(?:-u|--user)\s*)(["']?)[^\s:"']+:[^\s"']+\2/g, `$1${REDACTED}`)
    .replace(/(^|\s)(PGPASSWORD|MYSQL_PWD|REDISCLI_AUTH)=(?!\$|\*\*\*)\S+/g, `$1$2=${REDACTED}`)
