import type { transport as en } from '../en/transport.ts'

export const transport: Record<keyof typeof en, string> = {
  'transport.sshConfigUnreadable': '{{file}} 无法作为 SSH 配置读取。请修正或移走该文件。',
  'transport.sshConfigTooDeep': '{{file}} 的引用层级过深：其 Include 行形成了循环。',
  'transport.sshConfigValue': 'SSH 配置中的 {{name}} {{value}} 无效。请在 ~/.ssh/config 中更正。',
  'transport.sshTooManyJumps': '到 {{host}} 的跳转次数过多。请检查 ~/.ssh/config 中的 ProxyJump 是否形成循环。',
  'transport.sshJumpFailed': '跳板机无法连接 {{host}}：{{reason}}',
  'transport.sshUnreachable': '无法通过 SSH 连接 {{host}}：{{reason}}',
  'transport.sshTimeout': '{{host}} 在 {{seconds}} 秒内没有响应。',
  'transport.sshNoCommonAlgorithm': '{{host}} 没有提供仍然安全的 SSH 算法：{{reason}}',
  'transport.sshDenied': '{{host}} 拒绝以 {{user}} 登录。已尝试：{{tried}}。',
  'transport.sshNoKey':
    '{{host}} 拒绝以 {{user}} 登录，且没有可用的密钥。请启动代理（ssh-add），或在 ~/.ssh/config 中指定 IdentityFile。',
  'transport.hostNotFound': '找不到主机 {{host}}。请检查地址和网络。',
  'transport.sshNoSession':
    '{{host}} 不再打开会话（{{reason}}）。其 sshd 可能不允许会话或允许得太少：请检查 sshd_config 中的 MaxSessions。',
  'transport.connectionLost': '与 {{host}} 的连接已断开。',
  'transport.hostKeyChanged':
    '{{host}} 的主机密钥与 {{file}} 第 {{line}} 行不一致，现为 {{algorithm}} {{fingerprint}}。可能是主机重新安装过，也可能有人在窃听。请向其管理员核实；如属实，请运行：ssh-keygen -R "{{host}}" -f "{{file}}"',
  'transport.hostKeyRevoked':
    '{{host}} 的主机密钥（{{algorithm}} {{fingerprint}}）在 {{file}} 第 {{line}} 行被标记为已吊销。请勿信任该主机。',
  'transport.hostCertificateUnreadable':
    '{{host}} 出示的证书无法读取，因此未向其发送任何内容。请重新签发其主机密钥（ssh-keygen -s CA -h）。',
  'transport.certificateNotSigned':
    '{{host}} 出示的证书声称由 {{file}} 第 {{line}} 行的机构签发，但签名不符。请勿信任该主机。',
  'transport.certificateOfPerson':
    '{{host}} 出示的证书由 {{file}} 第 {{line}} 行的机构签发，但它是给用户的，不是给主机的。请用 ssh-keygen -s CA -h 签发其主机密钥。',
  'transport.certificateOtherName':
    '{{host}} 的证书（由 {{file}} 第 {{line}} 行的机构签发）用于其他名称的主机。请使用其证书中的名称连接，或为此名称签发其主机密钥（ssh-keygen -s CA -h -n 名称）。',
  'transport.certificateEarly':
    '{{host}} 的证书（由 {{file}} 第 {{line}} 行的机构签发）尚未生效。请检查本机时钟，或重新签发其主机密钥。',
  'transport.certificateExpired':
    '{{host}} 的证书（由 {{file}} 第 {{line}} 行的机构签发）已过期。请重新签发其主机密钥（ssh-keygen -s CA -h），或检查本机时钟。',
  'transport.certificateOption':
    '{{host}} 的证书（由 {{file}} 第 {{line}} 行的机构签发）含有主机证书不支持的关键选项。请重新签发且不带该选项。',
  'transport.hostKeyUnknown':
    '{{host}} 的主机密钥（{{algorithm}} {{fingerprint}}）不在任何 known_hosts 文件中，且 StrictHostKeyChecking 为 yes。请先用 ssh 连接一次并确认。',
  'transport.hostKeyNotConfirmed':
    '没有人确认 {{host}} 的主机密钥（{{algorithm}} {{fingerprint}}），因此未向其发送任何内容。',
  'transport.knownHostsUnreadable': '无法读取 {{file}}，因此无法识别任何主机。',
  'transport.knownHostsUnwritable': '无法将主机密钥写入 {{file}}。请检查写入权限。',

  'transport.badUrl': '{{url}} 不是 Git 仓库地址。',
  'transport.badScheme': '不支持 {{scheme}}://。请使用 https、ssh 或文件夹。',
  'transport.noSuchRemote': '此仓库没有名为 {{remote}} 的远程。请添加：git remote add {{remote}} <地址>',
  'transport.folderGone': '远程文件夹 {{path}} 现在不存在。如果它在其他磁盘上，请先连接该磁盘。',
  'transport.needsGit': '本机磁盘上的仓库需要通过 git 读取，但此处未安装 git。',

  'transport.httpUnreachable': '无法连接 {{host}}（{{reason}}）。请检查地址和网络；若使用代理，请检查 `http.proxy`。',
  'transport.httpStatus': '{{host}} 返回 {{status}} {{reason}}',
  'transport.httpDenied': '{{host}} 不接受该用户名和密码。',
  'transport.httpForbidden': '{{host}} 已识别您的身份，但不允许此操作（{{status}}）。',
  'transport.httpNoCredentials':
    '{{host}} 需要用户名和密码，但没有人提供。请设置凭据助手：git config --global credential.helper …',
  'transport.httpNotFound': '{{url}} 处没有仓库，或者您无权查看。',
  'transport.httpNotGit': '{{host}} 有响应，但不是 Git 服务器的响应。请检查地址。',
  'transport.httpFileUnreadable': '{{name}} 指定的 {{file}} 无法读取。',
  'transport.httpTooManyRedirects': '{{host}} 不断将请求重定向到别处。',
  'transport.certificate': '{{host}} 的证书不可信：{{reason}}。请在 http.sslCAInfo 中指定其颁发机构。',

  'transport.remoteSaid': '远程返回：{{reason}}',
  'transport.protocol': '{{host}} 的响应不符合 Git 协议：{{reason}}',
  'transport.sha256': '{{host}} 上的仓库使用 SHA-256 对象名，目前尚不支持。',
  'transport.emptyAnswer': '{{host}} 未作任何响应便断开了连接。{{reason}}',
  'transport.packDamaged': '从 {{host}} 收到的数据已损坏（{{reason}}）。未保留任何内容，请重试。',
  'transport.packMissingBase': '从 {{host}} 收到的数据依赖 {{oid}}，但本地没有。未保留任何内容。',
  'transport.missingTip': '{{host}} 声称有 {{oid}} 但没有发送。未保留任何内容。',

  'transport.notEmpty': '{{directory}} 不是空文件夹。请选择一个尚不存在的文件夹。',
  'transport.cannotWrite': '无法写入 {{directory}}：{{reason}}',
  'transport.unsafePath': '仓库中有名为 {{path}} 的文件，无法安全写入。未保留任何内容。',
  'transport.pathsCollide': '仓库中的 {{path}} 和 {{other}} 在此磁盘上是同一个文件。未保留任何内容。',

  'transport.phaseConnecting': '正在连接',
  'transport.phasePreparing': '远程正在准备对象',
  'transport.phaseReceiving': '正在接收对象',
  'transport.phaseResolving': '正在处理差异',
  'transport.phaseCheckout': '正在写入文件',
  'transport.phaseSending': '正在发送对象',
}
