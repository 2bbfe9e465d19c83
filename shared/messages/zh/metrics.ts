export const metrics = {
  // Asking
  'metrics.unreachable': '无法连接 {{host}}：{{reason}}',
  'metrics.timeout': '{{host}} 在 {{seconds}} 秒内没有应答。请选择更短的时间窗口，或用 match 缩小范围。',
  'metrics.certificate': '{{host}} 的证书不受信任：{{reason}}。请在 caFile 中指定签发它的证书机构。',
  'metrics.caFile': '无法将 {{file}} 作为证书机构读取。',
  'metrics.moved': '{{host}} 转到了 {{location}}。请改用该地址。',
  'metrics.unauthorized': '{{host}} 要求说明访问者身份，或不接受该凭据。',
  'metrics.forbidden': '{{host}} 不允许该凭据读取指标。',
  'metrics.noCredential': '{{host}} 需要凭据，但没有提供。',
  'metrics.noVariable': '环境变量 {{name}} 没有设置，而访问 {{url}} 需要它的值。',
  'metrics.status': '{{host}} 应答 {{status}}。',
  'metrics.refused': '{{host}} 拒绝了该查询：{{reason}}',
  'metrics.tooLarge': '{{host}} 的应答超过 {{megabytes}} MB。请用 match 缩小范围，例如指定一个命名空间。',
  'metrics.notPrometheus': '{{host}} 的应答不像 Prometheus（{{status}}）。请检查地址。',
  'metrics.notJaeger': '{{host}} 的应答不像 Jaeger（{{status}}）。请检查地址。',
  'metrics.notTempo':
    '{{host}} 的应答不像 Tempo（{{status}}）。TraceQL 指标需要 Tempo 2.4 或更高版本，并启用 local-blocks 处理器。',
  'metrics.badUrl': '{{url}} 不是指标的地址。地址的形式是 http(s)://主机/路径，不含用户名和密码。',
  'metrics.badWindow': '{{window}} 不是时间窗口。请写成 5m、1h 或 1d；最长 30 天。',
  'metrics.noSource': '不知道 {{environment}} 的指标来源。请在 pilothouse.yaml 的 metrics 中指定，或给出地址。',

  // Command line
  'metrics.flagMetrics': '填入速率、错误率和耗时：来自该 Prometheus，否则来自工作区指定的来源',
  'metrics.flagWindow': '速率所取的时间窗口：5m、1h、1d',
  'metrics.doctorNone': '没有指定指标来源。在 pilothouse.yaml 的 metrics 中指定一个，图上就会显示速率。',
  'metrics.doctorNothing': '它有应答，但没有说明谁调用谁的指标。',
} as const
