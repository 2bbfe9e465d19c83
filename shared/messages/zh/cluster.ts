import type { cluster as en } from '../en/cluster.ts'

export const cluster: Record<keyof typeof en, string> = {
  // Kubeconfig
  'cluster.fileUnreadable': '无法读取 {{file}}({{reason}})。请检查其权限。',
  'cluster.fileBroken':
    '{{file}} 第 {{line}} 行:这不是有效的 kubeconfig。请修正它,或将其移出 KUBECONFIG;其他文件中的上下文不受影响。',
  'cluster.noSuchCluster':
    '上下文 {{context}} 指向集群 {{cluster}},但没有任何 kubeconfig 定义它。请更正:kubectl config set-context {{context}} --cluster=…',
  'cluster.noSuchUser':
    '上下文 {{context}} 指向用户 {{user}},但没有任何 kubeconfig 定义它。请更正:kubectl config set-context {{context}} --user=…',
  'cluster.badServer': '集群 {{cluster}} 没有可用的服务器地址,格式应为 http(s)://主机:端口。',
  'cluster.noSuchContext': '没有任何 kubeconfig 含有名为 {{context}} 的上下文。现有:{{known}}。',
  'cluster.noContexts':
    '没有任何 kubeconfig 含有名为 {{context}} 的上下文,也没有其他上下文。请设置 KUBECONFIG,或将文件放到 ~/.kube/config。',

  // Signing in
  'cluster.credentialUnreadable': '上下文 {{context}} 指定的 {{file}} 无法读取({{reason}})。请检查路径和权限。',
  'cluster.badCertificate':
    '上下文 {{context}}(用户 {{user}})的证书不是 PEM 格式,或私钥与证书不匹配。请重新获取 kubeconfig。',
  'cluster.plainHttp':
    '上下文 {{context}} 的 {{server}} 是明文 http,凭据可能在途中被读取。未发送任何内容;请使用 https。',
  'cluster.pluginMissing': '登录此集群需要 {{command}},但它尚未安装。{{hint}}',
  'cluster.pluginSlow': '{{command}} 在 {{seconds}} 秒内没有给出凭据。请在终端中运行它,看看它在等待什么。',
  'cluster.pluginFailed': '{{command}} 没有给出凭据:{{reason}}。请在终端中运行它并登录。',
  'cluster.pluginNoCredential': '{{command}} 返回的内容不是凭据。',
  'cluster.providerFailed': '{{user}} 的 {{provider}} 登录已过期且无法续期。请用 kubectl 重新登录。',
  'cluster.unauthorized': '{{context}} 的集群不接受 {{user}} 的凭据。请重新登录,或重新获取 kubeconfig。',

  // Connecting
  'cluster.hostNotFound': '找不到主机 {{server}}(上下文 {{context}})。请检查地址、网络和 VPN。',
  'cluster.unreachable': '无法连接 {{server}}(上下文 {{context}}):{{reason}}',
  'cluster.nobodyListens':
    '{{server}}(上下文 {{context}})上没有服务在监听。集群是否在运行？kubeconfig 中的地址是否正确？',
  'cluster.noAnswer': '{{server}}(上下文 {{context}})没有响应({{reason}})。可能缺少 VPN 或隧道。',
  'cluster.certificate':
    '{{server}}(上下文 {{context}})的证书不受信任:{{reason}}。请检查 kubeconfig 中的 certificate-authority。',
  'cluster.notKubernetes': '{{server}}(上下文 {{context}})的响应不像 Kubernetes API 服务器。',
  'cluster.busy': '{{context}} 的集群过于繁忙,要求 {{seconds}} 秒后再试。',
  'cluster.answered': '{{context}} 的集群返回 {{status}}。{{reason}}',
  'cluster.historyGone': '{{context}} 的集群已不再保留这么久之前的历史。',

  // Rights
  'cluster.forbidden':
    '您无权在 {{context}} 的命名空间 {{namespace}} 中对 {{resource}} 执行 {{verb}}。请申请一个在该资源上含有此动词的角色。',
  'cluster.forbiddenEverywhere':
    '您无权在整个 {{context}} 中对 {{resource}} 执行 {{verb}}。请申请一个在该资源上含有此动词的集群角色。',
  'cluster.denied': '集群拒绝了 {{what}}:{{reason}}',

  // Objects
  'cluster.notFound': '{{context}} 中没有 {{what}}。',
  'cluster.notServed': '{{context}} 的集群不认识 {{what}}。可能缺少其定义(CRD),或版本不同。',
  'cluster.alreadyThere': '{{what}} 已经存在。',
  'cluster.fieldsHeld': '{{what}}:这些字段由其他方管理:{{fields}}。请去掉它们,或接管它们。',
  'cluster.conflict': '{{what}} 在此期间已被更改:{{reason}}',
  'cluster.refused': '集群不接受 {{what}}:{{reason}}',

  // Into Pods
  'cluster.podUnplaced': '没有可进入的内容:尚无节点运行 Pod {{pod}}。',
  'cluster.nodeGone': 'Pod {{pod}} 所在的节点 {{node}} 已不属于该集群。',
  'cluster.nodeSilent': 'Pod {{pod}} 的节点没有应答 API 服务器:{{reason}}',
  'cluster.proxyFailed': '{{what}} 没有通过集群应答:{{reason}}',
  'cluster.processLost': '与 {{pod}} 中进程的连接已断开。',
}
