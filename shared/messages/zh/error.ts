import type { error as en } from '../en/error.ts'

export const error: Record<keyof typeof en, string> = {
  'error.cancelled': '已取消',
  'error.unexpected': '应用内部出错。详情见日志，请反馈。',
  'error.connectionLost': '与应用的连接已断开，正在重连…',
  'error.wrongInput': '{{method}} 的输入有误：{{issues}}',
  'error.noSuchMethod': '应用没有 {{method}}。',
}
