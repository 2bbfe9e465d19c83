import type { result as en } from '../en/result.ts'

export const result: Record<keyof typeof en, string> = {}
