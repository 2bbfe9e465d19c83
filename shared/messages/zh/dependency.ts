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
}
