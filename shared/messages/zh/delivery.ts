import type { delivery as en } from '../en/delivery.ts'

export const delivery: Record<keyof typeof en, string> = {
  'delivery.protected': '{{environment}} 受保护。请输入其名称再更改;在命令行中:--confirm {{environment}}。',
}
