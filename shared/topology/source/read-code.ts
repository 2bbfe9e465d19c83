import { blankTests } from './blank-tests.ts'
import { dialledNames, handed, isTold, makesChannel } from './called-with.ts'
import { languageOf } from './classify-path.ts'
import { type CodeLine, type Literal, lexCode } from './lex-code.ts'
import { constantsOf, mentionsOf, namesWords, withConstants } from './read-constants.ts'
import type { AddressFact, ClientFact, EndpointFact, FileFacts } from './source-facts.ts'

/** Files without any of this say nothing here; most of a program is left unread by it. */
const telling =
  /:\/\/|[\w-]:\d{2,5}\b|env|ENV|[Hh]ost|HOST|[Aa]ddr|ADDR|[Uu]rl|URL|[Uu]ri|URI|[Ee]ndpoint|ENDPOINT|Stub|Client|Servicer|ImplBase|addService|Server::|::Service|Base\b|Feign|[Ii]nvok|Redis|Kafka|Memcache|Elastic|Jedis|Rabbit|[Cc]onnect|[Bb]roker|[Uu]pstream|[Pp]ub_?[Ss]ub|PUB_?SUB|[Ss]tate|[Bb]inding|Topic\(|@(app|router|Get|Post|Put|Delete|Request|Patch)|\.(get|post|put|delete|route|Map(Get|Post|Put|Delete))\(/

/** What program text of any language says of addresses, by its texts and the names they stand under. */
export function readCode(path: string, written: string): FileFacts {
  const text = blankTests(path, written)
  if (!telling.test(text) && !path.endsWith('.go') && !namesWords(path, text))
    return { addresses: [], switches: [], clients: [], endpoints: [] }
  const language = languageOf(path)
  const shell = language === 'shell'
  const lines = lexCode(/FeignClient/.test(text) ? onOneLine(text) : text, language)
  const addresses: AddressFact[] = []
  const clients: ClientFact[] = []
  const endpoints: EndpointFact[] = []
  const dialled = new Set<string>()
  /** Variables of the container by the program's variable they were read into. */
  const readInto = new Map<string, string>()
  let open: string | undefined
  /** Inside a list, begun above, of those that browsers may come from. */
  let letsIn = false
  for (const at of lines) {
    // Nobody wrote it: packed for browsers, or data.
    if (at.code.length > longestLine) continue
    letsIn = letsIn ? !/^\s*[\])}]/.test(at.code) : lettingInBelow.test(at.code)
    const written = variablesRead(at)
    // .NET's `Cart:Host` is `Cart__Host` to its environment, and `Cart.Host` here.
    const names = written.map(name => name.replace(/:+/g, '.'))
    const assigned = /(?:^|[\s(,;.])([A-Za-z_$][\w$]*)\s*(?::\s*[\w<>[\].]+\s*)?(?::=|=)(?!=)/.exec(at.code)?.[1]
    // A call whose arguments stand on the lines below: `getEnv(` … `"X",` … `"http://x")`.
    const continued = names.length === 0 && open !== undefined ? [open] : names
    for (const name of names) {
      addresses.push({ key: name, template: `\${${name}}`, line: at.line, shown: shown(at.code), place: 'code' })
      if (assigned !== undefined) readInto.set(assigned, name)
      for (const pointer of at.code.matchAll(/&([\w.]+)/g)) readInto.set(pointer[1]!.split('.').pop()!, name)
    }
    if (path.endsWith('.go')) addresses.push(...taggedFields(at))
    if (shell)
      for (const literal of at.literals)
        for (const [index, row] of literal.value.split('\n').entries())
          if (index > 0)
            for (const { value } of bareWords({ line: at.line + index, code: row, literals: [] }))
              if (!value.includes('$'))
                addresses.push({ key: '', template: value, line: at.line + index, shown: shown(row), place: 'code' })
    if (makesChannel(at.code)) for (const name of [...names, ...dialledNames(at.code)]) dialled.add(name)
    const named = new Set(written)
    for (const literal of [...at.literals, ...(shell ? bareWords(at) : [])]) {
      const value = plainAddress(literal.value, path)
      if (value === null || named.has(literal.value)) continue
      const keys = keysOf(at, literal)
      const variable = continued[0] ?? (assigned === undefined ? undefined : readInto.get(assigned))
      const bare = /^[\w-]+$/.test(value)
      const key =
        (bare ? keys.find(name => isAddressKey(name) && takesBareHost(name)) : undefined) ??
        keys.find(isAddressKey) ??
        (keys.some(name => takesHost.test(name)) ? 'host' : undefined) ??
        (variable !== undefined && isAddressKey(variable) ? variable : undefined)
      if (!saysWhere.test(value) && key === undefined) continue
      if (letsIn || lettingIn.test(at.code) || keys.some(name => /^origins?$/i.test(name)) || isTold(at, literal))
        continue
      const constant = path.endsWith('.go') && isLoneConstant(text, assigned) ? assigned : undefined
      addresses.push({
        key: key ?? variable ?? keys[0] ?? '',
        template: variable === undefined || value.includes('${') ? value : `\${${variable}:-${value}}`,
        line: at.line,
        shown: shown(at.code),
        place: 'code',
        ...(constant !== undefined && { constant }),
        ...handed(at, literal, path),
      })
    }
    open = names[0] !== undefined && /[(,|?:=]\s*$/.test(at.code) ? names[0] : undefined
    clients.push(...clientsOf(at))
    endpoints.push(...servedOf(at), ...endpointsOf(at, path))
  }
  const imports = path.endsWith('.go') ? goImports(text) : []
  const facts = {
    addresses: distinct(addresses),
    switches: [],
    clients,
    endpoints,
    ...(dialled.size > 0 && { dialled: [...dialled] }),
  }
  if (path.endsWith('.go')) return { ...facts, ...(imports.length > 0 && { imports, uses: namesOfPackages(text) }) }
  const read = lines.filter(({ code }) => code.length <= longestLine)
  const constants = constantsOf(path, read)
  const values = new Map(constants.map(({ name, value }) => [name, value]))
  const mentions = mentionsOf(path, read, shown)
  const own = mentions.filter(({ owners }) => owners.length === 0)
  const others = mentions.filter(({ owners }) => owners.length > 0)
  return {
    ...withConstants({ ...facts, mentions: own }, ({ name }) => values.get(name)),
    mentions: others,
    constants,
  }
}

/** True where a Go file gives a constant that name and does nothing with it: others may. */
const isLoneConstant = (text: string, name: string | undefined): name is string =>
  name !== undefined && /^[A-Z]/.test(name) && text.split(new RegExp(`\\b${name}\\b`)).length === 2

/** What a Go file takes of packages without calling it: `endpoints.Cart`. */
const namesOfPackages = (text: string): string[] => [
  ...new Set([...text.matchAll(/\b[a-z]\w*\.([A-Z]\w*)\b(?!\()/g)].map(match => match[1]!)),
]

/** Import paths of a Go file. */
function goImports(text: string): string[] {
  const head = /^(?:import\s*\([^)]{0,8000}\)|import\s+[^\n(]+)/gm
  return [...text.matchAll(head)].flatMap(block =>
    [...block[0].matchAll(/"([^"\s]+\/[^"\s]+)"/g)].map(match => match[1]!),
  )
}

/** Fields that a Go program has filled from its variables: `env:"CART_ADDR" envDefault:"cart:8080"`. */
function* taggedFields({ code, line, literals }: CodeLine): Generator<AddressFact> {
  for (const { value } of literals) {
    const name = /\b(?:env|envconfig):"([A-Z][A-Z0-9_]*)/.exec(value)?.[1]
    const otherwise = /\b(?:envDefault|env-default|default):"([^"]*)"/.exec(value)?.[1]
    if (name !== undefined)
      yield {
        key: name,
        template: otherwise === undefined ? `\${${name}}` : `\${${name}:-${otherwise}}`,
        line,
        shown: shown(code),
        place: 'code',
      }
  }
}

/** An annotation over several lines, put on its first. */
const onOneLine = (text: string): string =>
  text.replace(/@(?:Reactive)?FeignClient\s*\([^)]{0,600}\)/g, whole => {
    const breaks = whole.split('\n').length - 1
    return whole.replace(/\s*\n\s*/g, ' ') + '\n'.repeat(breaks)
  })

const longestLine = 2_000

/** Addresses that stand in a script without quotes. */
const bareWords = ({ code }: CodeLine): Literal[] =>
  [...code.matchAll(/[a-z][a-z0-9+.-]{1,20}:\/\/[^\s"'`;|&()<>]+/g)].map(match => ({
    value: match[0],
    start: match.index,
    end: match.index + match[0].length,
  }))

/** Lines that say from where browsers may call: the address of the page, which nobody here calls. */
const lettingInBelow =
  /(origins?|cors\w{0,40})["']?\s{0,9}(?::\s{0,9}[\w<>[\]]{1,80}\s{0,9})?[:=(]?=?\s{0,9}[[({]{1,9}\s*$/i
const lettingIn =
  /cors\b|enableCors|CrossOrigin|[aA]llowed_?[oO]rigin|[wW]ithOrigins|(ALLOWED|TRUSTED)_(ORIGINS|HOSTS)/i

/** Sure by itself: a URL, `host:port`, a Service's full name, Go's `tcp(host:port)`. */
const saysWhere =
  /:\/\/[\w$]|^[a-z0-9.-]+:\d{2,5}(\/|$)|\.svc\b|\b(tcp|udp)\([\w.-]+:\d|\b(server|host|data source)\s*=\s*[\w.-]+[,;:]|\bhost=[\w.${}-]+(\s|$)/i

const shown = (code: string): string => {
  const text = code.trim()
  return text.length > 160 ? `${text.slice(0, 159)}…` : text
}

const distinct = (facts: readonly AddressFact[]): AddressFact[] => [
  ...new Map(facts.map(fact => [`${fact.line} ${fact.template} ${fact.key}`, fact])).values(),
]

const readers =
  /(?:process\.env\.|import\.meta\.env\.|\bDeno\.env\.|\bBun\.env\.|\benv\.)([A-Za-z_]\w*)|\$\{?([A-Z][A-Z0-9_]{2,})(?=[}:\W]|$)/g
const readBy =
  /(?:[Gg]et_?[Ee]nv(?:ironment_?[Vv]ariable)?\w*|LookupEnv|environ(?:\.get)?|process\.env|ENV(?:\.fetch)?|env(?:\.\w+|::var(?:_os)?)?|env!|\w*[Ee]nv(?:Or\w*|Var|Str\w*|Default)?|config\.(?:get\w*|require)|Configuration|GetValue<\w+>|GetConnectionString|option_env!|viper\.\w+|BindEnv|System\.get_env|fetch_env!?)\s*[([]\s*&?[\w.]*,?\s*$/

/** Names of variables a line reads: by the ways languages have for it, and any text written as such names are. */
function variablesRead(at: CodeLine): string[] {
  const names = new Set<string>()
  for (const match of at.code.matchAll(readers)) names.add((match[1] ?? match[2])!)
  for (const literal of at.literals) {
    if (/^[A-Z][A-Z0-9]*(_[A-Z0-9]+)+$/.test(literal.value)) names.add(literal.value)
    else if (
      /^[A-Za-z_][\w.:-]{1,80}$/.test(literal.value) &&
      readBy.test(at.code.slice(Math.max(0, literal.start - 120), literal.start))
    )
      names.add(literal.value)
    for (const match of literal.value.matchAll(/\$\{([A-Za-z][\w.-]*)(?::([^}]*))?\}/g))
      if (/^[A-Z][A-Z0-9_]+$/.test(match[1]!)) names.add(match[1]!)
  }
  return [...names]
}

const addressWords =
  /^(host|hosts|hostname|addr|addrs|address|addresses|url|urls|uri|uris|endpoint|endpoints|dsn|upstream|upstreams|broker|brokers|authority|baseurl|basepath|backend|bootstrap)$/
const neverLast =
  /^(name|path|id|type|key|version|pattern|prefix|suffix|regex|header|param|port|tag|label|mapping|title)$/

/** Functions and classes whose first text is the host they connect to. */
const takesHost =
  /^(Strict)?(Redis|MongoClient|MongoReplicaSetClient|KafkaProducer|KafkaConsumer|KafkaAdminClient|Elasticsearch|Memcached|MemcachedClient|StatsClient|Jedis|JedisPool|CachingConnectionFactory|Cluster|InfluxDBClient|Rabbit\w*Connection|ConnectionParameters|(open|create|new|get|make|connect)_?(to_?)?(redis|mongo|rabbit|amqp|kafka|nats|memcached?|elastic|postgres|mysql|sql|db|database|cassandra)\w*(connection|client|pool|session)?)$/i
/** The same, where the word before the dot has to be known. */
const connects =
  /\b(ConnectionMultiplexer|MongoClient|amqp(lib)?|nats|pika|memcached?|mqtt|redis|mongo)(\.|->)(Connect|connect|pconnect|addServer|createClient)(Async|_robust)?$/

/** True for names whose value is an address: `detailsHostname`, `CART_URL`, `.host(`; not `urlPattern`, `host_id`. */
export function isAddressKey(key: string): boolean {
  const words = key
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(word => word !== '')
  if (/listen|bind|allowed|cors|callback|redirect|public|external/i.test(key)) return false
  // A queue or a table may be called a connection's name; what makes connections takes a host.
  if (/connection[-_.]?(factory|string|ur[il])$/i.test(key)) return true
  return (
    words.some(word => addressWords.test(word) || endsAsAddress(word)) &&
    (/host_?name$/i.test(key) || !neverLast.test(words.at(-1) ?? ''))
  )
}

/** `PGHOST`, `dbhost`, `mongourl`: the last word is not set apart. */
export const endsAsAddress = (word: string): boolean =>
  /^[a-z]{2,}(host|hostname|addr|address|endpoint|url|uri|dsn)$/.test(word) &&
  !/^(localhost|ghost|vhost|curl|virtualhost|nohost|dehost)$/.test(word)

/**
 * True for names under which one bare word is a host: `cartHost`, `CART_ENDPOINT`, `getServiceUrl(`. Under `url`,
 * `address` or `endpoint` alone it is a path, a street or a word.
 */
export function takesBareHost(key: string): boolean {
  const words = key
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(word => word !== '')
  if (words.some(word => hostWords.test(word) || /[a-z]{2}(host|hostname|addr)$/.test(word))) return true
  if (
    words.length > 1 &&
    words[0] !== 'set' &&
    words.some(word => /^(addr|addrs|address|endpoint|endpoints|dsn|backend)$/.test(word))
  )
    return true
  return /^(get|make|build|resolve|find|to|service)$/.test(words[0] ?? '') && words.length > 1
}
const hostWords = /^(hosts?|hostname|servers?|brokers?|bootstrap|upstreams?|authority|addrs?)$/

/** What a text stands under, the nearest first: the variable, field, argument or function before it, or the text before it. */
function keysOf(at: CodeLine, literal: Literal): string[] {
  const before = at.code.slice(Math.max(0, literal.start - 240), literal.start)
  const keys: string[] = []
  const direct =
    /([A-Za-z_$][\w$.-]*)["'`\]]?\s*(?::\s*[\w<>[\].?]+\s*)?(?:=>|:=|\+=|=|:|\(|\()\s*(?:new\s+\w+\(|&?\w+\(|f|r|@|\$|\[|\{|\[\]\w+\{)?\s*$/.exec(
      before,
    )
  if (direct) keys.push(connects.test(direct[1]!) ? 'host' : direct[1]!.split('.').pop()!)
  const assigned =
    /(?:^|[\s(,;.&{])([A-Za-z_$][\w$]*)["']?\s*(?::\s*[\w<>[\].]+\s*)?(?:=>|:=|=(?!=)|:(?!:))[^=;,]*$/.exec(before)
  if (assigned) keys.push(assigned[1]!)
  // Of `x = f("…")` also `f`, of `set :x => "…"` also `x`, and of a later argument the function as well.
  const called = /([A-Za-z_$][\w$.]*(?:->\w+)?)\(\s*$/.exec(before)?.[1]
  if (called !== undefined) keys.push(connects.test(called) ? 'host' : called.split('.').pop()!)
  const nearest = /([A-Za-z_$][\w$]*)["'\]]?\s*(?:=>|=|:)\s*$/.exec(before)?.[1]
  if (nearest !== undefined) keys.push(nearest)
  const around = /([A-Za-z_$][\w$.]*)\((?:[^()"']|\([^()"']*\)){1,80},\s*$/.exec(before)?.[1]
  if (around !== undefined && (takesHost.test(around.split('.').pop()!) || connects.test(around))) keys.push('host')
  const previous = at.literals.filter(other => other.end <= literal.start).at(-1)
  if (previous && /^[A-Za-z][\w.-]*$/.test(previous.value)) keys.push(previous.value)
  return keys
}

/** Ways languages write "something goes here" in a text. */
const hole =
  /%(?:\d+\$)?[-+#0]*\d*(?:\.\d+)?[svdqwx@]|#\{[^}]*\}|\{\{[^}]*\}\}|(?<!\$)\{\d*\}|(?<!\$)\{[A-Za-z_][\w.!:()[\]'"]*\}|\$\([^)]*\)/g
/** Sentences are no addresses; `host=db user=x dbname=y` is none. */
const isProse = (text: string): boolean =>
  /\s.*\s.*\s.*\s/.test(text.slice(0, 200)) && !/\b(host|server)\s*=/i.test(text)

const variableHole = /\$\{([^}]*)\}/g

/**
 * A text as an address with variables of the container kept as `${NAME:-x}`. A hole behind the host is the rest of its
 * name or its port, which code fills in; a text whose host is a hole itself says nothing (null).
 */
export function plainAddress(text: string, path: string): string | null {
  if (text.length > 600 || text === '' || isProse(text) || /[<>]/.test(text)) return null
  let value = text.replace(variableHole, (whole, inside: string) => {
    const spring = /^([A-Za-z][\w.-]*?)(?::-?([^}]*))?$/.exec(inside)
    const isVariable = /^[A-Z][A-Z0-9_]*$/.test(inside.split(':')[0]!) || /\.(java|kt|groovy|scala|sh|bash)$/.test(path)
    const environment = /^(?:process\.env|import\.meta\.env)\.([A-Za-z_]\w*)$/.exec(inside)
    if (environment) return `\${${environment[1]}}`
    if (!spring || !isVariable) return '\uE000'
    return spring[2] === undefined ? whole : `\${${spring[1]}:-${spring[2]}}`
  })
  value = value.replace(hole, '\uE000')
  if (!value.includes('\uE000')) return value
  if (/:\/\/\uE000/.test(value) || value.startsWith('\uE000')) return null
  // `cart.{ns}.svc` and `cart{domain}` are cart, as far as it can be told; `cart-{zone}` is not.
  const cut = value
    .replace(/:\uE000/g, '')
    .replace(/(:\/\/[^/\uE000]*[a-z0-9])\.?\uE000[^/:?#]*/i, '$1')
    .replace(/^([a-z0-9-]*[a-z0-9])\.?\uE000[^/:?#]*/i, '$1')
  const authority = /:\/\/([^/?#]*)/.exec(cut)?.[1] ?? cut
  return authority.includes('\uE000') ? null : cut.replaceAll('\uE000', '')
}

function* clientsOf({ code, line, literals }: CodeLine): Generator<ClientFact> {
  const found = (name: string, by: ClientFact['by']): ClientFact => ({ name, by, line, shown: shown(code) })
  for (const match of code.matchAll(/\b([A-Z]\w+?)Stub\(/g))
    if (match[1] !== 'Blocking') yield found(stem(match[1]!), 'grpc')
  for (const match of code.matchAll(/\b([A-Z]\w+)Grpc(?:Kt)?\.(?:new\w*Stub|\w+CoroutineStub)\(/g))
    yield found(match[1]!, 'grpc')
  for (const match of code.matchAll(/\bnew\s+(?:[\w.]+\.)?([A-Z]\w+)\.\1Client\(/g)) yield found(match[1]!, 'grpc')
  for (const match of code.matchAll(/\b([A-Z]\w*Service)Client::(?:connect|new)\(/g)) yield found(match[1]!, 'grpc')
  for (const match of code.matchAll(/\b(?:\w+::)*([A-Z]\w+)::Stub\.new/g)) yield found(match[1]!, 'grpc')
  for (const match of code.matchAll(/\bAddGrpcClient<(?:\w+\.)*?(\w+)\.\1Client>/g)) yield found(match[1]!, 'grpc')
  if (/@FeignClient\b|@ReactiveFeignClient\b/.test(code)) {
    const name =
      /(?:^|[(,\s])(?:name|value)\s*=\s*"([\w.-]+)"/.exec(code)?.[1] ?? /Client\(\s*"([\w.-]+)"/.exec(code)?.[1]
    if (name !== undefined) yield found(name, 'feign')
  }
  const dapr =
    /(?:[iI]nvoke_?[mM]ethod(?:Async|WithContent)?|invoker\.invoke|CreateInvoke(?:HttpClient|MethodRequest|able\w*))(?:<[^>]*>)?\(/.exec(
      code,
    )
  if (dapr) {
    const first = literals.find(
      literal => literal.start >= dapr.index + dapr[0].length - 1 && /^[a-z][\w.-]*$/.test(literal.value),
    )
    if (first) yield found(first.value, 'dapr')
  }
  for (const literal of literals) {
    const invoked = /\/v1\.0\/invoke\/([a-z][\w.-]*)\/method\b/.exec(literal.value)?.[1]
    if (invoked !== undefined) yield found(invoked, 'dapr')
  }
  for (const name of componentsIn(code, literals)) yield found(name, 'component')
  const header = /["']dapr-app-id["']\s*[\],:=>]+\s*["']([a-z][\w.-]*)["']/.exec(code)?.[1]
  if (header !== undefined) yield found(header, 'dapr')
  for (const match of code.matchAll(/\bnew\s+(?:[\w$]+\.)*([A-Z]\w*Service)(?:GrpcWeb|Promise)?(?:Client)?\(/g))
    if (/Client\(|credentials|createInsecure/i.test(code)) yield found(match[1]!, 'grpc')
  for (const match of code.matchAll(/\bnew\s+([A-Z]\w+)Api\(/g)) yield found(match[1]!, 'openapi')
}

/** Short texts on a line that speaks of topics, states or bindings: one of them may be a component of Dapr. */
function* componentsIn(code: string, literals: readonly Literal[]): Generator<string> {
  for (const literal of literals) {
    const path = /\/v1\.0(?:-\w+)?\/(?:publish|state|bindings|configuration|lock)\/([a-z][\w.-]*)/.exec(
      literal.value,
    )?.[1]
    if (path !== undefined) yield path
    else if (/^[a-z][a-z0-9-]{2,40}$/.test(literal.value) && speaksOfComponents.test(code)) yield literal.value
  }
}
const speaksOfComponents =
  /pub_?sub|state_?store|store_?name|publish_?event|save_?state|get_?state|binding|\bTopic\(|subscribe/i

/** gRPC services a program serves, in the words of the code that is generated for each language. */
const serving: readonly RegExp[] = [
  /\badd_([A-Z]\w*)Servicer_to_server\(/g,
  /\bextends\s+(?:\w+\.)*([A-Z]\w*?)Grpc(?:Kt)?\.\w+ImplBase\b/g,
  /:\s*(?:\w+\.)*([A-Z]\w*?)Grpc(?:Kt)?\.\w+ImplBase\b/g,
  /\.addService\(\s*(?:[\w$]+\.)*([A-Z]\w*)\.service\b/g,
  /:\s*(?:\w+\.)*([A-Z]\w*)\.\1Base\b/g,
  /\b([A-Z]\w*Service)Server::(?:new|with_interceptor|from_arc)\(/g,
  /<\s*(?:\w+::)*([A-Z]\w*)::Service\b/g,
  /:\s*public\s+(?:\w+::)*([A-Z]\w*)::Service\b/g,
]

function* servedOf({ code, line }: CodeLine): Generator<EndpointFact> {
  if (!/Servicer|ImplBase|addService|Base\b|Server::|::Service/.test(code)) return
  for (const pattern of serving)
    for (const match of code.matchAll(pattern)) yield { method: 'GRPC', path: `/${match[1]}`, line }
}

const stem = (name: string): string => name.replace(/(Blocking|Future|Coroutine|Async)$/, '')

/** Routes of the web frameworks people use most, where one line says method and path. */
function* endpointsOf({ code, line, literals }: CodeLine, path: string): Generator<EndpointFact> {
  const [first] = literals.filter(literal => /^\/[^\s]*$/.test(literal.value) || literal.value === '')
  if (!first?.value.startsWith('/')) return
  const before = code.slice(0, first.start)
  const route = first.value
  if (/\.py$/.test(path)) {
    const match =
      /@[\w.]+\.(route|get|post|put|delete|patch|head|options|websocket)\(\s*(?:rule\s*=\s*|path\s*=\s*)?$/.exec(before)
    if (!match) return
    const methods = [...(/methods\s*=\s*[[(]([^\])]*)/.exec(code)?.[1] ?? '').matchAll(/["'](\w+)["']/g)].map(m =>
      m[1]!.toUpperCase(),
    )
    if (methods.length > 0) for (const method of methods) yield { method, path: route, line }
    else yield { ...(match[1] !== 'route' && { method: match[1]!.toUpperCase() }), path: route, line }
  } else if (/\.(m?[jt]s|cjs|tsx?)$/.test(path)) {
    const match =
      /\b(?:app|router|server|api|fastify|\w*[rR]outer|\w*App)\.(get|post|put|delete|patch|all|head|options)\(\s*$/.exec(
        before,
      )
    if (match) yield { ...(match[1] !== 'all' && { method: match[1]!.toUpperCase() }), path: route, line }
  } else if (/\.(java|kt|groovy)$/.test(path)) {
    const match =
      /@(Get|Post|Put|Delete|Patch|Request)Mapping\(\s*(?:(?:value|path)\s*=\s*)?\{?\s*$/.exec(before) ??
      /@(Path)\(\s*$/.exec(before)
    if (match) {
      const verb = /^(Request|Path)$/.test(match[1]!) ? /RequestMethod\.(\w+)/.exec(code)?.[1] : match[1]!.toUpperCase()
      yield { ...(verb !== undefined && { method: verb }), path: route, line }
    }
  } else if (/\.cs$/.test(path)) {
    const match = /\.Map(Get|Post|Put|Delete|Patch)\(\s*$/.exec(before)
    if (match) yield { method: match[1]!.toUpperCase(), path: route, line }
  }
}
