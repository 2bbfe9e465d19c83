import { Activity, CircleAlert, History, type LucideIcon, Plug } from 'lucide-react'
import { Popover } from 'radix-ui'
import type { SourceView } from '../../../shared/metrics/contract.ts'
import { Spinner, useFormat, useNow, useText } from '../../design/index.ts'
import styles from './metrics.module.css'
import { MetricsPanel } from './metrics-panel.tsx'
import { nameOf } from './name-of-source.ts'
import type { MeasuredPicture } from './use-measured.ts'
import { whenOf } from './when-of.ts'
import { useWindowWords } from './window-words.ts'

/** The state that most needs a person stands for all sources. */
const urgency: readonly SourceView['state'][] = ['not-allowed', 'failed', 'stale', 'connecting', 'live']
const worstOf = (sources: readonly SourceView[]): SourceView | undefined =>
  [...sources].sort((a, b) => urgency.indexOf(a.state) - urgency.indexOf(b.state))[0]

/** Where the rates on the graph come from and of when they are; behind it what can be chosen and what is missing. */
export function MetricsChip({ picture, narrow }: { picture: MeasuredPicture; narrow: boolean }) {
  const text = useText()
  const { tone, words, Icon } = useChipWords(picture)
  if (picture.older && !picture.recorded) return null
  if (!picture.older && !picture.metrics) return null
  return (
    <Popover.Root>
      <Popover.Trigger asChild>
        <button
          type="button"
          className={styles['chip']}
          data-tone={tone}
          aria-label={`${text('metrics.title')}: ${words}`}
          title={narrow ? words : undefined}
        >
          {Icon ? <Icon aria-hidden="true" /> : <Spinner />}
          {!narrow && <span>{words}</span>}
        </button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          className={styles['panel']}
          align="end"
          sideOffset={6}
          collisionPadding={8}
          aria-label={text('metrics.title')}
          // The panel and not its first button, which may be one that removes.
          onOpenAutoFocus={event => {
            event.preventDefault()
            if (event.currentTarget instanceof HTMLElement) event.currentTarget.focus()
          }}
        >
          <MetricsPanel picture={picture} />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  )
}

type ChipWords = {
  readonly tone: 'live' | 'stale' | 'danger' | 'quiet' | 'offer'
  readonly words: string
  /** Null: a spinner. */
  readonly Icon: LucideIcon | null
}

function useChipWords({ metrics, recorded, window, lostSince, only }: MeasuredPicture): ChipWords {
  const text = useText()
  const format = useFormat()
  const windowWords = useWindowWords()
  const now = useNow()
  if (recorded) {
    const [first] = recorded.sources
    if (!first) return { tone: 'quiet', words: text('metrics.none'), Icon: History }
    const words = { name: nameOf(text, first), window: windowWords(first.window), when: format.dateTime(first.asOf) }
    return { tone: 'stale', words: text('metrics.chipStale', words), Icon: History }
  }
  const source = metrics && worstOf(metrics.sources)
  if (!source) return { tone: 'quiet', words: text('metrics.none'), Icon: Activity }
  const name = nameOf(text, source)
  const named = {
    name: only === null ? name : text(onlyWords[only]),
    window: windowWords(window ?? metrics.window),
    when: source.asOf === null ? '' : whenOf(format, source.asOf, now),
  }
  if (source.state === 'not-allowed') return { tone: 'offer', words: text('metrics.chipConnect', { name }), Icon: Plug }
  if (source.state === 'failed')
    return { tone: 'danger', words: text('metrics.chipFailed', { name }), Icon: CircleAlert }
  if (source.state === 'connecting')
    return { tone: 'quiet', words: text('metrics.chipConnecting', { name }), Icon: null }
  if (source.state === 'stale' || lostSince !== null)
    return { tone: 'stale', words: text('metrics.chipStale', named), Icon: History }
  return { tone: 'live', words: text('metrics.chipLive', named), Icon: Activity }
}

const onlyWords = {
  declared: 'metrics.seenDeclared',
  observed: 'metrics.seenObserved',
  both: 'metrics.seenBoth',
} as const
