import type { edit as en } from '../en/edit.ts'

export const edit: Record<keyof typeof en, string> = {}
