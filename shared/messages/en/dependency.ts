export const dependency = {
  'dependency.broken':
    '{{file}}:{{line}} cannot be read: {{reason}}. Correct it there, or write it anew with its tool.',
  'dependency.unknownFile':
    '{{file}} is no lock file, manifest, dependency graph or SBOM that is known. Name a file such as go.mod, package-lock.json, Cargo.lock or an SPDX or CycloneDX document.',
  'dependency.nothingInFolder':
    '{{file}} holds no lock file, manifest, dependency graph or SBOM. Name the folder that holds go.mod, package-lock.json, Cargo.lock or the like.',
  'dependency.noSuchFile': '{{file}} is not there. Correct the path.',
  'dependency.unknownEcosystem': '`{{name}}` is no ecosystem that is known. Use one of: {{known}}.',
  'dependency.notThatEcosystem':
    '{{file}} holds nothing of {{ecosystem}}; it holds {{found}}. Leave `--ecosystem` away, or name another file.',
  'dependency.alsoChanged': 'Changed as well, and by nothing above:',
  'dependency.becameDirect': 'is asked for directly now',
  'dependency.becameIndirect': 'is there for another alone now',
  'dependency.edgeCounts': 'Edges of the graph: {{added}} new, {{removed}} gone',
  'dependency.aboutDiffFiles':
    'Prints what differs between two lock files, manifests, graphs, SBOMs, or folders of them',
  'dependency.flagEcosystem': 'Looks at this ecosystem alone; else each is recognised',
  'dependency.noLibrary': 'Nothing here is made of {{library}}. Choose a library of the list.',
  'dependency.aboutDeps': 'Lists what each service is made of, and libraries in several versions',
  'dependency.aboutDiff': 'Prints what services are made of at one revision and not at another',
  'dependency.nothingHere':
    'No lock file, manifest, graph or SBOM was found here, and no workload that names an image.',
  'dependency.columnService': 'service',
  'dependency.columnEcosystem': 'ecosystem',
  'dependency.columnDirect': 'direct',
  'dependency.columnAll': 'all',
  'dependency.columnBehind': 'behind',
  'dependency.columnFrom': 'from',
  'dependency.fragmentedHeading_one': 'One library is here in several versions:',
  'dependency.fragmentedHeading_other': '{{count}} libraries are here in several versions:',
} as const
