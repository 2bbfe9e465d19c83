import type { GoCall, GoFile, GoValue } from './go-syntax.ts'
import { plainAddress } from './read-code.ts'
import type { AddressFact, ClientFact, EndpointFact, FileFacts } from './source-facts.ts'

/** What the syntax of a Go file says: which clients are made for which addresses, and what is served. */
export function readGo(file: GoFile): FileFacts {
  const addresses: AddressFact[] = []
  const clients: ClientFact[] = []
  const endpoints: (EndpointFact & { readonly call: GoCall })[] = []
  const imports = new Map(file.imports.map(({ name, path }) => [name, path]))
  const value = valueReader(file)
  const prefix = prefixReader(file, value)
  for (const call of file.calls) {
    const { line, shown } = call
    for (const { at, protocol } of handedTo(call, imports))
      for (const template of value(at, call.start))
        addresses.push({ key: 'address', template, line, shown, place: 'code', ...(protocol && { protocol }) })
    const stub = /^New([A-Z]\w*)Client$/.exec(call.method)?.[1]
    if (
      stub !== undefined &&
      call.receiver !== '' &&
      call.arguments.length > 0 &&
      !isOtherClient(imports.get(call.receiver))
    )
      clients.push({ name: stub, by: 'grpc', line, shown })
    const endpoint = endpointOf(call, value, prefix)
    if (endpoint) endpoints.push(endpoint)
  }
  const chained = methodsOf(file)
  return {
    addresses,
    switches: [],
    clients,
    endpoints: endpoints.flatMap(({ call, ...endpoint }) => {
      const methods = chained.get(call.start)
      return methods ? methods.map(method => ({ ...endpoint, method })) : [endpoint]
    }),
  }
}

/** Clients that are called `NewXxxClient` and speak no gRPC. */
const isOtherClient = (path: string | undefined): boolean =>
  path !== undefined &&
  /redis|aws|azure|cloud\.google|kubernetes|k8s\.io|docker|elastic|mongo|kafka|nats|net\/|vault|consul|github\.com\/google/.test(
    path,
  ) &&
  !/pb$|proto|grpc|genproto\/\w+$/.test(path)

type Handed = { readonly at: GoValue; readonly protocol?: string }

/** The arguments of well-known clients that are addresses, by package and function. */
function* handedTo(call: GoCall, imports: ReadonlyMap<string, string>): Generator<Handed> {
  const { method, receiver } = call
  const path = imports.get(receiver) ?? ''
  const argument = (index: number): GoValue => call.arguments[index] ?? { kind: 'other' }
  if (path === 'net/http') {
    if (/^(Get|Post|PostForm|Head)$/.test(method)) yield { at: argument(0), protocol: 'http' }
    else if (method === 'NewRequest') yield { at: argument(1), protocol: 'http' }
    else if (method === 'NewRequestWithContext') yield { at: argument(2), protocol: 'http' }
  } else if (path === 'net/url' && method === 'Parse') yield { at: argument(0) }
  else if (/google\.golang\.org\/grpc$/.test(path)) {
    if (method === 'Dial' || method === 'NewClient') yield { at: argument(0), protocol: 'grpc' }
    else if (method === 'DialContext') yield { at: argument(1), protocol: 'grpc' }
  } else if (path === 'database/sql' || /\/sqlx$/.test(path)) {
    if (/^(Open|Connect|MustConnect|MustOpen)$/.test(method)) yield { at: argument(1), ...driver(argument(0)) }
    else if (method === 'ConnectContext') yield { at: argument(2), ...driver(argument(1)) }
  } else if (/gorm\.io\/driver\/(\w+)/.test(path) && method === 'Open')
    yield { at: argument(0), ...driver({ kind: 'text', value: path.split('/').pop()! }) }
  else if (/\/pgx(\/|$)|pgxpool/.test(path) && /^(Connect|New|ParseConfig|ConnectConfig)$/.test(method))
    yield { at: argument(method === 'ParseConfig' ? 0 : 1), protocol: 'postgresql' }
  else if (/redis|redigo/.test(path)) {
    if (method === 'ParseURL' || method === 'DialURL') yield { at: argument(0), protocol: 'redis' }
    else if (method === 'Dial') yield { at: argument(1), protocol: 'redis' }
    else for (const at of fieldsOf(argument(0), /^Addrs?$/)) yield { at, protocol: 'redis' }
  } else if (/nats\.go|go-nats|\/nats$/.test(path) && method === 'Connect') yield { at: argument(0), protocol: 'nats' }
  else if (/kafka|sarama/.test(path)) {
    if (method === 'TCP') for (const at of call.arguments) yield { at, protocol: 'kafka' }
    else if (/^(New(Sync|Async)Producer|NewConsumer(Group)?|NewClient|NewClusterAdmin)$/.test(method))
      yield { at: argument(0), protocol: 'kafka' }
    else if (/^Dial/.test(method)) for (const at of call.arguments) yield { at, protocol: 'kafka' }
    else for (const at of fieldsOf(argument(0), /^(Brokers|bootstrap\.servers)$/)) yield { at, protocol: 'kafka' }
  } else if (/amqp/.test(path) && /^Dial/.test(method)) yield { at: argument(0), protocol: 'amqp' }
  else if (/mgo|mongo/.test(path) && /^(Dial\w*)$/.test(method)) yield { at: argument(0), protocol: 'mongodb' }
  else if (method === 'ApplyURI') yield { at: argument(0), protocol: 'mongodb' }
  else if (/memcache/.test(path) && method === 'New')
    for (const at of call.arguments) yield { at, protocol: 'memcached' }
  else if (method === 'SetBaseURL' || method === 'SetHostURL') yield { at: argument(0), protocol: 'http' }
}

function driver(value: GoValue): { protocol?: string } {
  const name = value.kind === 'text' ? value.value : ''
  const known: { readonly [driver: string]: string } = {
    postgres: 'postgresql',
    pgx: 'postgresql',
    postgresql: 'postgresql',
    mysql: 'mysql',
    sqlserver: 'mssql',
    mssql: 'mssql',
    clickhouse: 'clickhouse',
    oracle: 'oracle',
  }
  return Object.hasOwn(known, name) ? { protocol: known[name]! } : {}
}

const fieldsOf = (value: GoValue, name: RegExp): GoValue[] =>
  value.kind === 'fields' ? value.fields.filter(field => name.test(field.name)).map(field => field.value) : []

/** Texts a value may have, with variables of the container in them; none where it comes from elsewhere. */
type ReadValue = (value: GoValue, before: number) => string[]

function valueReader(file: GoFile): ReadValue {
  const byName = new Map<string, { readonly value: GoValue; readonly start: number }[]>()
  for (const { name, value, start } of file.assignments) {
    for (const one of new Set([name, name.split('.').pop()!]))
      byName.set(one, [...(byName.get(one) ?? []), { value, start }])
  }
  // `mustMapEnv(&svc.cartAddr, "CART_ADDR")` reads one, too.
  for (const call of file.calls)
    for (const [index, argument] of call.arguments.entries()) {
      const next = call.arguments[index + 1]
      if (argument.kind === 'name' && next?.kind === 'text' && isVariable(next.value)) {
        const name = argument.name.split('.').pop()!
        byName.set(name, [
          ...(byName.get(name) ?? []),
          { value: { kind: 'text', value: `\${${next.value}}` }, start: call.start },
        ])
      }
    }
  const read = (value: GoValue, before: number, depth: number): string[] => {
    if (depth > 6) return []
    switch (value.kind) {
      case 'text': {
        const plain = plainAddress(value.value, 'x.go')
        return plain === null || plain === '' ? [] : [plain]
      }
      case 'list':
        return value.items.flatMap(item => read(item, before, depth + 1))
      case 'sum': {
        const parts = value.parts.map(part => read(part, before, depth + 1)[0] ?? '\uE000')
        const whole = plainAddress(parts.join('').replaceAll('\uE000', '%s'), 'x.go')
        return whole === null || whole === '' ? [] : [whole]
      }
      case 'name': {
        const all = byName.get(value.name) ?? byName.get(value.name.split('.').pop()!) ?? []
        // All that it may hold: `addr := os.Getenv("X")`, then `if addr == "" { addr = "cart:80" }`.
        const values = [...new Set(all.flatMap(one => read(one.value, one.start, depth + 1)))]
        const variable = values.find(text => /^\$\{[^}:]+\}$/.test(text))
        const otherwise = values.find(text => !text.startsWith('${'))
        return variable && otherwise ? [`${variable.slice(0, -1)}:-${otherwise}}`] : values
      }
      case 'call':
        return readCall(value.call, before, depth)
      default:
        return []
    }
  }
  const readCall = (call: GoCall, before: number, depth: number): string[] => {
    const [first, second] = call.arguments
    if (first?.kind === 'text' && /[Ee]nv/.test(call.method)) {
      const otherwise = second ? read(second, before, depth + 1)[0] : undefined
      return [otherwise === undefined ? `\${${first.value}}` : `\${${first.value}:-${otherwise}}`]
    }
    if (call.method === 'Sprintf' && first?.kind === 'text') {
      let at = 0
      const text = first.value.replace(/%[-+#0]*\d*[svdq]/g, hole => {
        at += 1
        const argument = call.arguments[at]
        return (argument && read(argument, before, depth + 1)[0]) ?? hole
      })
      const whole = plainAddress(text, 'x.go')
      return whole === null || whole === '' ? [] : [whole]
    }
    // A flag with its default: `flag.String("dsn", "…", "…")`.
    if (call.receiver === 'flag' && second) return read(second, before, depth + 1)
    if (/^(Join\w*|TrimSuffix|TrimRight|TrimSpace|ToLower|Must|Parse)$/.test(call.method) && first)
      return read(first, before, depth + 1)
    return []
  }
  return (value, before) => read(value, before, 0)
}

const isVariable = (text: string): boolean => /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)+$/.test(text)

type Prefix = (call: GoCall) => string

/** What a router's paths begin with: groups, sub-routers and the closures they are filled in. */
function prefixReader(file: GoFile, value: ReadValue): Prefix {
  const closures = file.calls.flatMap(call =>
    call.arguments.flatMap(argument => (argument.kind === 'function' ? [{ call, argument }] : [])),
  )
  const ofReceiver = (name: string, at: number, depth: number): string => {
    if (depth > 12) return ''
    const around = closures
      .filter(({ argument }) => argument.start <= at && at <= argument.end && argument.parameters.includes(name))
      .sort((a, b) => b.argument.start - a.argument.start)[0]
    const assigned = file.assignments
      .filter(one => one.name === name && one.start <= at && one.value.kind === 'call')
      .sort((a, b) => b.start - a.start)[0]
    if (around && (!assigned || assigned.start < around.argument.start)) return ofCall(around.call, depth + 1)
    return assigned?.value.kind === 'call' && assigned.start < at ? ofCall(assigned.value.call, depth + 1) : ''
  }
  const before = (call: GoCall, depth: number): string =>
    call.on ? ofCall(call.on, depth + 1) : ofReceiver(call.receiver, call.start, depth + 1)
  /** What paths begin with on the router that a call gives back. */
  const ofCall = (call: GoCall, depth: number): string => {
    if (depth > 12) return ''
    const first = call.arguments[0]
    const own = first?.kind === 'text' ? first.value : ((first && value(first, call.start)[0]) ?? '')
    if (/^(Group|Route|PathPrefix|Path|Namespace)$/.test(call.method))
      return joined(before(call, depth), own.startsWith('/') ? own : '')
    return /^(Subrouter|With|Use|Host|Schemes|Headers|Methods)$/.test(call.method) ? before(call, depth) : ''
  }
  return call => before(call, 0)
}

const joined = (a: string, b: string): string =>
  `${a.replace(/\/+$/, '')}${b === '' || b.startsWith('/') ? b : `/${b}`}`

function endpointOf(call: GoCall, value: ReadValue, prefix: Prefix): (EndpointFact & { readonly call: GoCall }) | null {
  const { method, line } = call
  const text = (index: number): string | undefined => {
    const argument = call.arguments[index]
    return argument && pathText(argument, call.start, value)
  }
  const at = (path: string, verb?: string) => ({
    ...(verb !== undefined && { method: verb }),
    path: joined(prefix(call), path) || '/',
    line,
    call,
  })
  const served = /^Register(\w+)Server$/.exec(method)?.[1]
  if (served !== undefined && call.receiver !== '' && call.arguments.length === 2)
    return { method: 'GRPC', path: `/${served}`, line, call }
  const first = text(0)
  if (first === undefined || call.arguments.length < 2) return null
  if (method === 'HandleFunc' || method === 'Handle') {
    // Go 1.22: `"POST /orders/{id}"`; gin and gorilla's `Handle("GET", "/x", h)`.
    const named = /^([A-Z]+)\s+(?:[\w.-]+)?(\/\S*)$/.exec(first)
    if (named) return at(named[2]!, named[1])
    const second = text(1)
    if (/^[A-Z]+$/.test(first) && second?.startsWith('/')) return at(second, first)
    return first.startsWith('/') ? at(first) : null
  }
  if (method === 'Method' || method === 'MethodFunc') {
    const path = text(1)
    return path?.startsWith('/') ? at(path, first.toUpperCase()) : null
  }
  if (!/^(GET|POST|PUT|DELETE|PATCH|HEAD|OPTIONS|Any|Get|Post|Put|Delete|Patch|Head|Options|All)$/.test(method))
    return null
  if (!(first === '' || first.startsWith('/'))) return null
  const handler = call.arguments.at(-1)!
  if (handler.kind === 'text' || handler.kind === 'fields') return null
  return at(first, /^(Any|All)$/.test(method) ? undefined : method.toUpperCase())
}

/** A path with what is not known of it in braces: `baseURL + "/cart"` → `{baseURL}/cart`. */
function pathText(argument: GoValue, at: number, value: ReadValue): string | undefined {
  if (argument.kind === 'text') return argument.value
  if (argument.kind === 'name') return value(argument, at)[0]
  if (argument.kind !== 'sum') return undefined
  const parts = argument.parts.map(part =>
    part.kind === 'text' ? part.value : part.kind === 'name' ? (value(part, at)[0] ?? `{${part.name}}`) : '{}',
  )
  // What a path begins with may come from outside: `${BASE_URL}/cart` is `/{BASE_URL}/cart`.
  return parts.join('').replace(/^\$?\{([\w.-]+)(?::-[^}]*)?\}(?=\/|$)/, '/{$1}')
}

/** gorilla says the methods behind the route: `r.HandleFunc("/x", h).Methods("GET", "PUT")`. */
function methodsOf(file: GoFile): ReadonlyMap<number, readonly string[]> {
  const methods = new Map<number, readonly string[]>()
  for (const call of file.calls)
    if (call.method === 'Methods' && call.on)
      methods.set(
        call.on.start,
        call.arguments.flatMap(argument =>
          argument.kind === 'text'
            ? [argument.value]
            : argument.kind === 'name'
              ? [argument.name.replace(/^http\.Method/, '').toUpperCase()]
              : [],
        ),
      )
  return methods
}
