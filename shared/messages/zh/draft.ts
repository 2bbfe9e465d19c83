import type { draft as en } from '../en/draft.ts'

export const draft: Record<keyof typeof en, string> = {}
