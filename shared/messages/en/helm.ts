export const helm = {
  'helm.noName': '{{file}} gives the chart no name, which Helm refuses. Write `name:` there.',
  'helm.noChart': '{{file}} is missing, so this folder is no chart. Add it, or name the folder that holds it.',
  'helm.noDependency':
    '{{file}}:{{line}}: the chart {{name}} {{version}} is not in charts/ of {{folder}}, so what it adds is not shown. Put its folder there.',
  'helm.noValuesFile': 'The values file {{path}} is not there. Correct its path.',
  'helm.valuesNotMap': '{{file}}:{{line}} holds no map of values. Write `key: value` lines.',
  'helm.brokenYaml': '{{file}}:{{line}} cannot be read: {{reason}}. Fix it there.',
  'helm.brokenOutput':
    '{{file}}:{{line}} renders to YAML that cannot be read: {{reason}}. Look at indentation and quotes of what this line writes.',
  'helm.badSet': '`{{argument}}` sets no value. Write `name=value`.',
  'helm.syntax': '{{file}}:{{line}}: {{about}} cannot stand here in a template. Correct it.',
  'helm.unclosed': '{{file}}:{{line}}: {{about}} is opened here and never closed. Close it.',
  'helm.noTemplate': '{{file}}:{{line}}: no template is called "{{name}}". Define it, or correct the name.',
  'helm.noFunction': '{{file}}:{{line}}: there is no function {{name}}. Correct the name.',
  'helm.noVariable': '{{file}}:{{line}}: the variable {{name}} is not declared before. Declare it with `:=`.',
  'helm.noField': '{{file}}:{{line}}: {{about}}: there is no {{name}} in a {{type}}. Look at what is there before it.',
  'helm.nilField':
    '{{file}}:{{line}}: {{about}}: {{name}} is asked of something that is not set. Set the value above it, or ask with `if` first.',
  'helm.notCallable': '{{file}}:{{line}}: {{about}} is no function and takes no arguments. Take the arguments away.',
  'helm.argumentCount': '{{file}}:{{line}}: {{name}} takes {{want}} arguments and got {{got}}. Correct the call.',
  'helm.argumentType':
    '{{file}}:{{line}}: argument {{index}} of {{name}} has to be {{want}} and is {{got}}. Convert it first, or correct the value.',
  'helm.incomparable':
    '{{file}}:{{line}}: {{left}} and {{right}} cannot be compared. Convert one of them, as with `int`.',
  'helm.cannotRange': '{{file}}:{{line}}: `range` cannot go over {{type}}. Give it a list or a map.',
  'helm.cannotIndex': '{{file}}:{{line}}: a {{type}} has no entries to take. Give a list or a map.',
  'helm.outOfRange': '{{file}}:{{line}}: position {{index}} is not in the list. Ask for its length first.',
  'helm.divideByZero': '{{file}}:{{line}}: {{name}} divides by zero. Correct the value.',
  'helm.badPattern':
    '{{file}}:{{line}}: `{{pattern}}` is no regular expression that Go takes, or too large. Correct it.',
  'helm.badVersion': '{{file}}:{{line}}: `{{version}}` is no version or range of versions. Correct it.',
  'helm.badTime': '{{file}}:{{line}}: `{{text}}` is no time or duration of that form. Correct it.',
  'helm.badData': '{{file}}:{{line}}: the text cannot be read: {{reason}}. Correct it.',
  'helm.required': '{{file}}:{{line}} needs a value: {{reason}}. Set it in a values file.',
  'helm.failed': '{{file}}:{{line}} refuses these values: {{reason}}. Correct them.',
  'helm.tooDeep': '{{file}}:{{line}}: the template "{{name}}" includes itself without end. Break the circle.',
  'helm.tooNested': '{{file}}:{{line}}: this template or one of its values is nested too deeply. Take it apart.',
  'helm.tooLong': '{{file}}:{{line}}: this template writes without end. Bound its loops.',
  'helm.refusedType':
    "{{file}}:{{line}}: the chart's schema wants {{path}} to be {{wanted}}, so Helm refuses these values. Correct it.",
  'helm.refusedValue':
    "{{file}}:{{line}}: the chart's schema allows {{path}} only these values, so Helm refuses it: {{wanted}}. Take one of them.",
  'helm.refusedMissing':
    "{{file}}:{{line}}: the chart's schema requires {{path}}, and no values file sets it: Helm refuses that. Set it.",
  'helm.refusedUnknown':
    "{{file}}:{{line}}: the chart's schema knows no {{path}}, so Helm refuses these values. Correct its name or take it away.",
  'helm.refusedRange':
    "{{file}}:{{line}}: the chart's schema takes {{path}} from {{least}} to {{most}}, so Helm refuses it. Correct it.",
  'helm.refusedSize':
    "{{file}}:{{line}}: the chart's schema takes {{path}} with a length of {{least}} to {{most}}, so Helm refuses it. Correct it.",
  'helm.refusedPattern':
    "{{file}}:{{line}}: {{path}} does not look as the chart's schema wants it, so Helm refuses it: `{{pattern}}`. Correct it.",
  'helm.refusedChoice':
    "{{file}}:{{line}}: {{path}} fits none, or too many, of the forms the chart's schema gives it, so Helm refuses it. Correct it.",
} as const
