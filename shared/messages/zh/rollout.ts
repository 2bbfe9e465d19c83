import type { rollout as en } from '../en/rollout.ts'

export const rollout: Record<keyof typeof en, string> = {}
