export const gitops = {
  'gitops.chartElsewhere':
    '{{file}}:{{line}}: the chart {{chart}} of {{name}} comes from {{repository}} and is not in this repository, so only its values are shown.',
  'gitops.pathElsewhere':
    '{{file}}:{{line}}: {{path}} of {{name}} is in another repository ({{repository}}), so what it declares is not shown.',
  'gitops.noPath': '{{file}}:{{line}}: {{name}} takes no path of {{repository}}, so there is nothing to show of it.',
  'gitops.plugin': '{{file}}:{{line}}: {{name}} builds {{path}} with a plugin, which is not run here.',
  'gitops.generator':
    '{{file}}:{{line}}: the generator {{generator}} of {{name}} asks for more than the files say, so its Applications are not shown.',
  'gitops.noParameter':
    '{{file}}:{{line}}: {{name}} asks for {{parameter}}, which no generator gives. Correct the name.',
  'gitops.noValues': '{{file}}:{{line}}: {{name}} takes values from {{about}}, which is not in this repository.',
  'gitops.noVariable':
    '{{file}}:{{line}}: the variable {{variable}} has no value in {{name}} and becomes empty. Set it under postBuild, or give it a default.',
  'gitops.notOnlyThis':
    '{{field}} is said in {{origin}}:{{line}}, and no place that belongs to {{environment}} alone can change it. Make it a value there, or edit it for all.',
  'gitops.noSuchObject': '{{environment}} does not build {{kind}} {{name}} any more.',
  'gitops.approximate': 'Rendered without Helm: what a chart makes here may differ from what Helm makes.',
  'gitops.doctorHelm':
    'helm is missing: charts are rendered here, and marked approximate. Install Helm to have them as Helm makes them.',
  'gitops.approximateShort': 'approximate',
} as const
