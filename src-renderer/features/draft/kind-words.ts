import {
  ArrowUpCircle,
  GitCommitHorizontal,
  type LucideIcon,
  MapPin,
  NotebookPen,
  Scaling,
  ShieldCheck,
  Shuffle,
  Undo2,
  Waypoints,
} from 'lucide-react'
import type { DecisionSummary } from '../../../shared/decisions/decision.ts'
import type { MessageKey } from '../../../shared/messages/index.ts'

/** Glyph and word of every kind of decision, and of a plain commit. */
export const kindWords: {
  readonly [K in DecisionSummary['kind']]: { readonly icon: LucideIcon; readonly word: MessageKey }
} = {
  scale: { icon: Scaling, word: 'page.draftKindScale' },
  upgrade: { icon: ArrowUpCircle, word: 'page.draftKindUpgrade' },
  rewire: { icon: Waypoints, word: 'page.draftKindRewire' },
  traffic: { icon: Shuffle, word: 'page.draftKindTraffic' },
  place: { icon: MapPin, word: 'page.draftKindPlace' },
  policy: { icon: ShieldCheck, word: 'page.draftKindPolicy' },
  rollback: { icon: Undo2, word: 'page.draftKindRollback' },
  record: { icon: NotebookPen, word: 'page.draftKindRecord' },
  commit: { icon: GitCommitHorizontal, word: 'page.draftKindCommit' },
}
