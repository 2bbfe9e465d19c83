import { shellWords } from './shell-words.ts'
import { endsAsAddress } from './source/read-code.ts'

/** A network address that a text names. */
export type Reference = {
  /** Lower case, without a trailing dot. */
  readonly host: string
  readonly port?: number
  readonly scheme?: string
  /**
   * How sure it is that this is an address at all. `address`: a URL, a `*.svc` name, or the value of a key that says
   * so. `named`: the value of a key that shares words with it (`ZIPKIN=zipkin`). `loose`: `host:port` in running text;
   * it counts only where a Service offers that name and port.
   */
  readonly form: 'address' | 'named' | 'loose'
  /** True where an unknown name would surely be a mistake: a URL, a `*.svc` name, `HOST`, `ADDR`. */
  readonly expected: boolean
  /** 0-based line of the text it stands in. */
  readonly line: number
  /** What stands there, for evidence; not yet redacted. */
  readonly text: string
}

type Found = Omit<Reference, 'line' | 'text'>

const label = '[a-z0-9]([a-z0-9-]*[a-z0-9])?'
const hostName = new RegExp(`^${label}(\\.${label})*\\.?$`)
const schemesOfNoHost =
  /^(file|unix|data|classpath|urn|arn|gs|s3|oci|docker|docker-image|about|mailto|chrome|env|ref\+.*|vault|jndi|resource|bundle|spiffe|projects|secret|git\+file)$/
/** Ways a gRPC client finds its target by name. */
const schemesOfResolvers = /^(dns|xds|passthrough|kubernetes|k8s|kube|consul|etcd|ipv4|unix-abstract|discovery)$/
/** Names and pictures of addresses: documentation, schemas, the host itself. */
const nobody =
  /^(localhost(\.localdomain)?|(host|gateway)\.(docker|minikube|k3d|kind)\.internal|0\.0\.0\.0|127(\.\d+){3}|::1?|169\.254\.169\.254|metadata\.google\.internal|(.*\.)?example\.(com|org|net)|example|(.*\.)?(w3\.org|json-schema\.org|schema\.org|xmlsoap\.org|springframework\.org|apache\.org)|(?!.*\.svc\.)(.*\.)?(local|localdomain|invalid|test)|kubernetes(\.default.*)?|[\w-]+\.kube-system(\..*)?)$/
const inClusterName = /\.svc(\.[a-z0-9.-]+)?$/

/** Every address in a value that stands under a key (an environment variable, a flag, a key of a file). */
export function referencesOfPair(key: string, value: string): Reference[] {
  if (isSentence(value)) return []
  const meaning = meaningOf(key)
  const found: Found[] = [...inText(value)]
  if (forPeople.test(key))
    return place(
      found.filter(({ host }) => (!host.includes('.') || isInClusterName(host)) && !isOfPages(key, host)),
      value,
    )
  if (meaning.kind === 'itself') return []
  if (meaning.kind === 'never') return place(found.filter(isCertain), `${key}=${value}`)
  const address = meaning.kind === 'address'
  for (const piece of value.trim().split(/[\s,;]+/)) {
    const parts = /^([a-z0-9.-]+):(\d{2,5})(\/\S*)?$/.exec(piece)
    if (parts) {
      found.push({
        host: parts[1]!,
        port: Number(parts[2]),
        form:
          address || (meaning.kind === 'unknown' && parts[3] === undefined && isPublicName(parts[1]!))
            ? 'address'
            : 'loose',
        expected: address && meaning.strong,
      })
      continue
    }
    const bare = /^([a-z0-9.-]+)(\/[\w./-]*)?$/.exec(piece)?.[1]
    if (bare === undefined || !hostName.test(bare) || !/[a-z]/.test(bare) || fileName.test(bare)) continue
    if (address) found.push({ host: bare, form: 'address', expected: meaning.strong && !ordinaryWords.has(bare) })
    else if (sharesWords(meaning.words, bare)) found.push({ host: bare, form: 'named', expected: false })
  }
  return place(found, `${key}=${value}`)
}

/** `Fetch http://cart and summarise`: words to a reader. */
const isSentence = (value: string): boolean =>
  /^[A-Z][a-z]+\s/.test(value) && (value.match(/(^|\s)[A-Za-z][a-z]+(?=[\s,.!?]|$)/g) ?? []).length > 2

/** A name of the internet by its form: `hl7.lab.com`, and no `name.namespace` or file. */
const isPublicName = (host: string): boolean =>
  /^([a-z0-9-]+\.){2,}[a-z]{2,6}$/.test(host) && !/\.(svc|local|internal)$/.test(host) && !fileName.test(host)

const isCertain = (found: Found): boolean => found.form === 'address'

/** Every address in running text: a configuration file, line by line. Comments are not evidence. */
export function referencesOfText(text: string): Reference[] {
  const references: Reference[] = []
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const code = line.replace(/^\s*(#|\/\/|;|--|<!--|\*(?!\s*=)).*$/, '').replace(/\s#\s.*$/, '')
    if (code.trim() === '' || asksNobody.test(code)) continue
    const found: Found[] = [...inText(code), ...looseIn(code)]
    const pair =
      /^\s*(?:-\s+|set\s+|export\s+)?["']?([A-Za-z_][\w.-]*)["']?\s*[:=]\s*["']?([a-z0-9.-]+)["']?[,;]?\s*$/.exec(code)
    if (
      pair &&
      meaningOf(pair[1]!).kind === 'address' &&
      hostName.test(pair[2]!) &&
      /[a-z]/.test(pair[2]!) &&
      !fileName.test(pair[2]!)
    )
      found.push({ host: pair[2]!, form: 'loose', expected: false })
    for (const reference of place(found, code.trim())) references.push({ ...reference, line: index })
  }
  return references
}

/** Directives of web servers about what is written down, or told to the browser. */
const asksNobody =
  /^\s*(log_format|access_log|error_log|add_header|more_set_headers|server_name|valid_referers|return|rewrite|error_page|sub_filter|sub_filter_once)\s/

/**
 * Every address in a command line (`command` and `args` as one list, each with the index it came from). Flags count as
 * keys, `sh -c` scripts are read word by word, and the tools people wait with (`nc`, `wait-for-it`, `pg_isready`,
 * `curl` …) say where their host stands. `runs` is the program where the command line does not begin with one.
 */
export function referencesOfCommand(items: readonly string[], runs = ''): (Reference & { readonly item: number })[] {
  const words: { readonly text: string; readonly item: number; readonly line: number }[] = []
  const shell = /(^|\/)(ba|da|a|k|z|fi)?sh$/.test(items[0] ?? '')
  for (const [item, text] of items.entries()) {
    const script = (shell && /^-[a-z]*c$/.test(items[item - 1] ?? '')) || /[\n;|]|&&/.test(text)
    const end = { text: ';', item, line: 0 }
    if (!script) {
      words.push({ text, item, line: 0 })
      continue
    }
    words.push(end)
    for (const word of shellWords(text)) words.push({ ...word, item })
    words.push(end)
  }
  const references: (Reference & { item: number })[] = []
  let program = tools.test(runs) ? runs : ''
  let operands = 0
  for (const [index, word] of words.entries()) {
    const before = words[index - 1]?.text ?? ';'
    if (/^(;|&&|\|\|?|&|\(|\{|do|then|else|until|while|if|!)$/.test(word.text)) {
      program = ''
      continue
    }
    const assignment = /^([A-Za-z_][A-Za-z0-9_]*)=(.*)$/s.exec(word.text)
    const flag = /^--?([A-Za-z][\w.-]*)=(.*)$/s.exec(word.text) ?? /^-D([\w.-]+)=(.*)$/s.exec(word.text)
    const add = (found: readonly Reference[], text = word.text) => {
      for (const reference of found) references.push({ ...reference, line: word.line, item: word.item, text })
    }
    if (assignment && (program === '' || program === 'env')) add(referencesOfPair(assignment[1]!, assignment[2]!))
    else if (flag) add(referencesOfPair(flag[1]!, flag[2]!))
    else if (program === '' && runsAnother.test(word.text)) continue
    else if (program === '') {
      program = word.text.split('/').pop()!
      operands = 0
      add(place(inText(word.text), word.text))
    } else {
      const flagBefore = /^--?([A-Za-z][\w.-]*)$/.exec(before)?.[1]
      const key =
        flagBefore &&
        (flagBefore === 'h' &&
        /^(mysql|mysqladmin|mariadb|psql|pg_isready|redis-cli|mongo|mongosh|pg_dump)$/.test(program)
          ? 'host'
          : flagBefore)
      if (!word.text.startsWith('-')) operands += 1
      if (key && meaningOf(key).kind === 'address') add(referencesOfPair(key, word.text), `${before} ${word.text}`)
      else
        add([
          ...place(inText(word.text), word.text),
          ...ofTool(program, word.text, operands, words[index + 1]?.text, flagBefore !== undefined),
        ])
    }
  }
  return references
}

/** Programs whose operands are hosts. */
const tools =
  /^(curl|wget|httpie?|dockerize|wait-?for(-?it)?|psql|mysql|mysqladmin|redis-cli|mongosh?|pg_dump|pg_isready)$/
/** Words before the program that is meant. */
const runsAnother =
  /^(exec|sudo|env|time|nohup|command|tini|dumb-init|\/(usr\/)?s?bin\/(tini|dumb-init)|--|\d+s?|timeout)$/

/** Operands that are hosts because of the program they are given to. */
function ofTool(
  program: string,
  word: string,
  operand: number,
  next: string | undefined,
  behindFlag: boolean,
): Reference[] {
  const device = /\/dev\/(?:tcp|udp)\/([a-z0-9.-]+)\/(\d+)/.exec(word)
  if (device) return place([{ host: device[1]!, port: Number(device[2]), form: 'address', expected: true }], word)
  const parts = /^([a-z0-9.-]+)(?::(\d{2,5}))?(\/\S*)?$/.exec(word)
  if (!parts || !hostName.test(parts[1]!) || !/[a-z]/.test(parts[1]!)) return []
  const host = parts[1]!
  const port = parts[2] === undefined ? undefined : Number(parts[2])
  if (/^(nc|ncat|netcat|telnet)$/.test(program) && operand === 1) {
    const given = port ?? (next !== undefined && /^\d{2,5}$/.test(next) ? Number(next) : undefined)
    return place([{ host, ...(given !== undefined && { port: given }), form: 'address', expected: true }], word)
  }
  if (/^(nslookup|dig|ping|host|getent|ssh)$/.test(program) && !(program === 'getent' && operand === 1))
    return operand <= 2 ? place([{ host, form: 'address', expected: false }], word) : []
  if (/^(curl|wget|http)$/.test(program))
    return place(
      [{ host, ...(port !== undefined && { port }), form: port === undefined ? 'named' : 'address', expected: false }],
      word,
    )
  if (/^(wait-?for(-?it)?(\.sh)?|wait-for-\w+|dockerize|wait4ports)$/.test(program) && port !== undefined)
    return place([{ host, port, form: 'address', expected: true }], word)
  if (port === undefined) return []
  const form = behindFlag && parts[3] === undefined && isPublicName(host) ? 'address' : 'loose'
  return place([{ host, port, form, expected: false }], word)
}

const place = (found: Iterable<Found>, text: string): Reference[] => {
  const seen = new Set<string>()
  const kept: Reference[] = []
  for (const item of found) {
    const host = item.host.replace(/\.$/, '').toLowerCase()
    const key = `${host}:${item.port ?? ''}`
    if (seen.has(key) || nobody.test(host) || !hostName.test(host)) continue
    if (item.port !== undefined && (item.port < 1 || item.port > 65535)) continue
    seen.add(key)
    kept.push({ ...item, host, line: 0, text })
  }
  // The same host with and without a port is one reference.
  return kept.filter(
    item => item.port !== undefined || !kept.some(other => other.host === item.host && other.port !== undefined),
  )
}

/** URLs, `*.svc` names, Go's `tcp(host:port)` and `Server=host` of connection strings: sure wherever they stand. */
function* inText(whole: string): Generator<Found> {
  if (!/[:=(]|\.svc/.test(whole)) return
  // A credential is no part of the address, and may hold what no address holds: `amqp://$(USER):$(PASS)@rabbit:5672`.
  const text = whole.includes('@') ? whole.replace(/(:\/\/)[^\s/"'`<>]*@/g, '$1') : whole
  if (text.includes('//')) yield* urlsIn(text)
  if (/\b(dns|xds|passthrough):/.test(text))
    for (const match of text.matchAll(/\b(dns|xds|passthrough):(?!\/)([a-z0-9.-]+):(\d{2,5})\b/g))
      yield { host: match[2]!, port: Number(match[3]), scheme: match[1]!, form: 'address', expected: true }
  if (text.includes('.svc'))
    for (const match of text.matchAll(
      /(?<![\w.-])([a-z0-9-]+(?:\.[a-z0-9-]+){1,3}\.svc(?:\.cluster\.local)?)\.?(?::(\d{2,5}))?(?![\w-])/g,
    ))
      yield {
        host: match[1]!,
        ...(match[2] !== undefined && { port: Number(match[2]) }),
        form: 'address',
        expected: true,
      }
  if (text.includes('('))
    for (const match of text.matchAll(/@?\b(?:tcp|udp)\(([a-z0-9.-]+):(\d+)\)/g))
      yield { host: match[1]!, port: Number(match[2]), form: 'address', expected: true }
  if (text.includes('oracle'))
    for (const match of text.matchAll(/\boracle:thin:@([a-z0-9.-]+):(\d+)\b/gi))
      yield { host: match[1]!.toLowerCase(), port: Number(match[2]), scheme: 'oracle', form: 'address', expected: true }
  if (text.includes('=')) yield* inConnectionString(text)
}

function* urlsIn(text: string): Generator<Found> {
  // A list of URLs goes on after a comma; a list of hosts in one URL does too.
  for (const match of text.matchAll(
    /\b([a-z][a-z0-9+.-]*):(?:thin:@)?\/\/((?:(?![,;][^,;\s/]*:\/\/)[^\s"'`<>|(){}$\\])+)/gi,
  )) {
    const scheme = match[1]!.toLowerCase()
    if (schemesOfNoHost.test(scheme)) continue
    // The name a gRPC resolver is given stands behind its authority, which is mostly empty: `dns:///cart:8080`.
    const target = schemesOfResolvers.test(scheme) ? match[2]!.replace(/^[^/]*\//, '') : match[2]!
    for (const { host, port } of authority(target))
      yield { host, ...(port !== undefined && { port }), scheme, form: 'address', expected: true }
  }
}

/** `Server=sql,1433;Database=x`, `host=db port=5432`, `mysql:host=db;dbname=x`. */
function* inConnectionString(text: string): Generator<Found> {
  if (!/;|\bdbname\b|\bsslmode\b|\buser(?: id)?\b|\bport\s*=\s*\d/i.test(text)) return
  for (const match of text.matchAll(
    /(?:^|[;:\s"'])(?:server|host|hostaddr|data source|addr|address|network address)\s*=\s*(?:tcp:)?([a-z0-9.-]+)(?:[,:](\d+))?/gi,
  )) {
    const port = match[2] ?? /(?:^|[;\s])port\s*=\s*(\d+)/i.exec(text)?.[1]
    const scheme = /^["']?(?:[a-z]+:)*?(pgsql|mysql|sqlsrv|oci):/i.exec(text.trim())?.[1]
    yield {
      host: match[1]!.toLowerCase(),
      ...(port !== undefined && { port: Number(port) }),
      ...(scheme !== undefined && { scheme }),
      form: 'address',
      expected: true,
    }
  }
}

function* looseIn(text: string): Generator<Found> {
  for (const match of text.matchAll(/(?<![\w./@:-])([a-z0-9](?:[a-z0-9.-]*[a-z0-9])?):(\d{2,5})(?![\w:-])/g))
    yield { host: match[1]!, port: Number(match[2]), form: 'loose', expected: false }
}

/** Hosts of a URL after `//`; several where the driver takes a list (`mongodb://a:1,b:2/x`). */
function authority(rest: string): { host: string; port?: number }[] {
  let end = rest.search(/[/?#]/)
  if (end < 0) end = rest.length
  const at = rest.lastIndexOf('@', end)
  const hosts: { host: string; port?: number }[] = []
  for (const piece of rest.slice(at + 1, end).split(',')) {
    const parts = /^([A-Za-z0-9.-]+?)\.?(?::(?:(\d{1,5})|[a-z][a-z0-9-]*))?[;:.,]?$/.exec(piece.split(';')[0]!)
    if (parts) hosts.push({ host: parts[1]!.toLowerCase(), ...(parts[2] !== undefined && { port: Number(parts[2]) }) })
  }
  return hosts
}

type Meaning =
  | { readonly kind: 'address'; readonly strong: boolean }
  | { readonly kind: 'never' }
  | { readonly kind: 'itself' }
  | { readonly kind: 'unknown'; readonly words: readonly string[] }

const strongWords = new Set(
  'host hosts hostname addr addrs address addresses url urls uri uris endpoint endpoints dsn'.split(' '),
)
const addressWords = new Set(
  'server servers broker brokers bootstrap upstream upstreams backend backends target targets connection master seeds peers nodes origin proxy remote svc gateway authority location contact hostport'.split(
    ' ',
  ),
)
const neverWords = new Set(
  'image tag version user username password pass db database dbname schema topic queue exchange bucket label level mode type kind profile profiles env environment namespace name path file dir key role region zone class driver prefix group client id format strategy algorithm size limit count timeout interval enabled debug title description language locale currency'.split(
    ' ',
  ),
)
/** Keys of what a program answers to, or lets in, or leads browsers back to. */
const listensItself =
  /(^|[_.-])(bind|listen|advertised?|listeners?|allowed|trusted|cors|csrf|callbacks?|redirect|audience|origins|web[_-]?origins?|root[_-]?url|admin[_-]?url)([_.-]|$)/
/** True for a key whose addresses are the program's own, or those of its guests: nobody is called by them. */
export const isOwnSide = (key: string): boolean => listensItself.test(snake(key))
/** Where people find the site: for links in mails, which no program follows. */
const ownSite =
  /^(?:(?:next_public|nuxt_public|expo_public|react_app|vite|vue_app|gatsby|ng_app)_)?(app|site|base|public|front_?end|web(_?site)?|root|home|self|own|portal|ui|client|external|links?|canonical|share)_?(base_?)?(url|uri|host|domain|base)$/
/** True for a key that says under which address people find the site. */
export const isOwnSite = (key: string): boolean => ownSite.test(snake(key))

const snake = (key: string): string => key.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase()
/** Keys of addresses that are shown to people, or that others know the program by: only what is surely one counts. */
const shownToOthers = /(^|[_.-])(public|external|issuer)([_.-]|$)/i
/** Keys of web pages a person is led to: no address outside counts. */
const forPeople =
  /(^|[_.-])(docs?|documentation|help|support|terms|privacy|logo|icon|avatar|pixel|banner|favicon|homepage|website|(git|source)[_.-]?repo(sitory)?|changelog)([_.-]|$)/i
/** `DOCS_URL=http://search/docs` is a page to read; with `http://docs-api` it is a service that is called so. */
const isOfPages = (key: string, host: string): boolean => {
  const word = /(^|_)(docs?|documentation|help|terms|privacy|changelog)(_(url|uri|link|page|base|site)s?)*$/.exec(
    snake(key),
  )?.[2]
  return word !== undefined && (host === word || !host.includes(word.replace(/s$/, '').slice(0, 3)))
}
const ordinaryWords = new Set(
  'dns env stdout stderr none default auto all any true false yes no on off disabled enabled local memory primary secondary prod production dev development staging test'.split(
    ' ',
  ),
)
const fileName =
  /\.(json|ya?ml|xml|properties|conf|cfg|pem|crt|cer|key|sh|py|js|ts|jar|war|txt|log|sock|toml|ini|so|html?|css|md|csv|sql|gz|zip|tar|lock|pid)$/

/** What the name of a variable or flag says about its value; the same few names stand in every manifest. */
function meaningOf(key: string): Meaning {
  const known = meanings.get(key)
  if (known) return known
  const meaning = judge(key)
  if (meanings.size > 5_000) meanings.clear()
  meanings.set(key, meaning)
  return meaning
}
const meanings = new Map<string, Meaning>()

/** True for a key under which Quarkus' Stork or a route of Zuul is told by which name discovery knows a service. */
export const isDiscovered = (key: string): boolean =>
  /(^|\.)(stork\..+\.service-discovery\.(application|app-name|service)|routes\..+\.service-?id)$/i.test(key)

function judge(key: string): Meaning {
  if (isDiscovered(key)) return { kind: 'address', strong: false }
  const words = wordsOf(key)
  const last = words.at(-1) ?? ''
  const strong = words.some(word => strongWords.has(word) || endsAsAddress(word))
  if (isOwnSide(key)) return { kind: 'itself' }
  if (shownToOthers.test(key)) return { kind: 'never' }
  if (strong && !(neverWords.has(last) && last !== 'name'))
    return { kind: 'address', strong: words.length > 1 || (last !== 'host' && last !== 'hostname') }
  if (neverWords.has(last)) return { kind: 'never' }
  if (last === 'service' || last === 'services' || words.some(word => addressWords.has(word)))
    return { kind: 'address', strong: false }
  return { kind: 'unknown', words }
}

const wordsOf = (name: string): string[] =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(word => word !== '')

/** `ZIPKIN` and `zipkin.jaeger`, `REDIS_MASTER` and `redis-master-0`. */
const sharesWords = (words: readonly string[], host: string): boolean => {
  const first = wordsOf(host.split('.')[0]!)
  return (
    first.length > 0 &&
    words.length > 0 &&
    (words.every(word => first.includes(word)) || first.every(word => words.includes(word)))
  )
}

/** True for a name that only cluster DNS could answer: `x.ns.svc`, `x.ns.svc.cluster.local`. */
export const isInClusterName = (host: string): boolean => inClusterName.test(host)

/** Host and port that stand in two variables (`DB_HOST`, `DB_PORT`): the port's variable for a host's variable. */
export function portKeyOf(hostKey: string): string[] {
  const keys = [
    'host',
    'HOST',
    'hostname',
    'HOSTNAME',
    'addr',
    'ADDR',
    'address',
    'ADDRESS',
    'server',
    'SERVER',
    'Host',
    'Hostname',
    'Address',
    'Server',
  ]
  for (const suffix of keys)
    if (hostKey.endsWith(suffix)) {
      const stem = hostKey.slice(0, -suffix.length)
      const port = suffix === suffix.toUpperCase() ? 'PORT' : suffix[0] === suffix[0]!.toUpperCase() ? 'Port' : 'port'
      return [`${stem}${port}`]
    }
  return []
}
