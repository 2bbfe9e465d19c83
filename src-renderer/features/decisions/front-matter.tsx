import { parse } from 'yaml'
import { Badge, Code, useText } from '../../design/index.ts'
import styles from './decision-detail.module.css'

/** The front matter of a record as a short list of facts; as the text it is where it is no mapping. */
export function FrontMatter({ yaml }: { yaml: string }) {
  const text = useText()
  const facts = factsOf(yaml)
  if (!facts) return <Code block>{yaml}</Code>
  return (
    <dl className={styles['front']} aria-label={text('page.decisionsFrontMatter')}>
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{name === 'status' ? <Badge>{value}</Badge> : value}</dd>
        </div>
      ))}
    </dl>
  )
}

function factsOf(yaml: string): readonly (readonly [string, string])[] | null {
  let value: unknown
  try {
    // As text: a date stays as it was written.
    value = parse(yaml, { schema: 'failsafe' })
  } catch {
    // Somebody's broken front matter is no failure of ours: the caller shows it as text.
    return null
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null
  return Object.entries(value).flatMap(([name, each]) => {
    const words = Array.isArray(each) ? each.map(wordOf).join(', ') : wordOf(each)
    return words === '' ? [] : [[name, words] as const]
  })
}

const wordOf = (value: unknown): string =>
  typeof value === 'string' ? value : value === null || value === undefined ? '' : JSON.stringify(value)
