import type { sandbox as en } from '../en/sandbox.ts'

export const sandbox: Record<keyof typeof en, string> = {
  'sandbox.notMade': '无法创建沙盒中的决策“{{title}}”（{{outcome}}）。沙盒不完整。',
  'sandbox.walkPushed': '决定使用 {{image}}，已提交 {{commit}} 并推送；其余由沙盒的 Argo CD 完成',
  'sandbox.walkCanary':
    '{{service}} 的金丝雀获得 {{weight}}% 的调用（第 {{step}} 步，共 {{steps}} 步）；增加之前会先测量',
}
