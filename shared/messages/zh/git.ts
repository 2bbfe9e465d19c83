import type { git as en } from '../en/git.ts'

export const git: Record<keyof typeof en, string> = {}
