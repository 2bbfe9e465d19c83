import type { sandbox as en } from '../en/sandbox.ts'

export const sandbox: Record<keyof typeof en, string> = {
  'sandbox.notMade': '无法创建沙盒中的决策“{{title}}”（{{outcome}}）。沙盒不完整。',
}
