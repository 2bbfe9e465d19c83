import type { drift as en } from '../en/drift.ts'

export const drift: Record<keyof typeof en, string> = {
  'drift.approximate': '{{environment}} 在此处渲染时没有使用实际运行它的工具:差异可能由此而来。',
  'drift.kindNotServed': '集群不认识 {{kind}}({{apiVersion}}):缺少其定义,或版本不同。',
  'drift.adoptMissing': '集群中没有 {{object}}。若要与此一致,请从 Git 中移除该服务;若要恢复,请重新应用。',
  'drift.adoptNotPossible': '无法把 {{field}} 纳入 Git:它是凭据,或在 Git 中没有自己的位置。',

  // Command line
  'drift.about': '比较实际运行状态与 Git,并指出是谁改动的',
  'drift.flagContext': '集群的 kubeconfig 上下文',
  'drift.flagNamespace': '未写命名空间的对象所属的命名空间',
  'drift.flagRev': '应当运行的版本:以分支、标签或提交代替 HEAD',
  'drift.noContexts':
    '请用 --context 名称 指定要查看的集群。没有任何 kubeconfig 含有上下文：请设置 KUBECONFIG，或将文件放到 ~/.kube/config。',
  'drift.noContext': '请指定要查看的集群：--context 名称。现有：{{known}}。',
  'drift.none': '没有差异:{{count}} 个对象与 Git 一致({{context}},{{revision}})。',
  'drift.summary': '{{count}} 个对象中有 {{drifted}} 个与 Git 不同({{context}},{{revision}})。',
  'drift.unknown': '{{count}} 个对象无法查看。',
  'drift.sandbox': '{{context}} 是沙盒:其内容为模拟。',
  'drift.stateMissing': '缺失',
  'drift.stateChanged': '已改动',
  'drift.stateExtra': '多余',
  'drift.stateUnknown': '未知',
  'drift.by': '{{manager}},自 {{since}}',
  'drift.hidden': '有差异;值为机密',
  'drift.others': '由其他方管理:{{fields}}',
  'drift.holderAutoscaler': '自动伸缩',
  'drift.holderRollout': '渐进式交付',
  'drift.holderInjected': '自动注入',
  'drift.holderCertificates': '证书',
  'drift.holderRestart': '手动重启',
  'drift.holderAdmission': '准入时设置',
  'drift.holderController': '控制器',
}
