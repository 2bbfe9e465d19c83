import { parse } from 'yaml'
import { type RecordStatus, recordStatuses } from './decision.ts'
import { splitFrontMatter } from './front-matter.ts'

export const adrRelations = [
  'supersedes',
  'superseded-by',
  'amends',
  'amended-by',
  'reverts',
  'promotes',
  'links',
] as const
/** How a record speaks of another; unlike a commit it also says what came after it. */
export type AdrRelation = (typeof adrRelations)[number]
export type AdrLink = {
  readonly relation: AdrRelation
  /** As written: a relative path, a number (`ADR-0005`, `5`), the name of a file, or a Decision-Id. */
  readonly target: string
}

/** What a record says of itself, in whichever of the usual forms. */
export type Adr = {
  readonly title: string | null
  readonly status: RecordStatus | null
  /** `2026-11-20` */
  readonly date: string | null
  readonly decisionId: string | null
  readonly links: readonly AdrLink[]
}

/**
 * Reads a record: front matter (MADR 3 and 4, and ours), lines `* Status: accepted` (MADR 2, log4brains), or a section
 * `## Status` (adr-tools, Nygard). Whatever it does not say is null.
 */
export function readAdr(text: string): Adr {
  const { frontMatter, body } = splitFrontMatter(text.replaceAll('\r\n', '\n'))
  const front = frontMatter === null ? {} : mapping(frontMatter)
  const heading = /^#[ \t]+(.+?)[ \t]*#*[ \t]*$/m.exec(body)?.[1]
  const statusLines = [
    ...wordsOf(front['status']),
    ...lineOf(body, 'status'),
    ...sectionOf(body, 'status').split('\n'),
  ].filter(line => line.trim() !== '')
  const date = wordsOf(front['date'])[0] ?? lineOf(body, 'date')[0]
  const links = [
    ...adrRelations.flatMap(relation =>
      relationKeys(relation).flatMap(key => wordsOf(front[key]).flatMap(words => targetsIn(words, relation))),
    ),
    ...statusLines.flatMap(line => linksOnLine(line, null)),
    ...[...sectionOf(body, 'links').split('\n'), ...sectionOf(body, 'more information').split('\n')].flatMap(line =>
      linksOnLine(line, 'links'),
    ),
  ]
  return {
    title: titleOf(heading ?? wordsOf(front['title'])[0] ?? ''),
    status: statusOf(statusLines),
    date: /\d{4}-\d\d-\d\d/.exec(date ?? '')?.[0] ?? null,
    decisionId: wordsOf(front['decision-id'])[0] ?? null,
    links: [...new Map(links.map(link => [`${link.relation} ${link.target}`, link])).values()],
  }
}

/** Does a text read as a record at all? For files whose name does not tell. */
export const looksLikeAdr = (text: string): boolean => {
  const { title, status } = readAdr(text)
  return title !== null && status !== null
}

/** `5. Use PostgreSQL`, `ADR-0005: Use PostgreSQL` */
export const titleOf = (heading: string): string | null =>
  heading
    .replace(/^(adr[-_ ]?)?\d+\s*[.:)–-]\s*/i, '')
    .replace(/^DECISION:\s*/i, '')
    .trim() || null

function mapping(yaml: string): { readonly [key: string]: unknown } {
  try {
    const value: unknown = parse(yaml, { schema: 'failsafe' })
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {}
  } catch {
    // Somebody's broken front matter: the text under it still reads.
    return {}
  }
}

const wordsOf = (value: unknown): readonly string[] =>
  typeof value === 'string'
    ? value.trim() === ''
      ? []
      : [value.trim()]
    : Array.isArray(value)
      ? value.flatMap(wordsOf)
      : []

/** `* Status: accepted`, above the first section. */
function lineOf(body: string, name: string): readonly string[] {
  const above = body.split(/^## /m, 1)[0]!
  const value = new RegExp(`^(?:[-*] +)?${name}:[ \\t]*(.+)$`, 'im').exec(above)?.[1]
  return value === undefined ? [] : [value.trim()]
}

/** What stands under `## Status` (of any depth), up to the next heading. */
function sectionOf(body: string, name: string): string {
  const start = new RegExp(`^(#{2,4})[ \\t]+${name}[ \\t]*$`, 'im').exec(body)
  if (!start) return ''
  const rest = body.slice(start.index + start[0].length)
  const end = rest.search(/^#{1,4}[ \t]/m)
  return end < 0 ? rest : rest.slice(0, end)
}

function statusOf(lines: readonly string[]): RecordStatus | null {
  // Of several (adr-tools adds a line for each) what happened last counts, and to be superseded is final.
  const found = lines.flatMap(line => {
    const word = /^[\s>*_`[-]*([a-z]+)/i.exec(line)?.[1]?.toLowerCase().replace('superceded', 'superseded')
    if (word === 'superseded' || /super[sc]eded\s+by/i.test(line)) return ['superseded' as const]
    return recordStatuses.filter(status => status === word)
  })
  return found.includes('superseded') ? 'superseded' : (found.at(-1) ?? null)
}

const phrases: readonly (readonly [RegExp, AdrRelation])[] = [
  [/super[sc]eded\s+by/i, 'superseded-by'],
  [/super[sc]edes/i, 'supersedes'],
  [/(amended|refined|clarified)\s+by/i, 'amended-by'],
  [/(amends|refines|clarifies)/i, 'amends'],
]

/** `Superseded by [12. Title](0012-title.md)`, `* Supersedes ADR-0005`; other local links as `otherwise`. */
function linksOnLine(line: string, otherwise: 'links' | null): readonly AdrLink[] {
  const phrase = phrases.find(([pattern]) => pattern.test(line))
  if (phrase) return targetsIn(line.slice(line.search(phrase[0])).replace(phrase[0], ''), phrase[1])
  return otherwise === null ? [] : localLinks(line).map(target => ({ relation: otherwise, target }))
}

const localLinks = (text: string): readonly string[] =>
  [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(match => match[1]!).filter(href => !/^([a-z]+:|#|\/\/)/i.test(href))

function targetsIn(words: string, relation: AdrRelation): readonly AdrLink[] {
  const linked = localLinks(words)
  const targets =
    linked.length > 0
      ? linked
      : [
          ...words.matchAll(
            /\b[0-7][0-9A-HJKMNP-TV-Z]{25}\b|\b\d{8}-[\w-]+|[\w./-]+\.md\b|\bADR[-_ ]?\d+|\b\d{1,5}\b/gi,
          ),
        ].map(match => match[0])
  return targets.map(target => ({ relation, target }))
}

/** Names a front matter may have for it. */
const relationKeys = (relation: AdrRelation): readonly string[] => [
  relation,
  relation.replace('-', '_'),
  ...(relation === 'superseded-by' ? ['supersededBy'] : []),
]
