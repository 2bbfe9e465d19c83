/** Where an edit of what an environment builds went, and why there. */
export const landing = {
  'landing.entryShared': 'In {{field}} of {{file}}, because {{origin}} is shared with {{others}}.',
  'landing.entryBase': 'In {{field}} of {{file}}, because {{environment}} builds it from {{origin}}.',
  'landing.entryValue': 'In {{field}} of {{file}}, because {{origin}} takes the value from there.',
  'landing.patchShared': 'As a patch in {{file}}, because {{origin}} is shared with {{others}}.',
  'landing.patchBase': 'As a patch in {{file}}, because {{environment}} builds it from {{origin}}.',
  'landing.ownerShared':
    'In {{field}} of the {{kind}} {{name}} ({{file}}), because {{origin}} is shared with {{others}}.',
  'landing.ownerBase':
    'In {{field}} of the {{kind}} {{name}} ({{file}}), because {{environment}} builds it from {{origin}}.',
  'landing.ownerValue':
    'In {{field}} of the {{kind}} {{name}} ({{file}}), because {{origin}} takes the value from there.',
  'landing.fileValue': 'In {{file}}, because {{origin}} takes the value from there.',
  'landing.ofEdit': '{{edit}}: {{landing}}',
} as const
