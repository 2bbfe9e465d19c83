export const compare = {
  'compare.noObject': 'Neither point holds {{object}}.',
  'compare.about': 'What differs between two points: decisions, tags, branches, environments (REV:ENV), now, draft',
  'compare.flagPart': 'Only this: topology, manifests, dependencies or rules; all when left out',
  'compare.flagNoise': 'Also tell differences that mean nothing for what runs',
  'compare.flagDiff': 'Print the rendered manifests as a unified diff',
  'compare.unknownPart': '“{{part}}” is no part. Use one of: {{known}}.',
  'compare.cliNotPart': '{{environment}} is not part of {{point}}.',
  'compare.cliNoise_one': '{{count}} difference that means nothing for what runs is left out (--noise shows it).',
  'compare.cliNoise_other': '{{count}} differences that mean nothing for what runs are left out (--noise shows them).',
} as const
