import type { delivery as en } from '../en/delivery.ts'

export const delivery: Record<keyof typeof en, string> = {}
