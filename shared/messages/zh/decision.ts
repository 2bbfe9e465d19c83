import type { decision as en } from '../en/decision.ts'

export const decision: Record<keyof typeof en, string> = {}
