import type { decision as en } from '../en/decision.ts'

export const decision: Record<keyof typeof en, string> = {
  'decision.brokenSnapshot': '无法读取快照 {{file}}：{{reason}}',
  'decision.newerSnapshot': '{{file}} 使用的格式 {{version}} 此版本不认识。请更新 Pilothouse 后再读取。',
  'decision.notFound': '此工作区中没有决策或提交 {{decision}}。',
  'decision.noRevision': '此工作区中没有版本 {{revision}}。',
}
