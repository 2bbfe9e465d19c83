export const dependency = {
  'dependency.broken': '无法读取 {{file}}:{{line}}：{{reason}}。请在该处修正，或用相应工具重新生成。',
  'dependency.unknownFile':
    '{{file}} 不是已知的锁文件、清单、依赖图或 SBOM。请指定 go.mod、package-lock.json、Cargo.lock，或 SPDX、CycloneDX 文档等文件。',
  'dependency.nothingInFolder':
    '{{file}} 中没有锁文件、清单、依赖图或 SBOM。请指定包含 go.mod、package-lock.json、Cargo.lock 等文件的文件夹。',
  'dependency.noSuchFile': '{{file}} 不存在。请更正路径。',
  'dependency.unknownEcosystem': '`{{name}}` 不是已知的生态系统。可用：{{known}}。',
  'dependency.notThatEcosystem':
    '{{file}} 中没有 {{ecosystem}} 的内容，只有 {{found}}。请去掉 `--ecosystem`，或指定其他文件。',
  'dependency.alsoChanged': '同时变化、但并非由以上变更引起：',
  'dependency.becameDirect': '现在被直接依赖',
  'dependency.becameIndirect': '现在仅为间接依赖',
  'dependency.edgeCounts': '图的边：新增 {{added}}，消失 {{removed}}',
  'dependency.aboutDiffFiles': '打印两个锁文件、清单、依赖图、SBOM 或其文件夹之间的差异',
  'dependency.flagEcosystem': '只看此生态系统；否则自动识别',
  'dependency.noLibrary': '此处没有使用 {{library}}。请从列表中选择一个库。',
  'dependency.aboutDeps': '列出每个服务的组成，以及存在多个版本的库',
  'dependency.aboutDiff': '打印两个修订版本之间服务组成的差异',
  'dependency.nothingHere': '此处未找到锁文件、清单、依赖图或 SBOM，也没有指定镜像的工作负载。',
  'dependency.columnService': '服务',
  'dependency.columnEcosystem': '生态系统',
  'dependency.columnDirect': '直接',
  'dependency.columnAll': '全部',
  'dependency.columnBehind': '落后',
  'dependency.columnFrom': '来源',
  'dependency.fragmentedHeading_one': '一个库存在多个版本：',
  'dependency.fragmentedHeading_other': '{{count}} 个库存在多个版本：',
}
