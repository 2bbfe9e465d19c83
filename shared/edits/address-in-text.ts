export type AddressChange = {
  /** The host as it stands there, without its port. */
  readonly host: string
  readonly to: string
  /** Stands behind the new host then, whether or not one stood behind the old. */
  readonly port?: number
}

/** Keys whose value is called like a host and is none: `Database=cart`, `user=cart`. */
const noHost =
  /(?:^|[;&?\s"'])(?:database|dbname|db|initial catalog|user(?:name| id)?|uid|pass(?:word)?|pwd|schema|topic|queue|path|index|name|app(?:lication)?(?:[ _]name)?)\s*[=:]\s*["']?$/i

/**
 * Where a host stands in a text as a whole address: `cart`, `cart:7070`, `http://user:pw@cart/x`, `Server=cart,1433`;
 * never as part of another name, a user, a path or a database.
 */
export function addressesInText(text: string, host: string): readonly { start: number; end: number; port: string }[] {
  const found: { start: number; end: number; port: string }[] = []
  const [all, wanted] = [text.toLowerCase(), host.toLowerCase()]
  if (wanted === '') return found
  for (let start = all.indexOf(wanted); start >= 0; start = all.indexOf(wanted, start + 1)) {
    const end = start + wanted.length
    const before = text.slice(0, start)
    const after = text.slice(end)
    if (/[\w.-]$/.test(before) || /^[\w-]/.test(after) || /^\.[\w-]/.test(after)) continue
    if (before.endsWith('/') && !before.endsWith('//') && !/\/dev\/(tcp|udp)\/$/.test(before)) continue
    // `http://cart:secret@orders`: the user is no host.
    if (/\/\/$/.test(before) && /^[^\s/?#]*@/.test(after)) continue
    if (/:\/\/[^\s/@]*:$/.test(before) && /^[^\s/?#]*@/.test(after)) continue
    if (noHost.test(before)) continue
    const port = /^\.?([:,])(\d{2,5})(?!\d)/.exec(after)
    found.push({ start, end, port: port ? port[0] : '' })
  }
  return found
}

/** The text with the host changed wherever it stands; all else (scheme, credentials, path) stays. */
export function withAddress(text: string, { host, to, port }: AddressChange): string {
  let out = ''
  let at = 0
  for (const { start, end, port: written } of addressesInText(text, host)) {
    out += text.slice(at, start) + to
    at = end
    if (port === undefined) continue
    out += written === '' ? `:${port}` : written.replace(/\d+$/, String(port))
    at += written.length
  }
  return out + text.slice(at)
}
