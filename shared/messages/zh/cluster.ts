import type { cluster as en } from '../en/cluster.ts'

export const cluster: Record<keyof typeof en, string> = {}
