/** The page's own scheme: an origin of its own, which no web page can have. */
export const scheme = 'app'
export const origin = `${scheme}://pilothouse`
export const startAddress = `${origin}/index.html`

/** Node gives an address of an unknown scheme no origin, so the parts are compared. */
export function isOurPage(address: string): boolean {
  if (!URL.canParse(address)) return false
  const { protocol, host, username, password } = new URL(address)
  return protocol === `${scheme}:` && host === 'pilothouse' && username === '' && password === ''
}

/** What may be handed to the system's browser: web addresses and nothing that starts a program. */
export function isExternal(address: string): boolean {
  if (!URL.canParse(address)) return false
  const { protocol, username, password } = new URL(address)
  return (protocol === 'https:' || protocol === 'http:') && username === '' && password === ''
}
