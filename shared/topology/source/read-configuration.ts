import { isAddressKey, plainAddress } from './read-code.ts'
import type { AddressFact, FileFacts, SwitchFact } from './source-facts.ts'

const directive =
  /^\s*(proxy_pass|grpc_pass|fastcgi_pass|uwsgi_pass|scgi_pass|memcached_pass|reverse_proxy|ProxyPass\w*|to|server|set\s+\$\w+)\s+(.+?)[;{]?\s*$/

type Pair = { readonly key: string; readonly value: string; readonly line: number; readonly shown: string }

/** What a configuration file that is built into an image says of addresses. Manifests and templates of charts say it elsewhere. */
export function readConfiguration(path: string, text: string): FileFacts {
  const name = path.slice(path.lastIndexOf('/') + 1)
  const yaml = /\.ya?ml$/i.test(name)
  if (yaml && /^\s*apiVersion:\s/m.test(text) && /^\s*kind:\s/m.test(text)) return none
  if (/\{\{-?\s*(\.Values|include|define|if )/.test(text)) return none
  const addresses: AddressFact[] = []
  const switches: SwitchFact[] = []
  const environment = /(^|\/)(\.env[\w.-]*|[\w.-]*\.env)$/.test(path)
  for (const { key, value, line, shown } of pairsOf(name, text)) {
    if (value.length > longestValue) continue
    if (/(^|\.)enabled$/i.test(key)) {
      switches.push({ prefix: key.replace(/\.?enabled$/i, ''), template: springTemplate(value) })
      continue
    }
    const template = plainAddress(springTemplate(value), 'x.java')
    if (template === null) continue
    if (!surely.test(template) && !isAddressKey(lastWord(key))) continue
    addresses.push({
      key,
      template: environment && !template.includes('${') ? `\${${key}:-${template}}` : template,
      line,
      shown: short(shown),
      place: 'config',
    })
  }
  return { addresses, switches, clients: [], endpoints: [] }
}

const longestValue = 600

const none: FileFacts = { addresses: [], switches: [], clients: [], endpoints: [] }
const surely =
  /:\/\/[\w$]|^[a-z0-9.-]+:\d{2,5}(\/|,|$)|\.svc\b|\b(tcp|udp)\(|\b(server|host|data source)\s*=\s*[\w.-]+[,;:]/i
const short = (text: string): string => (text.trim().length > 160 ? `${text.trim().slice(0, 159)}…` : text.trim())
const lastWord = (key: string): string => {
  const words = key.split(/[.:]/)
  const last = words.at(-1) ?? ''
  return /^\d+$/.test(last) ? (words.at(-2) ?? last) : last
}
/** Spring and Quarkus write `${NAME:default}`, shells and envsubst `${NAME:-default}`; both become the latter. */
const springTemplate = (value: string): string =>
  value.replace(/\$\{([A-Za-z][\w.-]*)(?::-?([^}]*))?\}/g, (_, name: string, otherwise: string | undefined) =>
    otherwise === undefined ? `\${${name}}` : `\${${name}:-${otherwise}}`,
  )

function pairsOf(name: string, text: string): Iterable<Pair> {
  if (/\.(ya?ml)$/i.test(name)) return yamlPairs(text)
  if (/\.(jsonc?)$/i.test(name)) return jsonPairs(text)
  if (/\.(xml|config)$/i.test(name)) return xmlPairs(text)
  if (/\.(conf|template|tmpl|cfg)$/i.test(name) || /^Caddyfile$|haproxy/.test(name)) return directivePairs(text)
  return linePairs(text)
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
    const pair = /^\s*(?:export\s+)?["']?([A-Za-z_][\w.:[\]-]*)["']?\s*[=:]\s*(.*)$/.exec(row)
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
    const pair = /^\s*["']?([A-Za-z_][\w.-]*)["']?\s*[=:]\s*(.+?)\s*$/.exec(row)
    if (pair) yield { key: pair[1]!, value: unquoted(pair[2]!), line: index + 1, shown: row }
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
    const match = /^(\s*)((?:-\s+)*)(?:["']?([\w.$/-]+)["']?\s*:(?:\s+(.*))?|(.*))$/.exec(row)
    if (!match) continue
    const [, space = '', dashes = '', key, value = '', item] = match
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
    else for (const one of listOf(plain)) yield { key: full, value: one, line: index + 1, shown: row }
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
  }
}
