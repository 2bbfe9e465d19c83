import { CircleChevronLeft, CircleChevronRight, type LucideIcon, Minus, Pencil, Plus } from 'lucide-react'
import type { Noise, Word } from '../../../shared/compare/difference.ts'
import type { MessageKey } from '../../../shared/messages/index.ts'

/** Glyph and word of each way to differ. What is only in one point is never called removed. */
export const changeLooks: { readonly [W in Word]: { readonly icon: LucideIcon; readonly word: MessageKey } } = {
  added: { icon: Plus, word: 'compare.added' },
  removed: { icon: Minus, word: 'compare.removed' },
  changed: { icon: Pencil, word: 'compare.changed' },
  'only-a': { icon: CircleChevronLeft, word: 'compare.onlyA' },
  'only-b': { icon: CircleChevronRight, word: 'compare.onlyB' },
}

export const noiseWords: { readonly [N in Noise]: MessageKey } = {
  server: 'compare.noise_server',
  tool: 'compare.noise_tool',
  checksum: 'compare.noise_checksum',
  default: 'compare.noise_default',
  quantity: 'compare.noise_quantity',
  'generated-name': 'compare.noise_generated_name',
  environment: 'compare.noise_environment',
}
