import type { budget as en } from '../en/budget.ts'

export const budget: Record<keyof typeof en, string> = {}
