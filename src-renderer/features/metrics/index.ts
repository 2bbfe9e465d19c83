export { MeasuredFacts, SeenBadge } from './measured-facts.tsx'
export { MetricsChip } from './metrics-chip.tsx'
export { RecordedSources } from './recorded-sources.tsx'
export { type MeasuredPicture, useMeasured } from './use-measured.ts'
