/** Health of objects and progress of rollouts. */
export const health = {
  'health.notYaml': '{{file}}:{{line}}:{{column}} is not YAML or JSON: {{reason}}. Mend that line and try again.',
  'health.cannotRead': '{{file}} cannot be read ({{reason}}). Give a file, or - for standard input.',
  'health.step': 'step {{step}} of {{steps}}',
  'health.weight': 'weight {{weight}} % (asked {{desired}} %)',
} as const
