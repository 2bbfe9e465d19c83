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
  'fleet.artifactOutside': '{{path}} 指向工作区之外。请把制品放在工作区内，或改用 url。',
  'fleet.artifactMissing': '找不到制品 {{path}}。请先构建，或在 .pilothouse/edge 中更正路径。',
  'fleet.artifactUnreachable': '无法获取 {{url}}：{{reason}}',
  'fleet.artifactDiffers':
    '{{artifact}} 与声明不符：其 SHA-256 为 {{actual}}，声明为 {{declared}}。未发送任何内容。如确为新版本，请更新声明。',
  'fleet.noSystemd': '{{node}} 没有运行 systemd，无法在那里启动或恢复版本。未发送任何内容。',
  'fleet.otherMachine':
    '{{node}} 在 {{file}}:{{line}} 声明为 {{declared}}，但它自称 {{actual}}。未发送任何内容。请更正声明，或确认这是您要的机器。',
  'fleet.wrongArchitecture':
    '{{path}} 为 {{made}} 构建，而 {{node}} 是 {{machine}}。未发送任何内容。请为该节点重新构建。',
  'fleet.noRuntime': '{{node}} 既没有 podman 也没有 docker，无法运行镜像。请安装其一，或用 path、url 指定制品。',
  'fleet.noTool': '{{node}} 缺少 {{tool}}。请在该节点安装。',
  'fleet.noSudo':
    '{{user}} 不能在 {{node}} 上免密码以 root 身份运行命令。请在 /etc/sudoers.d 中允许 `{{user}} ALL=(root) NOPASSWD: /bin/sh`，或以 root 登录。',
  'fleet.readOnly': '{{node}} 上的 {{path}} 所在文件系统不可写。未作任何更改。请以可写方式挂载。',
  'fleet.denied': '无权写入 {{node}} 上的 {{path}}。未作任何更改。',
  'fleet.diskFull': '{{node}} 的磁盘已满：无法写入 {{path}}。未作任何更改。请在那里腾出空间。',
  'fleet.diskTooSmall':
    '{{node}} 为 {{path}} 只剩 {{free}} kB，需要 {{needed}} kB。未发送任何内容。请腾出空间，或减少保留的版本数（`keep`）。',
  'fleet.notArmed': '{{node}} 无法设置用于恢复旧版本的定时器（{{reason}}），因此没有切换。',
  'fleet.tooLate': '确认到达 {{node}} 太晚：已恢复先前的版本。请重新应用。',
  'fleet.wrongDigest': '{{node}} 收到的内容与发送的不同（{{reason}}）。没有切换。',
  'fleet.pullFailed': '{{node}} 无法拉取镜像：{{reason}}',
  'fleet.keepsMoving': '有人正在 {{node}} 上更改同一版本。请待其完成后再应用。',
  'fleet.stepFailed': '{{node}} 上的步骤 {{step}} 失败：{{reason}}',
  'fleet.nothingMeasured': '{{node}} 上没有可以测量调度延迟的手段：既没有 cyclictest，也没有 /proc/PID/schedstat。',
  'fleet.whyNoStart': '{{service}} 无法启动（{{result}}，状态 {{status}}）。',
  'fleet.whyExit': '{{service}} 自行退出（{{result}}，状态 {{status}}）。',
  'fleet.whyUnhealthy': '{{service}} 在运行，但其 {{probe}} 检查在 {{timeout}} 内没有通过。',
  'fleet.latencyBroken': '调度延迟 {{what}} 为 {{measured}} µs，承诺为 {{promised}} µs。',
  'fleet.notePending': '那里有一个到 {{digest}} 的更改在等待确认。',
  'fleet.noteReverted': '该版本曾于 {{at}} 试用并被恢复：{{reason}}。',
  'fleet.noteLittleSpace': '那里大约需要 {{needed}} kB，剩余 {{free}} kB。',
  'fleet.stopFailures': '已有 {{failed}} 个节点失败（上限 {{limit}}），停止：{{nodes}}。',
  'fleet.declaredOtherwise': '{{service}} 的声明已变。请重新应用以发布现在的声明。',
  'fleet.noSuchService': '.pilothouse/edge 中没有 EdgeService {{service}}。',
  'fleet.noSuchNode': '.pilothouse/edge 中没有 EdgeNode {{node}}。现有节点：{{known}}。',
  'fleet.noSuchRollout': '此次发布已不存在。',
  'fleet.protectedNodes': '这些节点受保护：{{nodes}}。要更改其上运行的内容，请逐个输入名字确认。',
  'fleet.importedNothing':
    '{{sources}} 中没有任何节点：既无 SSH 别名、Ansible 主机，也无地址或网段（最多 1024 个地址）。',
  'fleet.notAnImage': '{{service}} 不是镜像：其程序来自路径或网址。请改为更改 `spec.artifact` 和 `spec.version`。',
  'fleet.undeclared': '{{node}} 上有 {{services}}，但没有任何声明。保持原样。',
  'fleet.aboutPlan': '对比边缘节点现状与声明，不作任何更改',
  'fleet.aboutApply': '按环逐步把边缘节点带到声明的状态，并等待结束',
  'fleet.aboutImport': '从 SSH 配置、Ansible 清单或网段生成 EdgeNode，作为补丁或决策',
  'fleet.flagService': '仅此 EdgeService',
  'fleet.flagNode': '仅此 EdgeNode，可多次给出',
  'fleet.flagConfirm': '允许更改的受保护节点的名字，可多次给出',
  'fleet.state-waiting': '未开始',
  'fleet.state-applying': '应用中',
  'fleet.state-applied': '已应用',
  'fleet.state-unchanged': '无变化',
  'fleet.state-reverted': '已恢复',
  'fleet.state-refused': '已拒绝',
  'fleet.state-failed': '失败',
  'fleet.state-unreachable': '无法连接',
}
