import type { git as en } from '../en/git.ts'

export const git: Record<keyof typeof en, string> = {
  'git.objectMissing':
    '此克隆（{{directory}}）中没有 Git 对象 {{oid}}。克隆不完整或已损坏：请先运行 `git fsck`，再从完整的远端 `git fetch`。',
  'git.promisedObjectMissing':
    'Git 对象 {{oid}} 尚未下载：这是一个部分克隆。`git cat-file -p {{oid}}` 可取得这一个，`git fetch --refetch --no-filter` 可取得全部。',
  'git.objectDamaged': '{{directory}} 中的 Git 对象 {{oid}} 已损坏。请运行 `git fsck`，并从完好的远端重新获取。',
  'git.notACommit': 'Git 对象 {{oid}} 是 {{type}}，不是提交。',
  'git.notAFile': 'Git 对象 {{oid}} 是 {{type}}，不是文件。',
  'git.noSuchFolder': '文件夹 {{directory}} 不存在。',
  'git.noRepository': '{{directory}} 不在 Git 仓库中。请打开一个克隆，或用 `git init`、`git clone` 创建。',
  'git.brokenGitFile': '{{file}} 应当指明 Git 目录（“gitdir: …”），但并没有。请恢复该文件，或重新克隆。',
  'git.gitFileLeadsNowhere':
    '{{file}} 指向 {{target}}，但那里不是 Git 目录。请在主工作树中运行 `git worktree repair`，或运行 `git submodule update --init`。',
  'git.sha256Unsupported':
    '{{directory}} 使用 SHA-256 对象名，Pilothouse 无法读取。未做任何更改。请使用 SHA-1 对象名的克隆（`git init --object-format=sha1`）。',
  'git.reftableUnsupported':
    '{{directory}} 以 reftable 格式保存分支，Pilothouse 无法读取。未做任何更改。请用 `git refs migrate --ref-format=files` 转换。',
  'git.formatUnsupported':
    '{{directory}} 需要 Pilothouse 不了解的 Git 特性（{{feature}}）。未做任何更改。请对此克隆使用系统的 git，或不带该特性重新克隆。',
  'git.notTrusted':
    '{{directory}} 属于本机的另一个用户，而其中的配置可以启动程序。如果信任它，请运行 `git config --global --add safe.directory {{directory}}`。',
  'git.configBroken': 'Git 配置 {{file}} 第 {{line}} 行有误。请改正该行。',
  'git.configIncludesTooDeep': 'Git 配置循环包含了 {{file}}。请去掉其中一个 include。',
  'git.configNotBoolean': 'Git 配置中 {{key}} = {{value}}，既不是 true 也不是 false。',
  'git.refBroken': 'Git 引用 {{ref}} 已损坏。请查看 `git fsck`；最后的正确值在 `git reflog show {{ref}}` 中。',
  'git.refIsSymbolic': '{{ref}} 是 {{target}} 的别名。请改为移动那个分支。',
  'git.badRefName': 'Git 不允许用“{{name}}”作分支名。',
  'git.refNameTaken': '{{name}} 不能与 {{other}} 并存。请换一个名称。',
  'git.branchExists': '分支 {{branch}} 已存在。请换一个名称。',
  'git.noSuchBranch': '没有分支 {{branch}}。',
  'git.branchCheckedOutElsewhere':
    '分支 {{branch}} 正在另一个工作树 {{directory}} 中使用。请提交到新分支，或打开那个文件夹。',
  'git.pushToWhich':
    '分支 {{branch}} 跟踪的是名称不同的 {{followed}}，因此无法确定应推送到哪里。未写入任何内容。运行 `git branch --unset-upstream` 则推送到 {{branch}}，运行 `git config push.default upstream` 则推送到 {{followed}}。',
  'git.headMoved': '其间另一个程序切换了分支。未做任何更改；请重试。',
  'git.bareCannotSwitch': '裸仓库没有可切换到另一分支的文件。',
  'git.locked':
    '另一个 Git 命令正在此克隆中运行（存在 {{file}}）。请等它结束后重试；如果没有命令在运行，请删除该文件。',
  'git.staleLock': '一个被终止的 Pilothouse 留下了 {{file}}。请重新打开此克隆以恢复。',
  'git.lockStolen': 'Pilothouse 写入时，{{file}} 被另一个程序删除。请运行 `git status`，然后重试。',
  'git.notWritable': '无法写入 {{file}}。请检查此克隆的权限。',
  'git.indexDamaged': '{{file}} 已损坏。请将其移走，并运行 `git reset` 重新建立。',
  'git.workTreeNotUpdated':
    '提交已在 {{ref}} 上，但工作树中的文件未能全部更新（{{reason}}）。请排除原因后重新打开此克隆，Pilothouse 会完成剩余部分。',
  'git.unsafePath': '“{{path}}”不是可以写入的路径：它可能指向工作树之外或 .git 之内。',
  'git.pathIsFolder': '{{path}} 是文件夹。',
  'git.pathIsFile': '{{path}} 是文件，其下不能再有内容。',
  'git.pathIsSubmodule': '{{path}} 是子模块。请在它自己的仓库中更改。',
  'git.pathInSubmodule': '{{path}} 是子模块。请打开它自己的仓库来更改其中的文件。',
  'git.pathIsSymlink': '{{path}} 是符号链接。请编辑它所指向的文件。',
  'git.pathThroughSymlink': '{{path}} 是符号链接；Pilothouse 从不通过链接写入。请在文件的真实位置编辑。',
  'git.pathIsLfs': '{{path}} 由 Git LFS 保存，Pilothouse 会保持此类文件不变。请用编辑器修改，并用 git 提交。',
  'git.pathHasFilter':
    '.gitattributes 会转换 {{path}}（{{filter}}），Pilothouse 不做这种转换。请用编辑器修改，并用 git 提交。',
  'git.cannotConvertFile':
    '{{path}} 写入工作树时需要转换（{{filter}}），Pilothouse 不做这种转换。请用 `git pull` 或 `git switch` 完成这一步，或提交到新分支。未做任何更改。',
  'git.nothingToRemove': '没有可删除的文件 {{path}}。',
  'git.nameDiffersInCase': '{{path}} 与 {{other}} 只有大小写不同，此文件系统无法同时保存两者。',
  'git.noIdentity':
    'Git 不知道您是谁。请运行 `git config --global user.name "您的姓名"` 和 `git config --global user.email you@example.com`。',
  'git.badMessage': '提交说明不能为空，并且必须是文本。',
  'git.unknownSigningFormat': 'Git 配置要求的签名格式“{{format}}”未知。请将 gpg.format 设为 ssh、openpgp 或 x509。',
  'git.noSigningKey': '提交需要签名，但没有设置密钥。请运行 `git config --global user.signingkey …`。',
  'git.signerNotFound': '未创建提交：无法启动用于签名的 {{program}}。请安装它，或改正 Git 配置中的 gpg.program。',
  'git.signingFailed': '未创建提交：{{program}} 无法签名（{{reason}}）。',
  'git.limitBare': '裸仓库：决策会移动分支，没有文件需要更新。',
  'git.limitUnborn': '此分支还没有提交；第一个决策会创建它。',
  'git.limitDetached': '没有检出分支（分离的 HEAD）。请提交到新分支，或先运行 `git switch`。',
  'git.limitDirty':
    '有些文件的更改尚未提交。它们会保持原样；涉及这些文件的决策会被拒绝，除非先提交或储藏，或者提交到新分支。',
  'git.limitShallow': '浅克隆：历史在截断处结束。`git fetch --unshallow` 可获取其余部分。',
  'git.limitSubmodules': '子模块保持不变；其中的文件属于它们自己的仓库。',
  'git.limitLfs': '由 Git LFS 保存的文件以指针形式显示，不在此更改。',
  'git.limitSparse': '稀疏检出：范围之外的文件在 Git 中读取和更改，不写入磁盘。',
  'git.limitSparseIndex':
    '此克隆使用稀疏索引，Pilothouse 无法更新。请提交到新分支，或运行 `git sparse-checkout reapply --no-sparse-index`。',
  'git.limitSplitIndex':
    '此克隆使用拆分索引，Pilothouse 无法更新。请提交到新分支，或运行 `git update-index --no-split-index`。',
  'git.limitIndexV4':
    '此克隆使用第 4 版索引，Pilothouse 无法更新。请提交到新分支，或运行 `git update-index --index-version 2`。',
  'git.limitLinkedWorktree': '{{directory}} 的链接工作树：分支是共享的，每个分支只能检出一次。',
  'git.limitAlternates': '部分对象从另一个克隆（{{directory}}）读取；请不要移动它。',
  'git.limitPartialClone': '部分克隆：未下载的内容在 git 获取之前无法显示。',
  'git.limitHooks':
    '提交决策时不会运行此克隆的钩子：{{hooks}}。请让 CI 检查它们所检查的内容（`pilothouse gate` 在 CI 中与此处评估一致）。',
  'git.limitMergeInProgress':
    '此克隆中有一个 {{operation}} 正在进行。请完成它（或运行 `git {{operation}} --abort`），或提交到新分支。',
}
