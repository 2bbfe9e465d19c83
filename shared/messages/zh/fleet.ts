import type { fleet as en } from '../en/fleet.ts'

export const fleet: Record<keyof typeof en, string> = {}
