export const delivery = {
  'delivery.protected':
    '{{environment}} is protected. Type its name to change it; on the command line: --confirm {{environment}}.',
  'delivery.engineDelivers':
    '{{object}} delivers this environment: two who apply the same objects undo each other. Commit, and follow it; or suspend it first.',
  'delivery.noEngine': '{{object}} delivers nothing. It has to be an Application, a Kustomization or a HelmRelease.',
  'delivery.titleSuspend': 'suspend {{object}} on {{context}}',
  'delivery.titleResume': 'resume {{object}} on {{context}}',
  'delivery.degraded': 'it does not get ready: {{reason}}',
  'delivery.notReady': 'it was not ready within {{seconds}} s. {{reason}}',
  'delivery.stopped': 'Stopped at {{object}}; what comes after it was left as it was.',

  // Command line
  'delivery.about': 'Bring an environment to its cluster, or follow the engine that does',
  'delivery.flagPrune': 'Delete what an earlier delivery brought and Git has no more',
  'delivery.flagForce': 'Take over fields that others hold',
  'delivery.flagDryRun': 'Say what would be done, by the word of the server',
  'delivery.flagConfirm': 'The name of a protected environment',
  'delivery.flagTimeout': 'How long to wait for readiness (default 600)',
  'delivery.stateWaiting': 'waiting',
  'delivery.stateApplied': 'applied',
  'delivery.stateReady': 'ready',
  'delivery.statePruned': 'pruned',
  'delivery.stateFailed': 'failed',
  'delivery.stateLeft': 'left',
  'delivery.done': '{{count}} objects of {{environment}} are on {{context}} and ready ({{revision}}).',
  'delivery.wouldDo':
    '{{count}} objects of {{environment}} would be applied to {{context}} ({{revision}}). Nothing was.',
  'delivery.syncSynced': 'synced',
  'delivery.syncOutOfSync': 'out of sync',
  'delivery.syncSyncing': 'syncing',
  'delivery.syncFailed': 'failed',
  'delivery.syncUnknown': 'unknown',
  'delivery.arrived': '{{object}} is at {{revision}} and healthy.',
  'delivery.behind': '{{count}} commits behind',
  'delivery.suspended': 'suspended by {{by}}: {{reason}}',
  'delivery.late': 'Not there within {{seconds}} s.',
} as const
