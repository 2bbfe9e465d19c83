import { broken, type DependencyFile } from '../read-data.ts'

export type Element = {
  /** Without its namespace prefix. */
  readonly name: string
  readonly attributes: ReadonlyMap<string, string>
  readonly children: Element[]
  text: string
}

const entities: { readonly [name: string]: string } = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }
const decoded = (text: string): string =>
  text.replace(/&(#x[0-9a-f]+|#\d+|\w+);/gi, (whole, name: string) => {
    if (!name.startsWith('#')) return entities[name] ?? whole
    const code = name[1] === 'x' || name[1] === 'X' ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1))
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole
  })
const local = (name: string): string => name.slice(name.indexOf(':') + 1)
const token =
  /<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<!\[CDATA\[([\s\S]*?)\]\]>|<!DOCTYPE[^>[]*(?:\[[\s\S]*?\])?[^>]*>|<\/([^\s>]+)\s*>|<([^\s/>!?]+)((?:\s+[^\s=>/]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(\/?)>|([^<]+)/g

/** Reads elements, attributes and text of an XML document. Document types and processing instructions are passed over. */
export function parseXml(file: DependencyFile): Element {
  const root: Element = { name: '', attributes: new Map(), children: [], text: '' }
  const open: Element[] = [root]
  let end = 0
  const fail = (at: number, reason: string): Error => broken(file, file.text.slice(0, at).split('\n').length, reason)
  for (const match of file.text.matchAll(token)) {
    if (match.index !== end) throw fail(end, 'this is no XML')
    end = match.index + match[0].length
    const [, cdata, closing, opening, attributes = '', selfClosing, text] = match
    const current = open.at(-1)!
    if (cdata !== undefined) current.text += cdata
    else if (text !== undefined) current.text += decoded(text)
    else if (opening !== undefined) {
      const found = [...attributes.matchAll(/([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)]
      const element: Element = {
        name: local(opening),
        attributes: new Map(found.map(([, key, double, single]) => [local(key!), decoded(double ?? single ?? '')])),
        children: [],
        text: '',
      }
      current.children.push(element)
      if (selfClosing !== '/') open.push(element)
    } else if (closing !== undefined) {
      if (open.length < 2 || current.name !== local(closing))
        throw fail(match.index, `</${closing}> closes nothing here`)
      open.pop()
    }
  }
  if (end !== file.text.length) throw fail(end, 'this is no XML')
  if (open.length > 1) throw fail(end, `<${open.at(-1)!.name}> is never closed`)
  return root
}

export const childrenOf = (element: Element | undefined, name: string): readonly Element[] =>
  element?.children.filter(child => child.name === name) ?? []
/** The first element down a path of names. */
export const childAt = (element: Element | undefined, ...path: readonly string[]): Element | undefined =>
  path.reduce<Element | undefined>((at, name) => at?.children.find(child => child.name === name), element)
export const textAt = (element: Element | undefined, ...path: readonly string[]): string | undefined => {
  const text = childAt(element, ...path)?.text.trim()
  return text === '' ? undefined : text
}
