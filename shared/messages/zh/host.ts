import type { host as en } from '../en/host.ts'

export const host: Record<keyof typeof en, string> = {
  'host.noFolderDialog': '此环境没有文件夹对话框。请直接输入或浏览到该文件夹。',
}
