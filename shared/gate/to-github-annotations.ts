import { type Locale, translate } from '../messages/index.ts'
import type { Gate, GateItem } from './gate.ts'

/** Says the gate in workflow commands, which GitHub shows at the lines they name; one line an item. */
export const toGithubAnnotations = ({ items }: Gate, locale: Locale): string =>
  items
    .filter(says)
    .map(item => {
      const [place] = item.evidence ?? []
      const at = place ? `file=${property(place.file)},line=${place.line},` : ''
      return `::${commandOf(item)} ${at}title=${property(item.rule)}::${data(wordsOf(item, locale))}\n`
    })
    .join('')

/** What has something to say: rules that hold do not. */
export const says = (item: GateItem): boolean => item.verdict !== 'pass' || item.info === true
const commandOf = ({ verdict, info }: GateItem): string => (info ? 'notice' : verdict === 'block' ? 'error' : 'warning')
const wordsOf = ({ services, message }: GateItem, locale: Locale): string =>
  `${services.length > 0 ? `${services.join(', ')}: ` : ''}${translate(locale, message)}`

/** Escapes of `@actions/core`: a line break would end the command. */
const data = (text: string): string => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
const property = (text: string): string => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
