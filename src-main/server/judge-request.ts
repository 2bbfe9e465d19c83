/** What of a request the decision needs; null where the header is absent. */
export type Asked = {
  readonly host: string | null
  readonly origin: string | null
  /** `Sec-Fetch-Site`: what the browser says about where the request comes from. */
  readonly site: string | null
  /** Value of our cookie. */
  readonly session: string | null
  /** `token` in the address of the entry page. */
  readonly token: string | null
  readonly upgrade: boolean
}

export type Judgement =
  | { readonly kind: 'admit' }
  /** Swap the token for a session. */
  | { readonly kind: 'enter'; readonly token: string }
  | { readonly kind: 'refuse'; readonly status: 401 | 403 | 421 }

/**
 * Every request, the upgrade included, passes here before anything else looks at it.
 * - `Host` must be this server's own name: a foreign name that resolves to loopback (DNS rebinding) is refused.
 * - `Origin`, where there is one, must be this server's own; the upgrade must have one, as browsers always send it.
 * - A page of another site, or of another port of this machine, is refused by what its browser says of it; only the
 *   entry with a token may be followed from elsewhere (a terminal in a browser, a chat).
 * - Then the cookie.
 */
export function judgeRequest(asked: Asked, port: number, admits: (session: string) => boolean): Judgement {
  const names = [`127.0.0.1:${port}`, `localhost:${port}`]
  if (asked.host === null || !names.includes(asked.host)) return { kind: 'refuse', status: 421 }
  const own = `http://${asked.host}`
  if (asked.origin !== null ? asked.origin !== own : asked.upgrade) return { kind: 'refuse', status: 403 }
  if (asked.token !== null && !asked.upgrade) return { kind: 'enter', token: asked.token }
  if (asked.site !== null && asked.site !== 'same-origin' && asked.site !== 'none')
    return { kind: 'refuse', status: 403 }
  if (asked.session === null || !admits(asked.session)) return { kind: 'refuse', status: 401 }
  return { kind: 'admit' }
}
