export const decision = {
  'decision.brokenSnapshot': '{{file}} is not a snapshot that can be read: {{reason}}',
  'decision.newerSnapshot':
    '{{file}} was written in the format {{version}}, which this version does not know. Update Pilothouse to read it.',
  'decision.notFound': 'There is no decision or commit {{decision}} in this workspace.',
  'decision.noRevision': 'There is no revision {{revision}} in this workspace.',
} as const
