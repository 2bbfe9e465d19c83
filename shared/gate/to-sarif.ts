import { type Locale, translate } from '../messages/index.ts'
import type { Gate, GateItem } from './gate.ts'
import { says } from './to-github-annotations.ts'

/** The gate as SARIF 2.1.0 (OASIS), which code hosts show at the lines it names. */
export function toSarif({ items }: Gate, locale: Locale, version: string): object {
  const told = items.filter(says)
  const rules = [...new Set(told.map(({ rule }) => rule))]
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'Pilothouse', version, rules: rules.map(id => ({ id })) } },
        results: told.map(item => ({
          ruleId: item.rule,
          ruleIndex: rules.indexOf(item.rule),
          level: levelOf(item),
          message: { text: translate(locale, item.message) },
          locations: (item.evidence ?? []).slice(0, 1).map(({ file, line }) => ({
            physicalLocation: {
              artifactLocation: { uri: file.split('/').map(encodeURIComponent).join('/') },
              region: { startLine: line },
            },
          })),
        })),
      },
    ],
  }
}
const levelOf = ({ verdict, info }: GateItem): 'error' | 'warning' | 'note' =>
  info ? 'note' : verdict === 'block' ? 'error' : 'warning'
