import type { AdrRelation } from './read-adr.ts'

type Linked = { readonly title: string /** Path from the record, or an id. */; readonly href: string }

const linkTo = ({ title, href }: Linked): string => `[${title.replace(/[[\]]/g, '')}](${href})`

/** The record with another status, said where and how it says its status now. */
export function withStatus(text: string, status: string): string {
  const front = /^\uFEFF?---\r?\n[\s\S]*?\r?\n---[ \t]*(?:\r?\n|$)/.exec(text)?.[0]
  if (front !== undefined) {
    const line = `status: ${yamlWords(status)}`
    const changed = /^status:.*$/m.test(front)
      ? front.replace(/^status:.*$/m, () => line)
      : front.replace(/^(\uFEFF?---\r?\n)/, start => `${start}${line}\n`)
    return changed + text.slice(front.length)
  }
  if (/^([-*] +)?status:[ \t]*.+$/im.test(text.split(/^## /m, 1)[0]!))
    return text.replace(/^((?:[-*] +)?status:[ \t]*).+$/im, (_, start: string) => `${start}${status}`)
  const section = /^#{2,4}[ \t]+status[ \t]*\r?\n(?:[ \t]*\r?\n)*/im.exec(text)
  if (section) {
    const at = section.index + section[0].length
    const rest = text.slice(at)
    const capital = `${status.slice(0, 1).toUpperCase()}${status.slice(1)}`
    // The line that says it now goes; what it amends and is amended by stays.
    const line = /^(proposed|accepted|rejected|deprecated|super[sc]eded\b.*)[ \t]*$/im.exec(rest.split(/^#/m, 1)[0]!)
    return line
      ? text.slice(0, at) + rest.slice(0, line.index) + capital + rest.slice(line.index + line[0].trimEnd().length)
      : `${text.slice(0, at)}${capital}\n\n${rest}`
  }
  return `---\nstatus: ${yamlWords(status)}\n---\n\n${text}`
}

/** The record as one that another has taken the place of. */
export const supersededBy = (text: string, by: Linked): string => withStatus(text, `superseded by ${linkTo(by)}`)

/** The record with a link more: in its front matter, under its status, or in a section of links. Twice is once. */
export function withLink(text: string, relation: AdrRelation, to: Linked): string {
  const front = /^\uFEFF?---\r?\n[\s\S]*?\r?\n---[ \t]*(?:\r?\n|$)/.exec(text)?.[0]
  if (text.includes(`](${to.href})`)) return text
  const said = linkTo(to)
  if (front !== undefined) {
    const rest = text.slice(front.length)
    const item = `  - ${yamlWords(said)}\n`
    const key = new RegExp(`^${relation}:[ \\t]*\\r?\\n`, 'm').exec(front)
    if (key) {
      const at = key.index + key[0].length
      return front.slice(0, at) + item + front.slice(at) + rest
    }
    const end = front.lastIndexOf('\n---')
    return `${front.slice(0, end)}\n${relation}:\n${item.trimEnd()}${front.slice(end)}${rest}`
  }
  const words = relation.replace('-', ' ')
  const capital = `${words.slice(0, 1).toUpperCase()}${words.slice(1)} ${said}`
  const section = /^#{2,4}[ \t]+links[ \t]*\r?\n(?:[ \t]*\r?\n)*/im.exec(text)
  if (!section) return `${text.trimEnd()}\n\n## Links\n\n* ${capital}\n`
  const at = section.index + section[0].length
  return `${text.slice(0, at)}* ${capital}\n${text.slice(at)}`
}

/** A way from one file to another, as a link in Markdown says it. */
export function relativePath(from: string, to: string): string {
  const [a, b] = [from.split('/').slice(0, -1), to.split('/')]
  let same = 0
  while (same < a.length && same < b.length - 1 && a[same] === b[same]) same++
  return [...a.slice(same).map(() => '..'), ...b.slice(same)].join('/').replaceAll(' ', '%20')
}

/** What a link in a file leads to, from the workspace's root; null outside of it. */
export function resolvePath(from: string, href: string): string | null {
  const steps = from.split('/').slice(0, -1)
  let path = href.split('#', 1)[0]!
  try {
    path = decodeURIComponent(path)
  } catch {
    // A percent sign that stands for itself.
  }
  for (const step of path.split('/')) {
    if (step === '' || step === '.') continue
    if (step === '..') {
      if (steps.length === 0) return null
      steps.pop()
    } else steps.push(step)
  }
  return steps.join('/')
}

/** Plain where YAML takes it for what it is. */
const yamlWords = (text: string): string =>
  /: |^[\s"'[{>|*&!%@`#?-]| #|:$/.test(text) || text.includes('\n') ? JSON.stringify(text) : text
