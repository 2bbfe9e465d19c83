import { parseYaml } from '../yaml/parse-yaml.ts'
import { isYamlMap, type YamlMap, type YamlValue } from '../yaml/yaml-value.ts'

/** A node as another tool's file names it. */
export type ImportedNode = {
  readonly name: string
  readonly host: string
  readonly user?: string
  readonly port?: number
  readonly groups: readonly string[]
}
export type InventoryKind = 'ssh-config' | 'ansible-ini' | 'ansible-yaml' | 'addresses'

/** More addresses than this in one network are a mistake rather than a fleet. */
const largestNetwork = 1024

/** Tells an SSH client configuration, an Ansible inventory (INI or YAML) and a list of addresses apart. */
export function inventoryKind(text: string): InventoryKind {
  if (/^[ \t]*Host[ \t=]/im.test(text) && !/^\s*\[/m.test(text)) return 'ssh-config'
  if (/^\s*\[[^\]\s]+\]/m.test(text) || /\sansible_\w+=/.test(text)) return 'ansible-ini'
  const [document] = parseYaml(text)
  const value = document?.yaml.errors.length === 0 ? document.yaml.value : null
  return isYamlMap(value ?? null) ? 'ansible-yaml' : 'addresses'
}

/** The nodes an inventory names, each once, in its order. */
export function readInventory(text: string): readonly ImportedNode[] {
  const kind = inventoryKind(text)
  const found =
    kind === 'ssh-config'
      ? fromSshConfig(text)
      : kind === 'ansible-ini'
        ? fromIni(text)
        : kind === 'ansible-yaml'
          ? fromYaml(text)
          : text.split(/[\s,]+/).flatMap(word => (word === '' || word.startsWith('#') ? [] : addressesOf(word)))
  return merged(found)
}

/** Aliases without patterns; the alias stays the host, so that everything else of its entry holds too. */
function fromSshConfig(text: string): readonly ImportedNode[] {
  return text.split('\n').flatMap(line => {
    const [, hosts] = /^[ \t]*Host[ \t=]+(.+)$/i.exec(line.replace(/\s#.*$/, '')) ?? []
    return (hosts ?? '')
      .split(/\s+/)
      .map(host => host.replace(/^"|"$/g, ''))
      .filter(host => host !== '' && !/[*?!]/.test(host))
      .map(host => ({ name: host, host, groups: [] }))
  })
}

type Variables = { readonly [name: string]: string }
const withVariables = (name: string, variables: Variables, groups: readonly string[]): ImportedNode => {
  const port = Number(variables['ansible_port'] ?? variables['ansible_ssh_port'])
  const user = variables['ansible_user'] ?? variables['ansible_ssh_user']
  return {
    name,
    host: variables['ansible_host'] ?? variables['ansible_ssh_host'] ?? name,
    ...(user !== undefined && { user }),
    ...(Number.isInteger(port) && port > 0 && { port }),
    groups,
  }
}

/** https://docs.ansible.com/ansible/latest/inventory_guide/intro_inventory.html: groups, children, vars, ranges. */
function fromIni(text: string): readonly ImportedNode[] {
  const hosts: { name: string; variables: Variables; group: string | null }[] = []
  const parents = new Map<string, string[]>()
  const groupVariables = new Map<string, Variables>()
  let [section, kind] = ['', 'hosts']
  for (const raw of text.split('\n')) {
    const line = raw.replace(/(^|\s)[#;].*$/, '').trim()
    if (line === '') continue
    const [, name, of] = /^\[([^\]:]+)(?::(\w+))?\]$/.exec(line) ?? []
    if (name !== undefined) {
      section = name
      kind = of ?? 'hosts'
      continue
    }
    if (kind === 'children') parents.set(line, [...(parents.get(line) ?? []), section])
    else if (kind === 'vars') {
      const [, key, value] = /^([^=\s]+)\s*=\s*(.*)$/.exec(line) ?? []
      if (key !== undefined) groupVariables.set(section, { ...groupVariables.get(section), [key]: unquoted(value!) })
    } else {
      const [pattern = '', ...words] = line.match(/(?:[^\s"']+|"[^"]*"|'[^']*')+/g) ?? []
      const pairs = words.flatMap(word => {
        const [, key, value] = /^([^=]+)=(.*)$/.exec(word) ?? []
        return key === undefined ? [] : [[key, unquoted(value!)] as const]
      })
      for (const host of expandRanges(pattern))
        hosts.push({ name: host, variables: Object.fromEntries(pairs), group: section || null })
    }
  }
  const above = (group: string, seen: readonly string[] = []): readonly string[] =>
    seen.includes(group)
      ? []
      : [group, ...(parents.get(group) ?? []).flatMap(parent => above(parent, [...seen, group]))]
  return hosts.map(({ name, variables, group }) => {
    const groups = group === null ? [] : [...new Set(above(group))]
    const inherited = ['all', ...groups.toReversed()].map(one => groupVariables.get(one) ?? {})
    return withVariables(name, Object.assign({}, ...inherited, variables) as Variables, groups)
  })
}

const unquoted = (value: string): string => value.trim().replace(/^(["'])(.*)\1$/, '$2')

/** `web[01:03].example` and `db-[a:c]`. */
function expandRanges(pattern: string): readonly string[] {
  const [whole, from, to, step] = /\[(\w+):(\w+)(?::(\d+))?\]/.exec(pattern) ?? []
  if (whole === undefined) return [pattern]
  const by = Number(step ?? 1) || 1
  const values: string[] = []
  if (/^\d+$/.test(from!) && /^\d+$/.test(to!))
    for (let at = Number(from); at <= Number(to) && values.length < largestNetwork; at += by)
      values.push(String(at).padStart(from!.length, '0'))
  else
    for (let at = from!.charCodeAt(0); at <= to!.charCodeAt(0) && values.length < 64; at += by)
      values.push(String.fromCharCode(at))
  return values.flatMap(value => expandRanges(pattern.replace(whole, value)))
}

function fromYaml(text: string): readonly ImportedNode[] {
  const found: ImportedNode[] = []
  const visit = (name: string, group: YamlValue | undefined, groups: readonly string[], inherited: Variables): void => {
    if (!isYamlMap(group)) return
    const own = name === 'all' ? groups : [...groups, name]
    const variables = { ...inherited, ...variablesOf(group['vars']) }
    const { hosts, children } = group
    if (isYamlMap(hosts))
      for (const [pattern, said] of Object.entries(hosts))
        for (const host of expandRanges(pattern))
          found.push(withVariables(host, { ...variables, ...variablesOf(said) }, own.toReversed()))
    if (isYamlMap(children)) for (const [child, below] of Object.entries(children)) visit(child, below, own, variables)
  }
  for (const { yaml } of parseYaml(text))
    if (isYamlMap(yaml.value))
      for (const [name, group] of Object.entries(yaml.value as YamlMap)) visit(name, group, [], {})
  return found
}

const variablesOf = (value: YamlValue | undefined): Variables =>
  isYamlMap(value)
    ? Object.fromEntries(
        Object.entries(value).flatMap(([key, one]) =>
          typeof one === 'string' || typeof one === 'number' ? [[key, String(one)]] : [],
        ),
      )
    : {}

/** An address, a name, or the hosts of an IPv4 network without its network and broadcast addresses. */
function addressesOf(word: string): readonly ImportedNode[] {
  const [, a, b, c, d, bits] = /^(\d+)\.(\d+)\.(\d+)\.(\d+)\/(\d+)$/.exec(word) ?? []
  const plain = (host: string): ImportedNode => ({ name: host, host, groups: [] })
  if (bits === undefined) return /^[A-Za-z0-9][A-Za-z0-9._:-]*$/.test(word) ? [plain(word)] : []
  const size = 2 ** (32 - Number(bits))
  if (size > largestNetwork || !Number.isInteger(size)) return []
  const base = [a, b, c, d].reduce((sum, part) => sum * 256 + Number(part), 0)
  const start = base - (base % size)
  const [first, last] = size > 2 ? [1, size - 2] : [0, size - 1]
  return Array.from({ length: last - first + 1 }, (_, index) => {
    const address = start + first + index
    return plain([24, 16, 8, 0].map(shift => Math.floor(address / 2 ** shift) % 256).join('.'))
  })
}

/** A host of several groups is one node. */
function merged(found: readonly ImportedNode[]): readonly ImportedNode[] {
  const byName = new Map<string, ImportedNode>()
  for (const node of found) {
    const before = byName.get(node.name)
    byName.set(
      node.name,
      before ? { ...before, ...node, groups: [...new Set([...before.groups, ...node.groups])] } : node,
    )
  }
  return [...byName.values()]
}

/** Names as an EdgeNode may have them: lower case, no other signs than dots and dashes. */
export const nodeName = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9.-]+/g, '-')
    .slice(0, 63)
    .replace(/^[^a-z0-9]+|[^a-z0-9]+$/g, '')

/**
 * Documents for the nodes that are not declared yet, to be put behind what a file holds. Each group becomes a label
 * `group.<name>: "true"`, to be selected by.
 */
export function edgeNodesText(nodes: readonly ImportedNode[], known: ReadonlySet<string>): string {
  const taken = new Set(known)
  return nodes
    .flatMap(({ name: given, host, user, port, groups }) => {
      const name = nodeName(given)
      if (name === '' || taken.has(name)) return []
      taken.add(name)
      const labels = groups.map(group => `    group.${nodeName(group) || 'other'}: "true"\n`)
      return [
        `---\napiVersion: pilothouse.dev/v1alpha1\nkind: EdgeNode\nmetadata:\n  name: ${scalar(name)}\n${
          labels.length > 0 ? `  labels:\n${labels.join('')}` : ''
        }spec:\n  host: ${scalar(host)}\n${user === undefined ? '' : `  user: ${scalar(user)}\n`}${port === undefined ? '' : `  port: ${port}\n`}`,
      ]
    })
    .join('')
}

/** JSON's strings are YAML's; plain only where no reader could take it for anything else. */
const scalar = (text: string): string =>
  /^[a-z][a-z0-9.-]*$/.test(text) && !/^(true|false|null|yes|no|on|off|y|n)$/.test(text) ? text : JSON.stringify(text)
