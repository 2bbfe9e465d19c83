/** What is found in a graph beyond its files: circles, single points, calls across environments. */
export const finding = {
  'finding.cycle':
    '{{path}}: they call one another in a circle, so none can start or be changed without the others. Let one of these calls go through a queue, or move what both need into a service of its own.',
  'finding.cycleOfMore':
    '{{path}}: they call one another in a circle, with others ({{all}}), so none can start or be changed without the rest. Let one of these calls go through a queue, or move what they share into a service of its own.',
  'finding.unseen':
    'Nothing here shows whom {{node}} calls, or who calls it: that is not known, and not the same as none. Give its source, or declare the dependency.',
  'finding.beyond':
    '{{node}} names {{host}} ({{where}}). Nothing of this environment is in namespace {{namespace}}, so whether it is there is not known here.',
  'finding.singleStore':
    '{{node}} keeps data and runs once, and its callers ({{callers}}) have no other way on when it stops. Give it a standby, or say why one is enough.',
  'finding.singlePoint':
    '{{node}} runs one replica, and its callers ({{callers}}) have no other way on when it stops. Run two or more.',
  'finding.crossesEnvironments':
    '{{node}} of {{own}} names {{host}}, which by its name belongs to {{other}}. Use the address of {{own}}, or confirm the dependency if it is meant.',
} as const
