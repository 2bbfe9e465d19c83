import type { wiring as english } from '../en/wiring.ts'

export const wiring: Record<keyof typeof english, string> = {
  'wiring.setAddress': '将 {{object}} 的 {{field}} 由 {{host}} 改为指向 {{to}}',
  'wiring.setField': '设置 {{object}} 的 {{field}}',
  'wiring.removeField': '从 {{object}} 中移除 {{field}}',
  'wiring.addItem': '在 {{object}} 的 {{field}} 中添加一项',
  'wiring.removeItem': '从 {{object}} 的 {{field}} 中移除一项',
  'wiring.addObject': '添加 {{object}}',
  'wiring.addressGone': '{{path}} 处已不再是 {{host}}。请查看该文件并在其中修改。',
}
