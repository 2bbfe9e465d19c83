import type { edge as en } from '../en/edge.ts'

export const edge: Record<keyof typeof en, string> = {}
