import type { transport as en } from '../en/transport.ts'

export const transport: Record<keyof typeof en, string> = {}
