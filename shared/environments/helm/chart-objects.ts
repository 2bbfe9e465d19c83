import { encodeBase64 } from './encodings.ts'
import { toYaml } from './go-yaml.ts'
import { type Chart, glob } from './load-chart.ts'
import { readVersion } from './semantic-version.ts'
import { type Dict, GoObject, isDict, isList, textOf, type Value } from './value.ts'

type Method = (args: readonly Value[]) => Value

/** Text fields of Chart.yaml, as templates name them. */
const textFields: readonly (readonly [key: string, name: string])[] = [
  ['name', 'Name'],
  ['version', 'Version'],
  ['appVersion', 'AppVersion'],
  ['apiVersion', 'APIVersion'],
  ['description', 'Description'],
  ['kubeVersion', 'KubeVersion'],
  ['type', 'Type'],
  ['home', 'Home'],
  ['icon', 'Icon'],
  ['condition', 'Condition'],
  ['tags', 'Tags'],
]

/** `.Chart`. An alias counts as the name, as in Helm. */
export function chartObject(chart: Chart, isRoot: boolean): GoObject {
  const fields = new Map<string, Value>()
  for (const [key, name] of textFields) fields.set(name, textOf(chart.metadata.get(key) ?? ''))
  fields.set('Name', chart.name)
  for (const [key, name] of [
    ['keywords', 'Keywords'],
    ['sources', 'Sources'],
  ] as const) {
    const list = chart.metadata.get(key)
    fields.set(name, isList(list) ? list : [])
  }
  const annotations = chart.metadata.get('annotations')
  fields.set('Annotations', isDict(annotations) ? annotations : new Map())
  fields.set('Deprecated', chart.metadata.get('deprecated') === true)
  fields.set('IsRoot', isRoot)
  const structs = (key: string, names: readonly string[], type: string): Value => {
    const list = chart.metadata.get(key)
    return (isList(list) ? list : []).filter(isDict).map(item => {
      const inner = names.map((name): [string, Value] => [
        name === 'url' ? 'URL' : name.charAt(0).toUpperCase() + name.slice(1),
        item.get(name) ?? '',
      ])
      return new GoObject({ type, fields: new Map(inner) })
    })
  }
  fields.set('Maintainers', structs('maintainers', ['name', 'email', 'url'], '*chart.Maintainer'))
  fields.set(
    'Dependencies',
    structs('dependencies', ['name', 'version', 'repository', 'condition', 'tags', 'alias'], '*chart.Dependency'),
  )
  return new GoObject({ type: 'chart.Metadata', fields })
}

/** `.Files`: what the chart brings beside its templates. */
export function filesObject(files: ReadonlyMap<string, string>): GoObject {
  const entries: Dict = new Map(files)
  const baseName = (path: string) => path.split('/').at(-1) ?? path
  const methods: [string, Method][] = [
    ['Get', ([name]) => files.get(textOf(name)) ?? ''],
    ['GetBytes', ([name]) => files.get(textOf(name)) ?? ''],
    [
      'Lines',
      ([name]) => {
        const text = files.get(textOf(name))
        if (text === undefined) return []
        return text.replace(/\n$/, '').split('\n')
      },
    ],
    [
      'Glob',
      ([pattern]) => {
        const test = glob(textOf(pattern))
        return filesObject(new Map([...files].filter(([path]) => test(path))))
      },
    ],
    ['AsConfig', () => toYaml(new Map([...files].map(([path, text]): [string, Value] => [baseName(path), text])))],
    [
      'AsSecrets',
      () => toYaml(new Map([...files].map(([path, text]): [string, Value] => [baseName(path), encodeBase64(text)]))),
    ],
  ]
  return new GoObject({ type: 'engine.files', entries, truth: files.size > 0, methods: new Map(methods) })
}

/**
 * API versions that `helm template` knows without a cluster: all that Kubernetes' client for Go 0.33 has types for, old
 * ones included, which a cluster of today no longer serves.
 */
const plainVersions: readonly string[] = [
  'v1',
  ...[
    'admissionregistration.k8s.io: v1 v1beta1 v1alpha1',
    'apiextensions.k8s.io: v1 v1beta1',
    'apps: v1 v1beta2 v1beta1',
    'authentication.k8s.io: v1 v1beta1 v1alpha1',
    'authorization.k8s.io: v1 v1beta1',
    'autoscaling: v2 v1 v2beta1 v2beta2',
    'batch: v1 v1beta1',
    'certificates.k8s.io: v1 v1beta1 v1alpha1',
    'coordination.k8s.io: v1 v1beta1 v1alpha2',
    'discovery.k8s.io: v1 v1beta1',
    'events.k8s.io: v1 v1beta1',
    'extensions: v1beta1',
    'flowcontrol.apiserver.k8s.io: v1 v1beta3 v1beta2 v1beta1',
    'internal.apiserver.k8s.io: v1alpha1',
    'networking.k8s.io: v1 v1beta1 v1alpha1',
    'node.k8s.io: v1 v1beta1 v1alpha1',
    'policy: v1 v1beta1',
    'rbac.authorization.k8s.io: v1 v1beta1 v1alpha1',
    'resource.k8s.io: v1beta2 v1beta1 v1alpha3',
    'scheduling.k8s.io: v1 v1beta1 v1alpha1',
    'storage.k8s.io: v1 v1beta1 v1alpha1',
    'storagemigration.k8s.io: v1alpha1',
  ].flatMap(group => {
    const [name, versions = ''] = group.split(': ')
    return versions.split(' ').map(version => `${name}/${version}`)
  }),
]

/** `.Capabilities` of a cluster nobody asked: a version, and the API versions it has by itself and those given. */
export function capabilitiesObject(kubeVersion: string, apiVersions: readonly string[]): GoObject {
  const version = readVersion(kubeVersion)
  const text = `v${kubeVersion.replace(/^v/, '')}`
  const all: Value[] = [...plainVersions, ...apiVersions]
  const kube = new GoObject({
    type: 'chartutil.KubeVersion',
    text,
    fields: new Map<string, Value>([
      ['Version', text],
      ['Major', String(version.major)],
      ['Minor', String(version.minor)],
    ]),
    methods: new Map<string, Method>([
      ['String', () => text],
      ['GitVersion', () => text],
    ]),
  })
  return new GoObject({
    type: '*chartutil.Capabilities',
    fields: new Map<string, Value>([
      ['KubeVersion', kube],
      [
        'APIVersions',
        new GoObject({
          type: 'chartutil.VersionSet',
          entries: all,
          text: `[${all.join(' ')}]`,
          methods: new Map<string, Method>([['Has', ([name]) => all.includes(name ?? null)]]),
        }),
      ],
      [
        'HelmVersion',
        new GoObject({
          type: 'version.BuildInfo',
          fields: new Map<string, Value>([
            ['Version', 'v3.18.0'],
            ['GitCommit', ''],
            ['GitTreeState', 'clean'],
            ['GoVersion', ''],
          ]),
        }),
      ],
    ]),
  })
}
