/** A place in a text where a service's name stands as the name of a host. */
export type HostMatch = {
  readonly start: number
  readonly end: number
  /** True where it can be nothing else: a URL, a port, a cluster domain, or a key that says it holds a host. */
  readonly certain: boolean
}

const insideName = /[A-Za-z0-9_-]/
/** Keys whose value is a host: `CART_ADDR`, `--upstream-url`, `brokers`. */
const hostKey =
  /(?:^|[_.-])(?:host|hostname|hosts|addr|address|addresses|url|uri|urls|endpoint|endpoints|server|servers|service|svc|upstream|backend|broker|brokers|proxy|target|dsn|dns|peer|peers|node|nodes|origin|api)(?:$|[_.-]|\d)/i

/** True when a key (of a variable, flag or file) says that its value names a host. */
const isHostKey = (key: string): boolean => hostKey.test(key.replace(/([a-z0-9])([A-Z])/g, '$1_$2'))

/**
 * Finds a service's name in a text as a whole host name: `cart`, `cart:7070`, `http://cart.shop.svc.cluster.local/x`;
 * never as part of another name (`shopping-cart`, `cart-db`, `cart.example.com`, `/cart`, `cart.yaml`).
 * `namespace` is the service's own where it is known: `cart.other` is then somebody else's.
 * `key` is what the text stands under.
 */
export function hostsInText(
  text: string,
  name: string,
  namespace: string | undefined,
  key: string,
): readonly HostMatch[] {
  const found: HostMatch[] = []
  for (let start = text.indexOf(name); start >= 0; start = text.indexOf(name, start + 1)) {
    const end = start + name.length
    const before = text[start - 1] ?? ''
    const rest = text.slice(end, end + 300)
    if (insideName.test(before) || before === '.' || before === '$' || before === '{' || before === '%') continue
    if (insideName.test(rest[0] ?? '')) continue
    const scheme = /[A-Za-z][A-Za-z0-9+.-]*:\/\/(?:[^\s/@]*@)?$/.test(text.slice(Math.max(0, start - 200), start))
    if (before === '/' && !scheme) continue
    const domain = /^(?:\.([a-z0-9-]+))?(?:\.(svc)(?:\.[a-z0-9.-]+?)?)?(?=\.?(?:[^A-Za-z0-9_.-]|$))/.exec(rest)
    // `.example.com`, `.yaml`: another host, or a file.
    if (!domain && rest.startsWith('.') && /^\.[A-Za-z0-9_-]/.test(rest)) continue
    const of = domain?.[1]
    const isService = domain?.[2] !== undefined
    if (of !== undefined && of !== 'svc') {
      const port = /^\.[a-z0-9-]+:\d/.test(rest)
      if (namespace !== undefined && of !== namespace) continue
      if (namespace === undefined && !isService && !port && !scheme) continue
    }
    const port = /^(?:\.[A-Za-z0-9.-]+)?:\d{2,5}(?!\d)/.test(rest)
    const whole = start === 0 && rest.trim() === '' && text.trim() === name
    const assigned = /([\w.-]+)["']?\s*[=:]\s*["']?$/.exec(text.slice(Math.max(0, start - 100), start))?.[1]
    const named = assigned !== undefined ? isHostKey(assigned) || sharesWord(assigned, name) : false
    const keyed = (whole || isListOfHosts(text)) && (isHostKey(key) || sharesWord(key, name))
    found.push({ start, end, certain: scheme || port || isService || named || keyed })
  }
  return found
}

/** `cart,orders;users` as in lists of brokers. */
const isListOfHosts = (text: string): boolean => /^[\w.:-]+(?:[,;]\s*[\w.:-]+)+$/.test(text.trim())

/** `CART: cart`: the key is the name itself. */
const sharesWord = (key: string, name: string): boolean => {
  const plain = (text: string) => text.toLowerCase().replace(/[^a-z0-9]/g, '')
  return plain(key) === plain(name)
}

/** The text with every match under another name. */
export function withHosts(text: string, matches: readonly HostMatch[], to: string): string {
  let out = ''
  let at = 0
  for (const { start, end } of matches) {
    out += text.slice(at, start) + to
    at = end
  }
  return out + text.slice(at)
}
