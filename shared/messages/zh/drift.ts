import type { drift as en } from '../en/drift.ts'

export const drift: Record<keyof typeof en, string> = {}
