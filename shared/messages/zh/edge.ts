import type { edge as en } from '../en/edge.ts'

export const edge: Record<keyof typeof en, string> = {
  'edge.argumentWithNul': '命令的某个参数含有 NUL，任何程序都无法接收。',
  'edge.noSftp': '{{host}} 不提供文件传输（SFTP）。请安装 SFTP 服务器，例如软件包 openssh-sftp-server。',
  'edge.noTerminal': '{{host}} 在此不提供终端：{{reason}}',
  'edge.fileMissing': '{{host}} 上没有 {{path}}。',
  'edge.fileDenied': '{{user}} 无权读取 {{path}}。请授予该用户权限，或在终端中用 sudo 查看。',
  'edge.fileFailed': '无法读取 {{path}}：{{reason}}',
}
