import type { topology as en } from '../en/topology.ts'

export const topology: Record<keyof typeof en, string> = {}
