/** One `remote.<name>.fetch` line: `+refs/heads/*:refs/remotes/origin/*`. */
export type Refspec = { readonly force: boolean; readonly from: string; readonly to: string }

/** Null for what is not fetched into refs here (negative and destination-less ones). */
export function parseRefspec(text: string): Refspec | null {
  const match = /^(\+?)(refs\/[^:^]+):(refs\/[^:]+)$/.exec(text)
  if (!match) return null
  const [, plus, from, to] = match as unknown as [string, string, string, string]
  return from.includes('*') === to.includes('*') ? { force: plus === '+', from, to } : null
}

/** Where a ref of the remote goes; null when the refspec is not about it. */
export function mapRef({ from, to }: Refspec, ref: string): string | null {
  const star = from.indexOf('*')
  if (star === -1) return ref === from ? to : null
  const [head, tail] = [from.slice(0, star), from.slice(star + 1)]
  if (ref.length < head.length + tail.length || !ref.startsWith(head) || !ref.endsWith(tail)) return null
  return to.replace('*', () => ref.slice(head.length, ref.length - tail.length))
}
