import {
  ArrowUpCircle,
  Cpu,
  FileCode,
  Gauge,
  HeartPulse,
  ListPlus,
  type LucideIcon,
  Move,
  Plug,
  Scaling,
  SquareMinus,
  SquarePlus,
  Tag,
  TextCursorInput,
  Variable,
} from 'lucide-react'
import type { EditKind } from '../../../shared/edits/edit.ts'

/** A glyph for every kind of edit. */
export const editIcons: { readonly [K in EditKind]: LucideIcon } = {
  'set-replicas': Scaling,
  'set-image': ArrowUpCircle,
  'set-arguments': ListPlus,
  'set-env': Variable,
  'set-resources': Cpu,
  'set-probe': HeartPulse,
  'set-metadata': Tag,
  'set-autoscaling': Gauge,
  'set-service-port': Plug,
  'add-service': SquarePlus,
  'remove-service': SquareMinus,
  'rename-service': TextCursorInput,
  'set-file': FileCode,
  'set-position': Move,
}
