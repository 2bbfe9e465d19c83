/** Why an object does as it does, for `pilothouse explain`. */
export const explain = {
  'explain.about': '{{about}}: {{said}}',
  'explain.analysisRunning':
    '{{metric}} was {{value}} at last where {{threshold}} is asked; {{measured}} measured so far.',
  'explain.analysisMeasured': '{{metric}} was {{value}} at last; {{measured}} measured so far.',
  'explain.analysisError': '{{metric}} could not be measured: {{said}}',
  'explain.syncFailed': 'The last sync failed: {{said}}',
  'explain.syncRetried_one': 'The last sync failed after {{count}} retry: {{said}}',
  'explain.syncRetried_other': 'The last sync failed after {{count}} retries: {{said}}',
  'explain.syncing': 'A sync is running: {{said}}',
  'explain.cannotCompare': 'Argo CD cannot compare it with Git: {{said}}',
  'explain.outOfSync': 'It differs from Git in {{names}}.',
  'explain.outOfSyncMore': 'It differs from Git in {{names}} and {{more}} more.',
  'explain.rolledBack': 'The upgrade failed and was undone: {{said}}',
  'explain.behind': 'It runs {{applied}} and tries {{attempted}}: {{said}}',
  'explain.suspended': 'Suspended: nothing is applied until it is resumed.',
  'explain.noAddress': 'Its load balancer has no address yet.',
  'explain.unbound': 'It is not bound to a volume yet.',
  'explain.podRuns': 'It runs until it ends by itself.',
  'explain.jobRuns_one': '{{count}} Pod is at work.',
  'explain.jobRuns_other': '{{count}} Pods are at work.',
} as const
