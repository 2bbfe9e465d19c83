/** Health of objects and progress of rollouts. */
export const health = {
  'health.notYaml': '{{file}}:{{line}}:{{column}} 不是 YAML 或 JSON：{{reason}}。请修正该行后重试。',
  'health.cannotRead': '无法读取 {{file}}（{{reason}}）。请给出一个文件，或用 - 表示标准输入。',
  'health.step': '第 {{step}} 步，共 {{steps}} 步',
  'health.weight': '权重 {{weight}} %（要求 {{desired}} %）',
} as const
