/** A value of a configuration file with the keys it stands under. */
export type Pair = {
  /** All keys above it, with dots between: `spring.data.redis.host`. */
  readonly key: string
  readonly value: string
  /** 1-based. */
  readonly line: number
  /** The line as it stands. */
  readonly shown: string
}

const directive =
  /^\s*(proxy_pass|grpc_pass|fastcgi_pass|uwsgi_pass|scgi_pass|memcached_pass|reverse_proxy|ProxyPass\w*|to|server|set\s+\$\w+)\s+(.+?)[;{]?\s*$/

/** Every pair of a configuration file, by its name's ending or, where that says nothing, by its looks. */
export function pairsOf(name: string, text: string): Iterable<Pair> {
  // What fills a template in leaves the format as it is: `nginx.conf.template`, `envoy.tmpl.yaml`.
  switch (formatOf(name.replace(/\.(template|tmpl|tpl)$/i, ''), text)) {
    case 'yaml':
      return yamlPairs(text)
    case 'json':
      return jsonPairs(text)
    case 'xml':
      return xmlPairs(text)
    case 'directives':
      return directivePairs(text)
    case 'lines':
      return linePairs(text)
  }
}

type Format = 'yaml' | 'json' | 'xml' | 'directives' | 'lines'

function formatOf(name: string, text: string): Format {
  if (/\.(ya?ml)$/i.test(name)) return 'yaml'
  if (/\.(jsonc?|json5)$/i.test(name)) return 'json'
  if (/\.(xml|config)$/i.test(name)) return 'xml'
  if (/\.(properties|env|toml|ini|hcl|tf|nomad)$/i.test(name) || /^\.env/.test(name)) return 'lines'
  const start = text.slice(0, 4_000)
  if (/^\s*[{[]\s*["\n{\]}]/.test(start)) return 'json'
  if (/^\s*<[?!a-zA-Z]/.test(start) && !/\.conf$/i.test(name)) return 'xml'
  if (/\.(conf|cfg)$/i.test(name) || /^Caddyfile$|haproxy|nginx|envoy/i.test(name)) {
    const yaml = /^[\w-]+:\s*$/m.test(start) && !/[;}]\s*$/m.test(start)
    return yaml ? 'yaml' : 'directives'
  }
  if (/^\s*[\w.-]+\s*=/m.test(start) || /^\s*\[[\w.-]+\]\s*$/m.test(start)) return 'lines'
  return /^[\w.-]+:(\s|$)/m.test(start) ? 'yaml' : 'directives'
}

const unquoted = (value: string): string =>
  /^\s*(["'])(.*)\1[,;]?\s*$/.exec(value)?.[2] ?? value.trim().replace(/[,;]$/, '')
const comment = /^\s*(#|\/\/|;|!|--)/

function* linePairs(text: string): Generator<Pair> {
  let section = ''
  for (const [index, row] of rowsOf(text)) {
    if (comment.test(row)) continue
    const heading = /^\s*\[\[?([\w.:-]+)\]?\]\s*$/.exec(row)
    if (heading) {
      section = `${heading[1]}.`
      continue
    }
    const pair =
      /^\s*(?:export\s+)?["']?([A-Za-z_][\w.:[\]-]*)["']?\s*[=:]\s*(.*)$/.exec(row) ??
      /^\s*([A-Za-z_][\w."/-]*)\s*=\s*(.*)$/.exec(row)
    if (pair && pair[2] !== '')
      for (const value of listOf(pair[2]!)) yield { key: section + pair[1], value, line: index + 1, shown: row }
  }
}

const listOf = (value: string): string[] => {
  const list = /^\s*\[(.*)\]\s*$/.exec(value)?.[1]
  return list === undefined ? [unquoted(value.replace(/\s+#.*$/, ''))] : list.split(',').map(unquoted)
}

function* directivePairs(text: string): Generator<Pair> {
  for (const [index, row] of rowsOf(text)) {
    if (comment.test(row)) continue
    // Blocks may stand on one line; braces of variables are no blocks.
    const pieces = row.split(/(?<!\$)\{\s|;|\s\}/)
    if (pieces.some(piece => directive.test(piece))) {
      for (const piece of pieces) {
        const match = directive.exec(piece)
        for (const word of match?.[2]?.split(/\s+/) ?? []) {
          // `server name host:port` of HAProxy, `server host:port weight=1` of nginx.
          if (match?.[1] === 'server' && !/[:.]/.test(word) && /\s/.test(match[2]!)) continue
          yield { key: 'upstream', value: word, line: index + 1, shown: row }
        }
      }
      continue
    }
    // `host = x`, `host: x`; and `Host x` as Fluent Bit, Fluentd and Redis write it.
    for (const piece of row.includes('{') ? pieces : [row]) {
      const pair =
        /^\s*["']?([A-Za-z_][\w.-]*)["']?\s*[=:]\s*(.+?)\s*$/.exec(piece) ??
        /^\s*(hosts?|address|endpoint|ur[li]|server)\s+([^\s;{]+)\s*;?\s*$/i.exec(piece)
      if (pair) yield { key: pair[1]!, value: unquoted(pair[2]!), line: index + 1, shown: row }
    }
  }
}

/** Lines of a length that a person writes, with their 0-based numbers. */
function* rowsOf(text: string): Generator<[number, string]> {
  for (const [index, row] of text.split(/\r?\n/).entries()) if (row.length <= 4_000) yield [index, row]
}

/** Keys by indentation: tolerant of templates, anchors and everything else that is no plain pair. */
function* yamlPairs(text: string): Generator<Pair> {
  const stack: { readonly indent: number; readonly key: string }[] = []
  for (const [index, row] of rowsOf(text)) {
    if (/^---/.test(row)) stack.length = 0
    if (/^\s*(#|$)/.test(row)) continue
    const match = /^(\s*)((?:-\s+)*)(?:(?:"([^"]+)"|'([^']+)'|([\w.$/-]+))\s*:(?:\s+(.*))?|(.*))$/.exec(row)
    if (!match) continue
    const [, space = '', dashes = '', double, single, plainKey, value = '', item] = match
    const key = double ?? single ?? plainKey
    const indent = space.length + dashes.length
    while (
      stack.length > 0 &&
      stack.at(-1)!.indent >= (key === undefined ? space.length : indent) + (key === undefined && dashes !== '' ? 1 : 0)
    )
      stack.pop()
    const above = stack.map(entry => entry.key).join('.')
    if (key === undefined) {
      if (dashes !== '' && item)
        yield { key: above, value: unquoted(item.replace(/\s+#.*$/, '')), line: index + 1, shown: row }
      continue
    }
    const full = above === '' ? key : `${above}.${key}`
    const plain = value.replace(/(^|\s+)#.*$/, '').trim()
    if (plain === '' || /^[&|>]/.test(plain)) stack.push({ indent, key })
    else if (/^[[{].*[:{]/.test(plain) && plain.includes('{')) yield* flowPairs(full, plain, index + 1, row)
    else for (const one of listOf(plain)) yield { key: full, value: one, line: index + 1, shown: row }
  }
}

/** `{ address: cart, port_value: 8080 }` on one line: its pairs under the keys nearest to them. */
function* flowPairs(above: string, flow: string, line: number, shown: string): Generator<Pair> {
  for (const match of flow.matchAll(
    /["']?([\w.$/-]+)["']?\s*:\s*(?:"([^"]*)"|'([^']*)'|([^\s,{}[\]]+)|\[([^[\]{}]*)\])/g,
  )) {
    const [, key = '', double, single, plain, list] = match
    const values = list === undefined ? [double ?? single ?? plain ?? ''] : list.split(',').map(unquoted)
    for (const value of values) yield { key: `${above}.${key}`, value, line, shown }
  }
}

function* jsonPairs(text: string): Generator<Pair> {
  const stack: string[] = []
  let last = ''
  for (const [index, row] of rowsOf(text)) {
    for (const match of row.matchAll(/"((?:[^"\\]|\\.)*)"(\s*:)?|([{[])|([}\]])/g)) {
      const [, word, colon, opens, closes] = match
      if (opens !== undefined) {
        stack.push(last)
        last = ''
      } else if (closes !== undefined) {
        last = ''
        stack.pop()
      } else if (colon !== undefined) last = word!
      else {
        const keys = [...stack, last].filter(key => key !== '')
        yield { key: keys.join('.'), value: word!, line: index + 1, shown: row }
        last = ''
      }
    }
  }
}

function* xmlPairs(text: string): Generator<Pair> {
  for (const [index, row] of rowsOf(text)) {
    if (/<!--/.test(row)) continue
    for (const match of row.matchAll(
      /\b(connectionString|url|uri|host|address|value|endpoint|server(?:Name)?)="([^"]+)"/gi,
    )) {
      const key = /\b(?:name|key)="([^"]+)"/.exec(row)?.[1] ?? match[1]!
      yield { key: /value/i.test(match[1]!) ? key : match[1]!, value: match[2]!, line: index + 1, shown: row }
    }
    // `<host>cart</host>`, `<property name="connection.url">jdbc:…</property>`
    for (const match of row.matchAll(/<([\w:.-]+)(?:\s+(?:name|key)="([^"]+)")?\s*>([^<>]+)<\/\1>/g))
      yield { key: match[2] ?? match[1]!, value: match[3]!.trim(), line: index + 1, shown: row }
  }
}
