import type { workspace as en } from '../en/workspace.ts'

export const workspace: Record<keyof typeof en, string> = {
  'workspace.notOpen': '这里不认识此工作区。请重新打开它的文件夹。',
  'workspace.folderUnreadable': '无法列出 {{directory}}。请确认它存在且你有读取权限。',
  'workspace.noEnvironment': '没有名为 `{{environment}}` 的环境或文件夹。找到的环境：{{known}}。',
  'workspace.noEnvironments':
    '没有名为 `{{environment}}` 的环境或文件夹，也没有其他环境：这里还没有提交任何 Kubernetes 清单。',
  'workspace.noRemote': '此工作区没有可推送的远程仓库。可用 `git remote add origin URL` 添加。',
  'workspace.detached': '当前没有检出分支，无法推送或更新。请先切换到一个分支。',
  'workspace.divergedByOthers':
    '本地分支与 {{upstream}} 都已变化，而提交 {{commit}}（{{subject}}）不是由 Pilothouse 创建，无法重放。请用 Git 合并或变基后再推送。',
  'workspace.divergedConflict':
    '等待推送的决策“{{title}}”修改了 {{field}}，而 {{upstream}} 也修改了它。请用 Git 合并或变基，或撤回该决策。',
  'workspace.divergedBlocked': '在 {{upstream}} 的最新内容上，门禁阻止了等待推送的决策“{{title}}”。',
  'workspace.pushRefused': '远程仓库拒绝：{{reason}}',
  'workspace.dirty': '这些文件有未提交的更改：{{files}}。请先用 Git 提交或暂存。',
  'workspace.fileUnreadable':
    '无法读取 {{file}}:{{line}}:{{column}}：{{reason}}。请在该处修正；工作区的其余部分照常加载。',
  'workspace.fileSecondDocument':
    '{{file}}:{{line}}:{{column}} 处开始了第二个文档，不会被读取。请把全部内容放在第一个文档中。',
  'workspace.fileNotAWorkspace':
    '{{file}}:{{line}}:{{column}} 不是工作区文件：它应以 `apiVersion: {{expected}}` 和 `kind: Workspace` 开头。',
  'workspace.fileUnknownKey': '{{file}}:{{line}}:{{column}} 含有未知的键 {{key}}，未读取。',
  'workspace.fileUnknownKeyNear': '{{file}}:{{line}}:{{column}} 含有未知的键 {{key}}。是否想写 {{nearest}}？',
  'workspace.fileMissingKey': '{{file}}:{{line}}:{{column}} 缺少 {{key}}，因此略去这一项。请补上。',
  'workspace.fileBadValue': '{{file}}:{{line}}:{{column}} 中 {{key}} 的值不合要求，已略去。应为：{{expected}}。',
}
