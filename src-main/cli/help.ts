import { type Locale, type MessageKey, translate } from '../../shared/messages/index.ts'
import type { Command, Flags } from './command.ts'
import { commands } from './commands.ts'
import { commonFlags } from './read-arguments.ts'

/** How many columns a text takes in a terminal: East Asian wide characters take two. */
const width = (text: string): number =>
  [...text].reduce(
    (sum, character) =>
      sum +
      (/[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/.test(character)
        ? 2
        : 1),
    0,
  )

function table(rows: readonly (readonly [left: string, right: string])[]): string {
  const column = Math.min(34, Math.max(...rows.map(([left]) => width(left)))) + 2
  return rows
    .map(([left, right]) =>
      width(left) + 2 > column
        ? `  ${left}\n  ${' '.repeat(column)}${right}`
        : `  ${left}${' '.repeat(column - width(left))}${right}`,
    )
    .join('\n')
}

const listOf = (some: readonly Command[], locale: Locale): string =>
  table(
    some.map(({ name, arguments: given, about }) => [`${name} ${given}`.trimEnd(), translate(locale, { key: about })]),
  )

/** What the first word of several commands prints: `pilothouse edge`. */
export const groupHelp = (group: string, some: readonly Command[], locale: Locale): string =>
  `${translate(locale, { key: 'cli.helpOfGroup', params: { group } })}\n\n${listOf(some, locale)}\n`

/** What `pilothouse --help` prints. */
export function generalHelp(locale: Locale): string {
  const say = (key: MessageKey) => translate(locale, { key })
  return `${say('cli.helpTitle')}

${say('cli.helpUsage')}: pilothouse ${say('cli.helpUsageForm')}

${listOf(commands, locale)}

${say('cli.helpMore')}
${say('cli.helpExitCodes')}
`
}

/** What `pilothouse <command> --help` prints. */
export function commandHelp(command: Command, locale: Locale): string {
  const say = (key: MessageKey) => translate(locale, { key })
  const flags: Flags = { ...command.flags, ...commonFlags }
  const rows = Object.entries(flags).map(([name, { short, value, about }]) => {
    const left = `${short ? `-${short}, ` : ''}--${name}${value ? ` ${value}` : ''}`
    return [left, say(about)] as const
  })
  const under = commands.filter(({ name }) => name.startsWith(`${command.name} `))
  return `${say('cli.helpUsage')}: ${`pilothouse ${command.name} ${command.arguments}`.trimEnd()}

${say(command.about)}

${table(rows)}
${under.length > 0 ? `\n${listOf(under, locale)}\n` : ''}`
}
