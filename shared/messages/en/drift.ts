export const drift = {
  'drift.approximate':
    '{{environment}} was rendered here without the tool that renders it where it runs: what differs may be of that.',
  'drift.kindNotServed':
    'The cluster does not know {{kind}} ({{apiVersion}}): its definition is missing, or the version is another.',
  'drift.adoptMissing':
    '{{object}} is not in the cluster. To agree with that, remove the service from Git; to bring it back, re-apply.',
  'drift.adoptNotPossible':
    '{{field}} cannot be taken into Git: it is a credential, or it has no place of its own there.',

  // Command line
  'drift.about': 'What is live against what Git says, and who changed it',
  'drift.flagContext': 'The kubeconfig context of the cluster',
  'drift.flagNamespace': 'The namespace of objects that name none',
  'drift.flagRev': 'What should be running: a branch, tag or commit instead of HEAD',
  'drift.noContexts':
    'Say which cluster to look at with --context NAME. No kubeconfig names one: set KUBECONFIG, or put a file at ~/.kube/config.',
  'drift.noContext': 'Say which cluster to look at: --context NAME. There are: {{known}}.',
  'drift.none': 'Nothing differs: {{count}} objects are as Git says ({{context}}, {{revision}}).',
  'drift.summary': '{{drifted}} of {{count}} objects differ from Git ({{context}}, {{revision}}).',
  'drift.unknown': '{{count}} could not be looked at.',
  'drift.sandbox': '{{context}} is a sandbox: what it says is simulated.',
  'drift.stateMissing': 'missing',
  'drift.stateChanged': 'changed',
  'drift.stateExtra': 'extra',
  'drift.stateUnknown': 'unknown',
  'drift.by': '{{manager}}, since {{since}}',
  'drift.hidden': 'differs; the values are secret',
  'drift.others': 'held by others: {{fields}}',
  'drift.holderAutoscaler': 'autoscaler',
  'drift.holderRollout': 'progressive delivery',
  'drift.holderInjected': 'injected',
  'drift.holderCertificates': 'certificates',
  'drift.holderRestart': 'restarted by hand',
  'drift.holderAdmission': 'set on admission',
  'drift.holderController': 'controller',
} as const
