import { parseYaml } from '../../yaml/parse-yaml.ts'
import { isYamlList, isYamlMap, type YamlValue } from '../../yaml/yaml-value.ts'
import type { AddressFact, ClientFact, FileFacts } from './source-facts.ts'

/** What a compose file gives one of its services to run with. */
export type ComposeFacts = { readonly service: string; readonly file: string; readonly facts: FileFacts }

/** The environment of each service of a compose file; nothing for other files. */
export function readCompose(file: string, text: string): ComposeFacts[] {
  if (!/(^|\/)(docker-)?compose[\w.-]*\.ya?ml$/.test(file)) return []
  const found: ComposeFacts[] = []
  for (const { yaml } of parseYaml(text)) {
    const services = isYamlMap(yaml.value) ? yaml.value['services'] : undefined
    if (!isYamlMap(services)) continue
    for (const [service, value] of Object.entries(services)) {
      const environment = isYamlMap(value) ? value['environment'] : undefined
      const pairs = isYamlList(environment)
        ? environment.map(item => String(item).split(/=(.*)/s))
        : isYamlMap(environment)
          ? Object.entries(environment).map(([key, item]) => [key, String(item ?? '')])
          : []
      const addresses = pairs.flatMap(([key = '', item = '']): AddressFact[] =>
        item === '' || item.includes('$')
          ? []
          : [
              {
                key,
                template: `\${${key}:-${item}}`,
                line: lineOf(text, service, key),
                shown: `${key}=${item}`,
                place: 'compose',
              },
            ],
      )
      const clients = dependenciesOf(value).map(
        (name): ClientFact => ({
          name,
          by: 'compose',
          line: lineOf(text, service, name),
          shown: `${service} depends on ${name}`,
        }),
      )
      if (addresses.length + clients.length > 0)
        found.push({ service, file, facts: { addresses, switches: [], clients, endpoints: [] } })
    }
  }
  return found
}

/** `depends_on` in both its forms, and the older `links`. */
function dependenciesOf(service: YamlValue): readonly string[] {
  if (!isYamlMap(service)) return []
  const { depends_on: depends, links } = service
  const names = [
    ...(isYamlList(depends) ? depends.map(String) : isYamlMap(depends) ? Object.keys(depends) : []),
    ...(isYamlList(links) ? links.map(link => String(link).split(':')[0]!) : []),
  ]
  return [...new Set(names)]
}

/** The first line of that key below that service. */
function lineOf(text: string, service: string, key: string): number {
  const rows = text.split('\n')
  const begins = Math.max(
    0,
    rows.findIndex(row => row.trim() === `${service}:`),
  )
  const at = rows.findIndex((row, index) => index >= begins && row.includes(key))
  return (at < 0 ? begins : at) + 1
}
