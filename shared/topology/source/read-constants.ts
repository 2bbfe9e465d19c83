import type { CodeLine } from './lex-code.ts'
import type { ClientFact, FileFacts } from './source-facts.ts'

/** A text with a name of its own, as others may use it: `public static final String CART = "cart"`. */
export type ConstantFact = { readonly name: string; readonly value: string }
/** The use of a constant that another file may hold: `ServiceNames.CART`. */
export type MentionFact = {
  /** Classes it may be in, by what stands before its name: the file is called like one of them. */
  readonly owners: readonly string[]
  readonly name: string
  /** What is made of it: a client by that name, or an address with {@link CONSTANT} for its value. */
  readonly as: ClientFact['by'] | 'address'
  readonly template: string
  readonly line: number
  readonly shown: string
}

/** Stands for the value of a constant in the template of a mention. */
export const CONSTANT = '\uE001'

/** Languages where a public class stands in a file called like it. */
const ofClasses = /\.(java|kts?|scala|groovy|cs)$/
/** True for a file whose constants others may use by its name. */
export const holdsConstants = (path: string): boolean => ofClasses.test(path)

const declared = /\b(?:const|final|val|readonly)\b[^="]*?\b([A-Za-z_]\w*)\s*(?::\s*String\s*)?=\s*$/

/** True for a text that gives a word a name, though it may say nothing of addresses: `const Cart = "cart"`. */
export const namesWords = (path: string, text: string): boolean =>
  holdsConstants(path) && /\b(?:const|final|val|readonly)\s[^\n="]{1,100}=\s*"[a-z][\w.-]*"/.test(text)

/** Texts that a file gives a name. */
export function constantsOf(path: string, lines: readonly CodeLine[]): ConstantFact[] {
  if (!holdsConstants(path)) return []
  return lines.flatMap(({ code, literals }) => {
    const [first] = literals
    const name = first && declared.exec(code.slice(0, first.start))?.[1]
    return first && name !== undefined && /^[a-z][\w.:/-]*$/i.test(first.value) ? [{ name, value: first.value }] : []
  })
}

const chain = String.raw`((?:[A-Za-z_]\w*\.)*)([A-Za-z_]\w*)`
const uses: readonly (readonly [MentionFact['as'], RegExp])[] = [
  ['feign', new RegExp(String.raw`FeignClient\((?:[^)]*?\b(?:name|value)\s*=\s*)?${chain}\s*[,)]`, 'g')],
  ['dapr', new RegExp(String.raw`[iI]nvoke_?[mM]ethod\w*(?:<[^>]*>)?\((?:HttpMethod\.\w+,\s*)?${chain}\s*,`, 'g')],
]
/** A host that is a constant: `"http://" + Hosts.CART + ":80"`, `"http://${Hosts.CART}:80"`, `$"http://{Hosts.Cart}"`. */
const hosted = new RegExp(
  String.raw`\b([a-z][a-z0-9+]*:\/\/)(?:"\s*\+\s*${chain}\s*(?:\+\s*")?|\$?\{${chain}\}|\$([A-Za-z_]\w*))(:\d{2,5})?`,
  'g',
)
const qualified = /\b((?:[A-Za-z_]\w*\.)*[A-Z]\w*)\.([A-Z]\w*)\b(?!\s*\()/g

/** Constants that lines use, of this file or of others. */
export function mentionsOf(path: string, lines: readonly CodeLine[], shown: (code: string) => string): MentionFact[] {
  if (!holdsConstants(path)) return []
  const found: MentionFact[] = []
  for (const { code, line, literals } of lines) {
    const add = (as: MentionFact['as'], before: string, name: string, template: string) => {
      const owners = before.split('.').filter(part => /^[A-Z]/.test(part))
      found.push({ owners, name, as, template, line, shown: shown(code) })
    }
    for (const [as, pattern] of uses)
      for (const [, before = '', name = ''] of code.matchAll(pattern)) add(as, before, name, CONSTANT)
    if (code.includes('://'))
      for (const [, scheme = '', a, b, c, d, e, port = ''] of code.matchAll(hosted))
        add('address', a ?? c ?? '', b ?? d ?? e ?? '', `${scheme}${CONSTANT}${port}`)
    if (!code.includes('.')) continue
    for (const match of code.matchAll(qualified))
      if (!literals.some(({ start, end }) => match.index > start && match.index < end))
        add('address', match[1]!, match[2]!, CONSTANT)
  }
  return found
}

const isAddress = (value: string): boolean => /:\/\/|^[a-z0-9.-]+:\d{2,5}(\/|$)/.test(value)

/** Facts of a file with what its mentions mean; `meaningOf` finds a constant, undefined where none is known. */
export function withConstants(facts: FileFacts, meaningOf: (mention: MentionFact) => string | undefined): FileFacts {
  const addresses = [...facts.addresses]
  const clients = [...facts.clients]
  for (const mention of facts.mentions ?? []) {
    const value = meaningOf(mention)
    if (value === undefined) continue
    const { line, shown, name } = mention
    if (mention.as !== 'address') clients.push({ name: value, by: mention.as, line, shown })
    else if (mention.template !== CONSTANT || isAddress(value))
      addresses.push({ key: name, template: mention.template.replace(CONSTANT, value), line, shown, place: 'code' })
  }
  return addresses.length === facts.addresses.length && clients.length === facts.clients.length
    ? facts
    : { ...facts, addresses, clients }
}
