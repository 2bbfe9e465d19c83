export const edit = {
  'edit.noSuchItem': 'There is no {{path}}.',
  'edit.notACollection': '{{path}} holds a single value, so nothing can be put below it. Change it in the file.',
  'edit.duplicateKey': '{{key}} stands more than once (lines {{lines}}). Remove one of them first.',
  'edit.crossesAlias':
    '{{path}} on line {{line}} is the alias *{{alias}}. Its value stands at the anchor on line {{anchorLine}}: change it there.',
  'edit.crossesMerge':
    '{{path}} comes from the merge key on line {{line}}. Its value stands at the anchor on line {{anchorLine}}: change it there.',
  'edit.repeatedByAlias':
    '{{path}} carries the anchor &{{anchor}} and is repeated on lines {{lines}}. Changing it would change them too; edit the file itself.',
  'edit.wouldChangeMore': 'The change cannot be made without touching something else in the file. Edit the file itself.',
  'edit.isTemplate':
    'The file is a template: line {{line}} holds a template expression, so it cannot be read as YAML. Edit the values it is filled from, or the file itself.',
  'edit.cannotRead': 'The file cannot be read as YAML (line {{line}}: {{problem}}). Correct it first.',
} as const
