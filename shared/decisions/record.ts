import { stringify } from 'yaml'
import type { FieldChange } from '../edits/apply-edits.ts'
import type { Gate, GateItem, RecordedGate } from '../gate/gate.ts'
import { translate } from '../messages/index.ts'
import { redact, redactValue } from '../topology/redact.ts'
import { relativePath } from './change-adr.ts'
import { oneLine } from './commit-message.ts'
import { type DecisionLink, decisionRelations, type Rationale } from './decision.ts'

export type RecordContent = {
  readonly rationale: Rationale
  readonly decisionId: string
  /** `2026-11-20`. */
  readonly day: string
  readonly author: { readonly name: string; readonly email: string }
  readonly environment: string | null
  readonly services: readonly string[]
  readonly gate: Gate
  readonly recordedGate: RecordedGate
  readonly changes: readonly FieldChange[]
  /** Mermaid source, or null when nothing on the graph changed. */
  readonly picture: string | null
  readonly reverts?: string
  /** Other decisions that this one speaks of. */
  readonly links?: readonly RecordLink[]
  /** Folder of the record, which its links start from. */
  readonly record: string
}

/** A link with what a record says of it. `path` of the other's record; null where it has none. */
export type RecordLink = DecisionLink & { readonly title: string; readonly path: string | null }

const linkWords: { readonly [K in RecordLink['relation']]: string } = {
  reverts: 'Reverts',
  supersedes: 'Supersedes',
  amends: 'Amends',
  promotes: 'Promotes',
  links: 'See also',
}

/** Markdown of what a record speaks of; null where that is nothing. */
function moreInformation({ links = [], record }: RecordContent): string | null {
  if (links.length === 0) return null
  const lines = links.map(({ relation, target, title, path }) => {
    const name = title.replace(/[[\]\\]/g, '')
    const href = path && relativePath(`${record}README.md`, path)
    return `* ${linkWords[relation]} ${href ? `[${name}](${href})` : `${name} (${target})`}`
  })
  return `## More Information\n\n${lines.join('\n')}`
}

/** Targets of one relation, as front matter says them: one as it is, several as a list. */
function targetsOf(
  links: readonly RecordLink[],
  relation: RecordLink['relation'],
): { [key: string]: string | string[] } {
  const targets = links.filter(link => link.relation === relation).map(({ target }) => target)
  return targets.length === 0 ? {} : { [relation]: targets.length === 1 ? targets[0]! : targets }
}

const cell = (text: string): string => oneLine(text).replaceAll('\\', '\\\\').replaceAll('|', '\\|')
const code = (text: string | undefined): string => (text === undefined ? '' : `\`${cell(text).replaceAll('`', "'")}\``)

/** A value as the table tells it: readers of records are more than those of manifests, so credentials are not told. */
function told(field: string, value: string | undefined): string | undefined {
  // `api-token:1.2` is a name and a tag, and no credential.
  if (value === undefined || /(^|[\s.])image$/.test(field)) return value
  const variable = /\benv\[([^\]]+)\]/.exec(field)?.[1]
  return variable === undefined ? redact(value) : redactValue(variable, value)
}

/** The reason given, and for a waiver its last day. */
function answerTo({ rule, verdict }: GateItem, { reasons, waivedUntil }: Rationale): string {
  const until = verdict === 'block' ? waivedUntil?.[rule] : undefined
  return [reasons?.[rule] ?? '', until === undefined ? '' : `(waived until ${until})`].filter(Boolean).join(' ')
}

/**
 * The record's README.md: MADR 4.0.0 (https://adr.github.io/madr/) with YAML front matter, so that any tool that reads
 * MADR reads it, then what changed, the graph of it and the gate's table.
 */
export function formatRecord(content: RecordContent): string {
  const { rationale } = content
  const title = oneLine(rationale.title)
  const front = stringify(
    {
      status: 'accepted',
      date: content.day,
      'decision-makers': [`${content.author.name} <${content.author.email}>`],
      'decision-id': content.decisionId,
      kind: rationale.kind,
      ...(content.environment !== null && { environment: content.environment }),
      services: content.services,
      gate: content.recordedGate,
      ...(content.reverts && { reverts: content.reverts }),
      ...Object.assign(
        {},
        ...decisionRelations
          .filter(relation => !(relation === 'reverts' && content.reverts))
          .map(relation => targetsOf(content.links ?? [], relation)),
      ),
    },
    { lineWidth: 0 },
  )
  const parts = [
    `---\n${front}---`,
    `# ${title}`,
    `## Context and Problem Statement\n\n${rationale.why.replace(/\r\n?/g, '\n').trim()}`,
  ]
  if (rationale.alternatives?.trim())
    parts.push(`## Considered Options\n\n* ${title}\n\n${rationale.alternatives.trim()}`)
  parts.push(`## Decision Outcome\n\nChosen option: "${title}".`)
  if (rationale.consequences?.trim()) parts.push(`### Consequences\n\n${rationale.consequences.trim()}`)
  if (content.changes.length > 0) {
    const rows = content.changes.map(
      change =>
        `| ${code(change.field)} | ${code(told(change.field, change.before))} | ${code(told(change.field, change.after))} | ${cell(change.file)}:${change.line} |`,
    )
    parts.push(`## What Changed\n\n| field | before | after | where |\n| --- | --- | --- | --- |\n${rows.join('\n')}`)
  }
  if (content.picture !== null) parts.push(`\`\`\`mermaid\n${content.picture}\n\`\`\``)
  const rows = content.gate.items.map(
    item =>
      `| ${cell(item.rule)} | ${item.verdict} | ${cell(translate('en', item.message))} | ${cell(answerTo(item, rationale))} |`,
  )
  parts.push(
    `## Gate\n\nVerdict: ${content.recordedGate}.${rows.length > 0 ? `\n\n| rule | verdict | finding | reason given |\n| --- | --- | --- | --- |\n${rows.join('\n')}` : ''}`,
  )
  const more = moreInformation(content)
  if (more !== null) parts.push(more)
  return `${parts.join('\n\n')}\n`
}
