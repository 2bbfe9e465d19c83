import type { ComparedSet } from '../../shared/dependencies/diff-to-json.ts'
import { ecosystemWord } from '../../shared/dependencies/ecosystem.ts'
import type { Dragged } from '../../shared/dependencies/explain-diff.ts'
import { versionDirection, versionDistance } from '../../shared/dependencies/versions/version-distance.ts'
import { type Locale, translate } from '../../shared/messages/index.ts'

const signs = { added: '+', removed: '-', changed: '~' } as const

/**
 * Direct changes first, each with what it dragged in below it:
 *
 *     ~ example.com/web v1.2.0 → v1.3.0  minor
 *         + example.com/http v0.4.0  (example.com/web)
 */
export function describeDependencyDiff(
  compared: readonly (ComparedSet & { readonly services?: readonly string[] })[],
  locale: Locale,
): string {
  const lines: string[] = []
  for (const { folder, ecosystem, diff, explanation, services } of compared) {
    if (compared.length > 1 || services) {
      const of = services && services.length > 0 ? `  (${services.join(', ')})` : ''
      lines.push(`${ecosystemWord(ecosystem)}  ${folder || '.'}${of}`)
    }
    const line = (item: Dragged): string => {
      const { name, from, to } = item
      if (from === null || to === null) return `${signs[item.change]} ${name} ${to ?? from}`
      const arrow = versionDirection(ecosystem, from, to) === 'downgrade' ? '↓' : '→'
      return `${signs[item.change]} ${name} ${from} ${arrow} ${to}  ${versionDistance(from, to)}`
    }
    const via = ({ path }: Dragged): string => (path.length > 1 ? `  (${path.slice(0, -1).join(' › ')})` : '')
    for (const { cause, dragged } of explanation.groups)
      lines.push(line(cause), ...dragged.map(item => `    ${line(item)}${via(item)}`))
    // Where no way leads to any of them, nothing says who asks for whom.
    const isKnown = explanation.rest.some(({ path }) => path.length > 0)
    if (explanation.rest.length > 0 && explanation.groups.length > 0)
      lines.push(translate(locale, { key: isKnown ? 'dependency.pageRest' : 'dependency.pageRestNoGraph' }))
    for (const item of explanation.rest) lines.push(`${line(item)}${via(item)}`)
    for (const name of diff.becameDirect)
      lines.push(`↑ ${name}  ${translate(locale, { key: 'dependency.becameDirect' })}`)
    for (const name of diff.becameIndirect)
      lines.push(`↓ ${name}  ${translate(locale, { key: 'dependency.becameIndirect' })}`)
    for (const { name, from, to } of diff.replaced) lines.push(`⇄ ${name}: ${from ?? '∅'} → ${to ?? '∅'}`)
    const { added, removed } = diff.edges
    if (added.length + removed.length > 0)
      lines.push(
        translate(locale, { key: 'dependency.edgeCounts', params: { added: added.length, removed: removed.length } }),
      )
  }
  return `${lines.join('\n')}\n`
}
