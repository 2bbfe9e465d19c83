import type { finding as en } from '../en/finding.ts'

export const finding: Record<keyof typeof en, string> = {
  'finding.cycle':
    '{{path}}：它们循环调用，任何一个都无法独立启动或变更。可让其中一个调用改经队列，或把双方都需要的部分移到单独的服务中。',
  'finding.cycleOfMore':
    '{{path}}：它们与其他服务（{{all}}）循环调用，任何一个都无法独立启动或变更。可让其中一个调用改经队列，或把共用的部分移到单独的服务中。',
  'finding.unseen': '此处看不出 {{node}} 调用谁、谁调用它：这是未知，而不是没有。请提供其源码，或声明该依赖。',
  'finding.beyond':
    '{{node}} 引用了 {{host}}（{{where}}）。此环境中没有任何资源位于命名空间 {{namespace}}，因此这里无法得知它是否存在。',
  'finding.singleStore':
    '{{node}} 保存数据且只运行一个实例，它停止时调用方（{{callers}}）没有其他路径。请为其配置备用实例，或说明为何一个就够。',
  'finding.singlePoint': '{{node}} 只运行一个副本，它停止时调用方（{{callers}}）没有其他路径。请运行两个或更多副本。',
  'finding.crossesEnvironments':
    '{{own}} 的 {{node}} 引用了 {{host}}，从名称看它属于 {{other}}。请使用 {{own}} 的地址；若确有此意，请确认该依赖。',
}
