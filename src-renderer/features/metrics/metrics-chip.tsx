import { Activity, CircleAlert, History, Plug } from 'lucide-react'
import type { SourceView } from '../../../shared/metrics/contract.ts'
import { type ChipWords, StatusChip, useFormat, useNow, useText } from '../../design/index.ts'
import { MetricsPanel } from './metrics-panel.tsx'
import { nameOf } from './name-of-source.ts'
import type { MeasuredPicture } from './use-measured.ts'
import { useWindowWords } from './window-words.ts'

/** The state that most needs a person stands for all sources. */
const urgency: readonly SourceView['state'][] = ['not-allowed', 'failed', 'stale', 'connecting', 'live']
const worstOf = (sources: readonly SourceView[]): SourceView | undefined =>
  [...sources].sort((a, b) => urgency.indexOf(a.state) - urgency.indexOf(b.state))[0]

/** Where the rates on the graph come from and of when they are; behind it what can be chosen and what is missing. */
export function MetricsChip({ picture }: { picture: MeasuredPicture }) {
  const text = useText()
  const says = useChipWords(picture)
  if (picture.older ? !picture.recorded : !picture.metrics) return null
  return (
    <StatusChip label={text('metrics.title')} says={says}>
      <MetricsPanel picture={picture} />
    </StatusChip>
  )
}

function useChipWords({ metrics, recorded, window, lostSince, only }: MeasuredPicture): ChipWords {
  const text = useText()
  const format = useFormat()
  const windowWords = useWindowWords()
  const now = useNow()
  const none = text('metrics.none')
  if (recorded) {
    const [first] = recorded.sources
    if (!first) return { tone: 'quiet', words: none, short: none, icon: History }
    const when = format.dateTime(first.asOf)
    const words = text('metrics.chipStale', { name: nameOf(text, first), window: windowWords(first.window), when })
    return { tone: 'stale', words, short: text('app.asOf', { when }), icon: History }
  }
  const source = metrics && worstOf(metrics.sources)
  if (!source) return { tone: 'quiet', words: none, short: none, icon: Activity }
  const name = nameOf(text, source)
  const when = source.asOf === null ? '–' : format.recent(source.asOf, now)
  const over = windowWords(window ?? metrics.window)
  const named = { name: only === null ? name : text(onlyWords[only]), window: over, when }
  if (source.state === 'not-allowed')
    return { tone: 'offer', words: text('metrics.chipConnect', { name }), short: name, icon: Plug }
  if (source.state === 'failed')
    return { tone: 'danger', words: text('metrics.chipFailed', { name }), short: name, icon: CircleAlert }
  if (source.state === 'connecting')
    return { tone: 'quiet', words: text('metrics.chipConnecting', { name }), short: name, icon: null }
  if (source.state === 'stale' || lostSince !== null)
    return { tone: 'stale', words: text('metrics.chipStale', named), short: text('app.asOf', { when }), icon: History }
  return { tone: 'live', words: text('metrics.chipLive', named), short: over, icon: Activity }
}

const onlyWords = {
  declared: 'metrics.seenDeclared',
  observed: 'metrics.seenObserved',
  both: 'metrics.seenBoth',
} as const
