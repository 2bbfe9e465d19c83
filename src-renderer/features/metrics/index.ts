export { MeasuredFacts, SeenBadge } from './measured-facts.tsx'
export { MetricsChip } from './metrics-chip.tsx'
export { RecordedNote } from './recorded-sources.tsx'
export { type MeasuredPicture, useMeasured } from './use-measured.ts'
