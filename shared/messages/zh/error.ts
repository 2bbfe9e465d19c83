import type { error as en } from '../en/error.ts'

export const error: Record<keyof typeof en, string> = {
  'error.cancelled': '已取消',
  'error.unexpected': '应用内部出错。详情已写入日志，请反馈给我们。',
  'error.connectionLost': '与应用的连接已断开，正在重新连接…',
  'error.wrongInput': '{{method}} 的输入有误：{{issues}}',
  'error.noSuchMethod': '应用没有 {{method}}。',
  'error.documentUnreadable': '无法读取 {{file}}（{{reason}}）。请检查其权限。',
  'error.documentBroken': '{{file}} 不是有效的 JSON（{{reason}}）。请修复，或删除它以重新开始。',
  'error.documentUnwritable': '无法写入 {{file}}（{{reason}}）。请检查剩余空间以及所在文件夹的权限。',
  'error.noFolderDialog': '此处没有文件夹对话框，请直接输入文件夹路径。',
  'error.noBrowser': '此处没有可用的浏览器。请自行打开此地址：{{url}}',
  'error.badAddress': '只能打开网页地址（http 和 https），而这不是：{{url}}',
  'error.pageNeedsToken':
    '打开此页面需要一次性地址。请打开 `pilothouse serve` 打印的地址；若已用过，请在该终端按回车键获取新地址，或重新启动。',
  'error.pageFromElsewhere': '已拒绝：请求来自其他站点。',
  'error.pageWrongHost': '已拒绝：此服务器只应答 127.0.0.1 和 localhost。',
  'error.portInUse': '端口 {{port}} 已被占用。请用 --port 指定其他端口，或省略以使用任意空闲端口。',
  'error.portRefused': '无法监听端口 {{port}}（{{reason}}）。请用 --port 指定其他端口。',
}
