export const metrics = {
  // Asking
  'metrics.unreachable': '{{host}} cannot be reached: {{reason}}',
  'metrics.timeout':
    '{{host}} did not answer within {{seconds}} s. Choose a shorter window, or narrow the source with match.',
  'metrics.certificate':
    'The certificate of {{host}} is not trusted: {{reason}}. Name the authority that signed it as caFile.',
  'metrics.caFile': '{{file}} cannot be read as a certificate authority.',
  'metrics.moved': '{{host}} sends on to {{location}}. Give that address instead.',
  'metrics.unauthorized': '{{host}} wants to know who asks, or does not accept the credential.',
  'metrics.forbidden': '{{host}} does not let this credential read metrics.',
  'metrics.noCredential': '{{host}} wants a credential, and none was given.',
  'metrics.noVariable': 'The environment variable {{name}} is not set, and {{url}} is asked with its value.',
  'metrics.status': '{{host}} answered {{status}}.',
  'metrics.refused': '{{host}} refuses the question: {{reason}}',
  'metrics.tooLarge':
    'The answer of {{host}} is larger than {{megabytes}} MB. Narrow the source with match, such as a namespace.',
  'metrics.notPrometheus': '{{host}} does not answer as Prometheus does ({{status}}). Check the address.',
  'metrics.notJaeger': '{{host}} does not answer as Jaeger does ({{status}}). Check the address.',
  'metrics.notTempo':
    '{{host}} does not answer as Tempo does ({{status}}). TraceQL metrics need Tempo 2.4 or later with the local-blocks processor.',
  'metrics.badUrl': '{{url}} is not an address of metrics. It is http(s)://host/path, without user and password.',
  'metrics.badWindow': '{{window}} is not a window of time. Write 5m, 1h or 1d; 30 days at most.',
  'metrics.noSource':
    'No metric source is known for {{environment}}. Name one under metrics in pilothouse.yaml, or give its address.',

  // Command line
  'metrics.flagMetrics':
    'Fill in rates, errors and times: from this Prometheus, else from the sources the workspace names',
  'metrics.flagWindow': 'The stretch of time they are taken over: 5m, 1h, 1d',
  'metrics.doctorNone':
    'No metric source is named. Name one under metrics in pilothouse.yaml to see rates on the graph.',
  'metrics.doctorNothing': 'It answers, and holds no metric that says who calls whom.',
} as const
