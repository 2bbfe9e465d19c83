import type { topology as en } from '../en/topology.ts'

export const topology: Record<keyof typeof en, string> = {
  'topology.brokenFile': '无法读取 {{file}}:{{line}}:{{column}}：{{reason}}。请在该处修正；其余文件照常加载。',
  'topology.templateNeedsRendering': '{{file}} 是 Helm 模板：渲染之后才会声明资源。',
  'topology.duplicateResource':
    '{{kind}} {{name}} 被声明了两次：此处以及 {{otherFile}}:{{otherLine}}。图中只绘制其中第一个。',
  'topology.selectorSelectsNothing': '{{kind}} {{name}} 选择 {{selector}}，但此环境中没有 Pod 带有这些标签。',
  'topology.selectorSelectsNothingNear':
    '{{kind}} {{name}} 选择 {{selector}}，但此环境中没有 Pod 带有这些标签。是否应为 {{nearest}}？',
  'topology.autoscalerTargetMissing':
    'HorizontalPodAutoscaler {{name}} 伸缩 {{targetKind}} {{target}}，但此环境没有声明它。',
  'topology.danglingReference': '{{node}} 引用了 {{host}}（{{where}}），但此环境中没有任何服务使用该名称。',
  'topology.danglingReferenceNear':
    '{{node}} 引用了 {{host}}（{{where}}），但此环境中没有任何服务使用该名称。是否应为 {{nearest}}？',
  'topology.danglingReferenceOtherNamespace':
    '{{node}} 引用了 {{host}}（{{where}}），它只存在于另一个命名空间。请写成 {{nearest}}。',
  'topology.danglingRoute': '{{node}} 路由到 {{host}}，但此环境中没有任何服务使用该名称。',
  'topology.danglingRouteNear': '{{node}} 路由到 {{host}}，但此环境中没有任何服务使用该名称。是否应为 {{nearest}}？',
  'topology.portMismatch': '{{node}} 通过端口 {{port}} 调用 {{host}}，但 Service {{service}} 提供的是 {{offered}}。',
  'topology.targetPortMismatch': 'Service {{service}} 转发到端口 {{port}}，但 {{node}} 的容器声明的是 {{offered}}。',
  'topology.orphan': '{{node}} 不调用任何服务，也未发现有服务调用它。',
  'topology.gateRemovalWhileCalled':
    '{{service}} 将被移除，而 {{callers}} 仍会调用它。请先改接这些服务，或说明为何可以移除。',
  'topology.gateBrokenFile': '此更改之后将无法读取 {{file}}:{{line}}:{{column}}：{{reason}}。请在提交前修正。',
  'topology.gateScaleToZeroWhileCalled': '{{service}} 将不运行任何副本，而 {{callers}} 仍会调用它。',
  'topology.gateLooseImage': '{{service}} 将运行 {{image}}，它没有标明版本：以后无法得知运行过什么。请给出标签或摘要。',
  'topology.workspaceUnknownName': '{{file}}:{{line}} 提到了 {{name}}，但此环境中没有这个名称。',
  'topology.workspaceUnknownNameNear':
    '{{file}}:{{line}} 提到了 {{name}}，但此环境中没有这个名称。是否想写 {{nearest}}？',
  'topology.sourceDeclared': '{{folder}}（依据 {{file}}）。',
  'topology.sourceBuilt': '{{folder}}（{{file}}:{{line}} 由此构建 {{image}}）。',
  'topology.sourceNamedAsImage': '{{folder}}（与镜像 {{image}} 同名）。',
  'topology.sourceNamedAsWorkload': '{{folder}}（与 {{workload}} 同名）。',
  'topology.sourceModule': '{{folder}}（{{file}}:{{line}} 将其命名为 {{image}}）。',
  'topology.sourceFolder': '源码',
  'topology.endpoints': '端点',
}
