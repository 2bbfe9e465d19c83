export const kustomize = {
  'kustomize.remote': '{{file}}:{{line}} takes {{about}} from the network, so what it declares is not shown.',
  'kustomize.missing': '{{file}}:{{line}} names {{about}}, and there is no such file or kustomization.',
  'kustomize.outside':
    '{{file}}:{{line}} names {{about}}, outside of its own folder: kubectl refuses that unless it is told not to.',
  'kustomize.empty': '{{file}} says nothing. Write what it is made of, such as `resources`, or remove it.',
  'kustomize.unreadable': '{{file}}:{{line}} cannot be read: {{about}}.',
  'kustomize.repeatedKey': '{{file}}:{{line}} says {{about}} a second time in the same map; the last one counts.',
  'kustomize.severalKustomizations': '{{file}} and {{about}} are both kustomizations of one folder. Keep one of them.',
  'kustomize.cycle': '{{file}}:{{line}} includes {{about}}, which includes this one.',
  'kustomize.wrongKind':
    '{{file}}:{{line}} names {{about}}: a component stands under components, a kustomization under resources.',
  'kustomize.chart': '{{file}}:{{line}} inflates the Helm chart {{about}}, which is not shown here.',
  'kustomize.plugin': '{{file}}:{{line}} needs the plugin {{about}}, which is not run here.',
  'kustomize.noTarget': '{{file}}:{{line}} changes {{about}}, and nothing here is called so.',
  'kustomize.severalTargets': '{{file}}:{{line}} means {{about}}, and more than one object here is called so.',
  'kustomize.patchFails': '{{file}}:{{line}} does not fit {{about}}, so it is left out.',
  'kustomize.selector': '{{file}}:{{line}} selects by something that cannot be understood: {{about}}.',
  'kustomize.noReplicasTarget': '{{file}}:{{line}} sets the replicas of {{about}}, and no workload here is called so.',
  'kustomize.duplicate': '{{file}}:{{line}} declares {{about}}, which is there already.',
  'kustomize.notText': '{{file}}:{{line}}: {{about}} has to be text. Put its value into quotes.',
  'kustomize.unknownField': '{{file}}:{{line}}: kustomizations have no field {{about}}.',
  'kustomize.replacementSource': '{{file}}:{{line}} copies from {{about}}, where there is nothing to copy.',
  'kustomize.replacementTarget': '{{file}}:{{line}} copies into {{about}}, which is not there.',
  'kustomize.generator': '{{file}}:{{line}}: {{about}} is no key and value that can be generated from.',
  'kustomize.reference': '{{file}}:{{line}}: {{about}} could mean more than one object.',
  'kustomize.variable': '{{file}}:{{line}}: the variable {{about}} has no value, or is declared twice.',
  'kustomize.badValue': '{{file}}:{{line}}: {{about}} has a value that kustomize does not know.',
  'kustomize.noSuchObject': '{{file}} does not build {{kind}} {{name}} any more.',
  'kustomize.notEditable':
    '{{field}} comes from {{origin}}:{{line}}, which other environments may share. Edit it there, or write a patch in {{file}}.',
  'kustomize.notOnlyThis':
    '{{field}} cannot be changed in {{file}} without changing something else there. Write a patch by hand.',
} as const
