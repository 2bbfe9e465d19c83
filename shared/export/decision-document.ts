import { structuredPatch } from 'diff'
import type { DecisionSummary, Snapshot } from '../decisions/decision.ts'
import { splitFrontMatter } from '../decisions/front-matter.ts'
import { splitTrailers } from '../decisions/trailers.ts'
import { withoutTitle } from '../decisions/without-title.ts'
import { type Locale, type MessageKey, type MessageParams, translate } from '../messages/index.ts'
import { describeResult, outcomeWords } from '../results/describe-result.ts'
import { type ResultEvent, standingOf } from '../results/result.ts'
import { redact } from '../topology/redact.ts'
import type { TopologyEdge } from '../topology/topology.ts'
import { markdownToHtml } from './markdown-to-html.ts'
import { topologySvg } from './topology-svg.ts'

/** One decision with all that a document tells of it. */
export type DecisionDocument = {
  readonly summary: DecisionSummary
  /** The whole commit message. */
  readonly message: string
  /** Markdown of its record; null where it has none. */
  readonly record: string | null
  readonly snapshot: Snapshot | null
  /** What it changed, its record left out; null on a side where there is no file, or no text. */
  readonly files: readonly { readonly path: string; readonly before: string | null; readonly after: string | null }[]
  /** What became of it, oldest first. */
  readonly results: readonly ResultEvent[]
}

/** A larger graph is no picture on a page of paper. */
const mostDrawn = 60

type Say = (key: MessageKey, params?: MessageParams) => string

const sayer =
  (locale: Locale): Say =>
  (key, params) =>
    translate(locale, { key, ...(params && { params }) })

/** The record without what the document says by itself; the message where there is no record. */
function proseOf({ record, message, summary }: DecisionDocument): string {
  if (record !== null) return withoutTitle(splitFrontMatter(record).body, summary.title).trim()
  const { text } = splitTrailers(message)
  return text.includes('\n') ? text.slice(text.indexOf('\n') + 1).trim() : ''
}

function factsOf({ summary, results }: DecisionDocument, say: Say): readonly (readonly [string, string])[] {
  const { id, decisionId, author, kind, services, gate, record } = summary
  const local = new Date((author.time + author.offset * 60) * 1000).toISOString().slice(0, 16).replace('T', ' ')
  const minutes = Math.abs(author.offset)
  const zone = `${author.offset < 0 ? '-' : '+'}${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`
  const facts: [string, string | null][] = [
    [say('audit.commit'), id],
    [say('audit.decisionId'), decisionId],
    [say('audit.author'), `${author.name} <${author.email}>`],
    [say('audit.date'), `${local} ${zone}`],
    [say('audit.kind'), kind],
    [say('audit.services'), services.join(', ') || null],
    [say('audit.gate'), gate],
    [say('audit.record'), record],
    [say('result.title'), outcomeOf(results, say)],
    ...(summary.links ?? []).map(({ relation, target }): [string, string] => [say(`record.is_${relation}`), target]),
  ]
  return facts.filter((fact): fact is [string, string] => fact[1] !== null)
}

function outcomeOf(results: readonly ResultEvent[], say: Say): string | null {
  const result = standingOf(results)
  return result && say(outcomeWords[result.standing])
}

/** `2026-11-20 14:08 UTC` */
const moment = (at: string): string => `${at.slice(0, 16).replace('T', ' ')} UTC`

/** Lines of a change as `git diff` shows them, credentials struck out. */
function diffLines({ path, before, after }: DecisionDocument['files'][number]): readonly string[] {
  const patch = structuredPatch(path, path, before ?? '', after ?? '', undefined, undefined, { context: 3 })
  return patch.hunks.flatMap(({ oldStart, oldLines, newStart, newLines, lines }) => [
    `@@ -${oldStart},${oldLines} +${newStart},${newLines} @@`,
    ...lines.map(line => redact(line)),
  ])
}

/** Dependencies of the services a decision is about, with what shows them. */
function evidenceOf({ snapshot, summary }: DecisionDocument): readonly TopologyEdge[] {
  const about = new Set(summary.services)
  return (snapshot?.topology?.edges ?? []).filter(({ from, to }) => about.has(from) || about.has(to))
}

/** Decisions as Markdown: any forge and any editor shows it. */
export function decisionsMarkdown(decisions: readonly DecisionDocument[], title: string, locale: Locale): string {
  const say = sayer(locale)
  const cell = (text: string) => text.replaceAll('|', '\\|').replace(/\s*\n\s*/g, ' ')
  const parts = [`# ${title}`]
  for (const decision of decisions) {
    parts.push(`## ${decision.summary.title}`)
    parts.push(
      `| | |\n| --- | --- |\n${factsOf(decision, say)
        .map(([name, value]) => `| ${name} | ${cell(value)} |`)
        .join('\n')}`,
    )
    // Its headings go one level down, under the decision's own.
    parts.push(proseOf(decision).replace(/^(#{1,4}) /gm, '#$1 '))
    if (decision.results.length > 0)
      parts.push(
        `### ${say('result.title')}\n\n${decision.results
          .map(event => `- ${moment(event.at)} ${cell(redact(describeResult(event, locale)))}`)
          .join('\n')}`,
      )
    for (const file of decision.files) {
      const lines = diffLines(file)
      const fence = fenceAround(lines)
      parts.push(`### \`${file.path}\`\n\n${fence}diff\n${lines.join('\n')}\n${fence}`)
    }
    const evidence = evidenceOf(decision)
    if (evidence.length > 0)
      parts.push(
        `### ${say('audit.evidence')}\n\n| ${say('audit.dependency')} | ${say('audit.shownBy')} |\n| --- | --- |\n${evidence
          .map(edge => `| ${cell(`${edge.from} → ${edge.to} (${edge.protocol})`)} | ${cell(shownBy(edge))} |`)
          .join('\n')}`,
      )
  }
  return `${parts.filter(part => part !== '').join('\n\n')}\n`
}

/** A fence longer than any in the text. */
const fenceAround = (lines: readonly string[]): string =>
  '`'.repeat(Math.max(3, ...lines.map(line => (/`{3,}/.exec(line)?.[0].length ?? 0) + 1)))

const shownBy = ({ evidence }: TopologyEdge): string =>
  evidence.map(({ file, line, detail }) => `${file}:${line} ${redact(detail)}`).join('; ')

const escapes: { readonly [character: string]: string } = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const html = (text: string): string => text.replace(/[&<>"]/g, character => escapes[character]!)

/**
 * Decisions as one HTML file: no script, nothing fetched, light and dark, and fit to print. It opens from a disk with
 * the network off.
 */
export function decisionsHtml(decisions: readonly DecisionDocument[], title: string, locale: Locale): string {
  const say = sayer(locale)
  const contents = decisions.map(
    ({ summary }) =>
      `<li><a href="#${summary.id}">${html(summary.title)}</a> <small>${html(summary.author.name)}</small></li>`,
  )
  const alone = decisions.length === 1
  const sections = decisions.map(decision => decisionHtml(decision, say, locale, alone))
  return `<!doctype html>
<html lang="${locale === 'zh' ? 'zh-Hans' : 'en'}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<title>${html(title)}</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>${html(title)}</h1>
${decisions.length > 1 ? `<nav aria-label="${html(say('audit.contents'))}"><ol>${contents.join('\n')}</ol></nav>` : ''}
${sections.join('\n')}
</main>
</body>
</html>
`
}

function decisionHtml(decision: DecisionDocument, say: Say, locale: Locale, alone: boolean): string {
  const { summary, snapshot, files } = decision
  const topology = snapshot?.topology
  const drawn = topology !== undefined && topology !== null && topology.nodes.length <= mostDrawn
  // The graph of the record is source here, and drawn below.
  const prose = drawn ? proseOf(decision).replace(/^```mermaid\n[\s\S]*?^```$/gm, '') : proseOf(decision)
  const parts = [
    ...(alone ? [] : [`<h2>${html(summary.title)}</h2>`]),
    `<dl>${factsOf(decision, say)
      .map(([name, value]) => `<div><dt>${html(name)}</dt><dd>${html(value)}</dd></div>`)
      .join('')}</dl>`,
    `<div class="prose">${markdownToHtml(prose)}</div>`,
  ]
  if (decision.results.length > 0)
    parts.push(
      `<h3>${html(say('result.title'))}</h3>`,
      `<table><tbody>${decision.results
        .map(event => `<tr><th>${moment(event.at)}</th><td>${html(redact(describeResult(event, locale)))}</td></tr>`)
        .join('')}</tbody></table>`,
    )
  if (topology && drawn && topology.nodes.length > 0) {
    const svg = topologySvg({ ...topology, revision: summary.id }, 'light', locale)
    parts.push(
      `<h3>${html(say('audit.graph', { environment: topology.environment }))}</h3>`,
      // As a picture: what is in it cannot reach the document around it.
      `<figure><img alt="${html(say('audit.graph', { environment: topology.environment }))}" src="data:image/svg+xml,${encodeURIComponent(svg)}"></figure>`,
    )
  } else if (topology && !drawn)
    parts.push(`<p>${html(say('audit.graphTooLarge', { count: topology.nodes.length }))}</p>`)
  if (files.length > 0) parts.push(`<h3>${html(say('audit.changes', { count: files.length }))}</h3>`)
  for (const file of files) {
    const lines = diffLines(file).map(line => {
      const sign = line.startsWith('@@') ? 'at' : line[0] === '+' ? 'add' : line[0] === '-' ? 'del' : ''
      return sign === '' ? html(line) : `<span class="${sign}">${html(line)}</span>`
    })
    const body = lines.length > 0 ? `<pre>${lines.join('\n')}</pre>` : `<p>${html(say('audit.noText'))}</p>`
    parts.push(`<details open><summary><code>${html(file.path)}</code></summary>${body}</details>`)
  }
  const evidence = evidenceOf(decision)
  if (evidence.length > 0)
    parts.push(
      `<h3>${html(say('audit.evidence'))}</h3>`,
      `<table><thead><tr><th>${html(say('audit.dependency'))}</th><th>${html(say('audit.state'))}</th><th>${html(say('audit.shownBy'))}</th></tr></thead><tbody>${evidence
        .map(
          edge =>
            `<tr><td>${html(`${edge.from} → ${edge.to}`)}<br><small>${html(edge.protocol)}</small></td><td>${html(edge.state)}</td><td>${edge.evidence
              .map(({ file, line, detail }) => `<code>${html(`${file}:${line}`)}</code> ${html(redact(detail))}`)
              .join('<br>')}</td></tr>`,
        )
        .join('')}</tbody></table>`,
    )
  return `<section id="${summary.id}"${alone ? ' class="alone"' : ''}>\n${parts.join('\n')}\n</section>`
}

const style = `
:root { color-scheme: light dark; --text: #171d26; --muted: #4c545f; --line: #d5d9de; --soft: #f4f6f8; --add: #e3f4e8; --del: #fbe6e5; --link: #1264c8 }
@media (prefers-color-scheme: dark) { :root { --text: #e6e9ed; --muted: #a5adb8; --line: #363c45; --soft: #1d2127; --add: #16331f; --del: #401c1d; --link: #79b0f5 } body { background: #14171b } figure { background: #fff } }
body { margin: 0; color: var(--text); font: 15px/1.6 "Inter Variable", Inter, system-ui, sans-serif }
main { max-width: 960px; margin: 0 auto; padding: 32px 24px 64px }
h1 { font-size: 24px; line-height: 1.3 } h2 { margin-top: 0; font-size: 20px } h3 { margin-top: 28px; font-size: 15px }
a { color: var(--link) } small, dt { color: var(--muted) } code, pre { font: 13px/1.5 "JetBrains Mono", ui-monospace, monospace }
th { white-space: nowrap } .alone { margin-top: 0; padding-top: 0; border: 0 }
section:not(.alone) { margin-top: 40px; padding-top: 32px; border-top: 1px solid var(--line) }
dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(280px, 1fr)); gap: 8px 24px; margin: 16px 0 24px }
dt { font-size: 12px } dd { margin: 0; overflow-wrap: anywhere; font-variant-numeric: tabular-nums }
figure { margin: 0; padding: 8px; border: 1px solid var(--line); border-radius: 6px } figure img { display: block; max-width: 100%; margin: 0 auto }
details { margin: 12px 0; border: 1px solid var(--line); border-radius: 6px } summary { padding: 8px 12px; cursor: pointer }
pre { margin: 0; padding: 12px; overflow-x: auto; background: var(--soft) } details pre { border-top: 1px solid var(--line); border-radius: 0 0 6px 6px }
pre span { display: inline-block; min-width: 100% } .add { background: var(--add) } .del { background: var(--del) } .at { color: var(--muted) }
table { width: 100%; border-collapse: collapse; font-size: 13px } th, td { padding: 6px 12px 6px 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; overflow-wrap: anywhere }
@media print { main { max-width: none; padding: 0 } section:not(.alone) { break-before: page } pre { white-space: pre-wrap } nav { break-after: page } }
`
