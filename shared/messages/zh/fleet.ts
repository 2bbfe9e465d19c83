import type { fleet as en } from '../en/fleet.ts'

export const fleet: Record<keyof typeof en, string> = {
  'fleet.fileUnreadable': '无法读取 {{file}}:{{line}}:{{column}}：{{reason}}。请在该处修正；工作区的其余部分照常加载。',
  'fleet.fileNotEdge':
    '{{file}}:{{line}}:{{column}} 既不是 EdgeNode 也不是 EdgeService，已略去。它应以 `apiVersion: pilothouse.dev/v1alpha1` 和 `kind: EdgeNode` 或 `kind: EdgeService` 开头。',
  'fleet.fileUnknownKey': '{{file}}:{{line}}:{{column}} 含有未知的键 {{key}}，未读取。',
  'fleet.fileUnknownKeyNear': '{{file}}:{{line}}:{{column}} 含有未知的键 {{key}}。是否想写 {{nearest}}？',
  'fleet.fileMissingKey': '{{file}}:{{line}}:{{column}} 缺少 {{key}}，因此略去这个文档。应为：{{expected}}',
  'fleet.fileBadValue': '{{file}}:{{line}}:{{column}} 中 {{key}} 的值不合要求，因此略去这个文档。应为：{{expected}}',
  'fleet.fileOneOf': '{{file}}:{{line}}:{{column}} 的 {{key}} 必须恰好含有 {{keys}} 之一，因此略去这个文档。',
  'fleet.fileNeedsDigest':
    '{{file}}:{{line}}:{{column}} 从网址获取制品却没有写明 sha256，因此略去这个文档。请加上 `sha256`（即 `sha256sum FILE` 的输出）。',
  'fleet.fileNeedsCommand':
    '{{file}}:{{line}}:{{column}} 要解开归档却没有写明运行其中哪个程序，因此略去这个文档。请加上 `command`。',
  'fleet.filePriority':
    '{{file}}:{{line}}:{{column}}：fifo 与 rr 策略需要 `priority`，其他策略不接受它。已略去这个文档。',
  'fleet.fileRepeatedName':
    '{{file}}:{{line}}:{{column}}：{{kind}} {{name}} 已在 {{otherFile}}:{{otherLine}} 声明。此处已略去；请换一个名字。',
}
