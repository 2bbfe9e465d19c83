import type { draft as en } from '../en/draft.ts'

export const draft: Record<keyof typeof en, string> = {
  'draft.conflict':
    '自此编辑以来，分支已将 {{field}} 改为 {{theirs}}，而此编辑要改为 {{ours}}。请重新编辑以保留你的值，或移除此编辑。',
  'draft.unreadable': '此工作区的草稿无法读取，已在数据文件夹中另存为 {{name}}，并开始了新的草稿。',
  'draft.nothingToCommit': '草稿没有任何更改，无需提交。',
  'draft.noIdentity':
    'Git 不知道你是谁。请用 `git config user.name "姓名"` 和 `git config user.email you@example.org` 设置。',
  'draft.noBranch': '当前没有检出分支。请改为提交到新分支（命令行：`--branch NAME`），或先运行 `git switch`。',
  'draft.remoteElsewhere': '{{remote}} 的分支 {{branch}} 含有此克隆无法从那里获取的提交。请先用 Git 获取并合并。',
  'draft.remoteHasBranch': '远程仓库已有分支 {{branch}}。',
  'draft.branchExists': '已有分支 {{branch}}。请换一个名称。',
  'draft.tooManyRaces': '提交期间分支移动了 {{count}} 次。请重试。',
  'draft.nothingToRevert': '“{{title}}”（{{commit}}）只改动了记录，没有可撤回的内容。请另记一个取代它的决策。',
  'draft.cannotRevertFile': '{{file}} 不是文本，无法在此撤回对它的改动。请对该提交使用 git revert。',
  'draft.revertTitle': '撤回：{{title}}',
}
