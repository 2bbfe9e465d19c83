import { splitFrontMatter } from './front-matter.ts'

/** A section of a record's template. */
export type RecordSection = {
  readonly heading: string
  /** 2 for `##`, 3 for `###`. */
  readonly level: number
  /** Where the record has it, counted from 1; null where it does not. */
  readonly line: number | null
}

/** MADR 4, https://adr.github.io/madr/: what Pilothouse writes. */
const madr = [
  ['Context and Problem Statement', 2],
  ['Decision Drivers', 2],
  ['Considered Options', 2],
  ['Decision Outcome', 2],
  ['Consequences', 3],
  ['Confirmation', 3],
  ['Pros and Cons of the Options', 2],
  ['More Information', 2],
] as const
/** Nygard's, as adr-tools write it. */
const nygard = [
  ['Status', 2],
  ['Context', 2],
  ['Decision', 2],
  ['Consequences', 2],
] as const

/** The sections of the template a record follows, in their order, with where the record has each. */
export function recordSections(text: string): readonly RecordSection[] {
  const found = headingsOf(text)
  const has = (name: string): boolean => found.has(name.toLowerCase())
  const template = has('context') || has('decision') ? nygard : madr
  return template.map(([heading, level]) => ({ heading, level, line: found.get(heading.toLowerCase()) ?? null }))
}

/**
 * The record with a section it lacks, empty, before the first that comes after it in the template; and the line to write
 * in. Nothing else of the text changes. Null where the template has no such section, or the record has it.
 */
export function addRecordSection(
  text: string,
  heading: string,
): { readonly text: string; readonly line: number } | null {
  const sections = recordSections(text)
  const at = sections.findIndex(section => section.heading === heading)
  const section = sections[at]
  if (!section || section.line !== null) return null
  const end = /\r\n/.test(text) ? '\r\n' : '\n'
  const lines = text.split(/\r?\n/)
  const next = sections.slice(at + 1).find(({ line }) => line !== null)?.line ?? undefined
  // The last line is what follows the last line break.
  const before = next === undefined ? (lines.at(-1) === '' ? lines.length - 1 : lines.length) : next - 1
  const lead = before > 0 && lines[before - 1] !== '' ? [''] : []
  const added = [...lead, `${'#'.repeat(section.level)} ${heading}`, '', '', ...(next === undefined ? [] : [''])]
  return { text: lines.toSpliced(before, 0, ...added).join(end), line: before + lead.length + 3 }
}

/** Lines of the headings below the title, by their words in lower case; what stands in fenced code is none. */
function headingsOf(text: string): ReadonlyMap<string, number> {
  const whole = text.replaceAll('\r\n', '\n')
  const { body } = splitFrontMatter(whole)
  const skipped = whole.slice(0, whole.length - body.length).split('\n').length - 1
  const found = new Map<string, number>()
  let fence: string | null = null
  for (const [index, line] of body.split('\n').entries()) {
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1]
    if (fence !== null) {
      if (mark?.startsWith(fence)) fence = null
    } else if (mark) fence = mark
    else {
      const heading = /^#{2,3}[ \t]+(.+?)[ \t]*#*[ \t]*$/.exec(line)?.[1]?.toLowerCase()
      if (heading !== undefined && !found.has(heading)) found.set(heading, skipped + index + 1)
    }
  }
  return found
}
