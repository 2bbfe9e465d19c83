import type { edge as en } from '../en/edge.ts'

export const edge: Record<keyof typeof en, string> = {
  'edge.argumentWithNul': '命令的某个参数含有 NUL，任何程序都无法接收。',
  'edge.noSftp': '{{host}} 不提供文件传输（SFTP）。请安装 SFTP 服务器，例如软件包 openssh-sftp-server。',
  'edge.noTerminal': '{{host}} 在此不提供终端：{{reason}}',
  'edge.fileMissing': '{{host}} 上没有 {{path}}。',
  'edge.fileDenied': '{{user}} 无权读取 {{path}}。请授予该用户权限，或在终端中用 sudo 查看。',
  'edge.fileFailed': '无法读取 {{path}}：{{reason}}',
  'edge.sandboxNeedsShell': '沙盒节点需要本机有 POSIX shell，因此在 Windows 上没有沙盒节点。',
  'edge.tooMuch': '{{host}} 的一次应答超过 {{kilobytes}} kB，未读完。',
  'edge.scriptTimeout': '{{host}} 接受了连接，但在 {{seconds}} 秒内没有应答。它可能过载，或磁盘出现故障。',
  'edge.noShell': '{{host}} 有应答，但不是 POSIX shell，无法询问任何内容。请为该用户设置 shell，例如 /bin/sh。',
}
