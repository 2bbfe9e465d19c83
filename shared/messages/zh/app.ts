import type { app as en } from '../en/app.ts'

export const app: Record<keyof typeof en, string> = {
  'app.lineRefused': '应用已不认识此页面。请打开应用启动时输出的地址。',
  'app.lineUnreachable': '应用没有响应。它还在运行吗？',
  'app.commandNotSent': '与应用的连接已断开，此操作未发送。连接恢复后请重试。',
  'app.groupHere': '当前页面',
}
