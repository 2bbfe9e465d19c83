import { pairsOf } from '../configuration-pairs.ts'
import { isDiscovered } from '../find-references.ts'
import { isAddressKey, plainAddress } from './read-code.ts'
import type { AddressFact, FileFacts, SwitchFact } from './source-facts.ts'

/** What a configuration file that is built into an image says of addresses. Manifests and templates of charts say it elsewhere. */
export function readConfiguration(path: string, text: string): FileFacts {
  const name = path.slice(path.lastIndexOf('/') + 1)
  const yaml = /\.ya?ml$/i.test(name)
  if (yaml && /^[ \t]*apiVersion:\s/m.test(text) && /^[ \t]*kind:\s/m.test(text)) return none
  if (/\{\{-?\s*(\.Values|include|define|if )/.test(text)) return none
  const addresses: AddressFact[] = []
  const switches: SwitchFact[] = []
  const names: string[] = []
  const environment = /(^|\/)(\.env[\w.-]*|[\w.-]*\.env)$/.test(path)
  const pairs = [...pairsOf(name, yaml ? withoutOtherProfiles(text) : text)].filter(
    pair => pair.value.length <= longestValue,
  )
  const values = new Map(pairs.map(({ key, value }) => [key, value]))
  for (const { key, value: written, line, shown } of pairs) {
    const value = withOwnProperties(written, values)
    if (/(^|\.)enabled$/i.test(key)) {
      switches.push({ prefix: key.replace(/\.?enabled$/i, ''), template: springTemplate(value) })
      continue
    }
    if (registered.test(key) && /^[A-Za-z][\w.-]*$/.test(value)) names.push(value)
    const template = plainAddress(springTemplate(withoutRuby(value)), 'x.java')
    if (template === null || ofDocumentation.test(key)) continue
    if (!surely.test(template) && !isAddressKey(lastWord(key)) && !isDiscovered(key)) continue
    addresses.push({
      key,
      template: environment && !template.includes('${') ? `\${${key}:-${template}}` : template,
      line,
      shown: short(shown),
      place: 'config',
    })
  }
  return { addresses, switches, clients: [], endpoints: [], ...(names.length > 0 && { names }) }
}

/** Documents of an `application.yml` that only hold on a developer's machine are blanked, their lines stay. */
const withoutOtherProfiles = (text: string): string =>
  /^---/m.test(text) && /on-profile|profiles/.test(text)
    ? text
        .split(/^(?=---)/m)
        .map(document => (ofDevelopers.test(document) ? document.replace(/[^\n]+/g, '') : document))
        .join('')
    : text
const ofDevelopers =
  /^[ \t]*(?:[\w.-]*on-profile|(?:spring\.)?profiles):[ \t]*["'[]*(?:dev|develop|development|local|localhost|test|tests|it|ci|e2e)\b["'\]]*[ \t]*$/m

const longestValue = 600
/** Pages that show what others offer. */
const ofDocumentation = /(^|\.)(swagger(-ui)?|springdoc|redoc|smallrye-openapi)\./i
/** Under which name discovery knows the program. */
const registered = /^((spring|quarkus|micronaut)\.application\.name|eureka\.instance\.appname|dapr\.app-?id)$/i

const none: FileFacts = { addresses: [], switches: [], clients: [], endpoints: [] }
const surely =
  /:\/\/[\w$]|^[a-z0-9.-]+:\d{2,5}(\/|,|$)|\.svc\b|\b(tcp|udp)\(|\b(server|host|data source)\s*=\s*[\w.-]+[,;:]/i
const short = (text: string): string => (text.trim().length > 160 ? `${text.trim().slice(0, 159)}…` : text.trim())
const lastWord = (key: string): string => {
  const words = key.split(/[.:]/)
  const last = words.at(-1) ?? ''
  return /^\d+$/.test(last) ? (words.at(-2) ?? last) : last
}
/** `http://${cart.host}/x` where the same file says `cart.host`. */
const withOwnProperties = (value: string, values: ReadonlyMap<string, string>): string =>
  value.includes('${') ? value.replace(/\$\{([\w.-]+)\}/g, (whole, name: string) => values.get(name) ?? whole) : value

/** Spring and Quarkus write `${NAME:default}`, collectors `${env:NAME}`, shells `${NAME:-default}`: all become the last. */
const springTemplate = (value: string): string =>
  unnested(value).replace(
    /\$\{([A-Za-z][\w.-]*)(?::-?([^}]*))?\}/g,
    (_, name: string, otherwise: string | undefined) =>
      otherwise === undefined ? `\${${name}}` : `\${${name}:-${otherwise}}`,
  )

/** `${A:${B:x}}` as `${A:x}`: of a default that is a variable itself, its own default counts. */
const unnested = (value: string): string =>
  value.replace(
    /(\$\{[A-Za-z][\w.-]*:-?)\$\{[^{}:]*(?::-?([^{}]*))?\}/g,
    (_, start: string, inner = '') => start + inner,
  )

/** `<%= ENV.fetch('DB_HOST', 'db') %>` and `<%= ENV['DB_HOST'] || 'db' %>` of Rails as `${DB_HOST:-db}`. */
const withoutRuby = (value: string): string =>
  value.replace(
    /<%=\s*ENV(?:\.fetch\(|\[)\s*["'](\w+)["']\s*[\])]?(?:\s*(?:\|\||,|\)?\s*\{)\s*["']([^"']*)["'])?[\s)}\]]*%>/g,
    (_, name: string, otherwise: string | undefined) =>
      otherwise === undefined ? `\${${name}}` : `\${${name}:-${otherwise}}`,
  )
