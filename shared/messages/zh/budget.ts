import type { budget as en } from '../en/budget.ts'

export const budget: Record<keyof typeof en, string> = {
  'budget.title': '错误预算',
  'budget.left': '剩余错误预算',
  'budget.leftOf': '30 天预算还剩 {{share}}：{{failed}} 的请求失败，承诺应答 {{target}}%。',
  'budget.overdrawn': '已超支 30 天预算的 {{share}}：{{failed}} 的请求失败，承诺应答 {{target}}%。',
  'budget.broken': '承诺被打破已达十分钟或更久：{{figures}}。恢复之前，门禁会阻止扩张。',
  'budget.page':
    '消耗速度为允许的 {{burn}} 倍（{{long}} 分钟内，且最近 {{short}} 分钟仍然如此）。恢复之前，门禁会阻止扩张。',
  'budget.ticket': '消耗速度为允许的 {{burn}} 倍（{{long}} 分钟内，且最近 {{short}} 分钟仍然如此）。',
  'budget.kept': '承诺得到遵守。',
}
