import {
  isObject,
  type Json,
  type JsonObject,
  listAt,
  objectAt,
  textAt,
  valueAt,
} from '../../../shared/manifests/manifest.ts'
import { sameValue } from '../../../shared/yaml/yaml-value.ts'
import { invalid } from './api-error.ts'
import type { Kind } from './kinds.ts'
import { selects } from './selectors.ts'

type Cause = { readonly field: string; readonly message: string }

const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/
const workloads = new Set(['Deployment', 'ReplicaSet', 'StatefulSet', 'DaemonSet', 'Job'])

/** The commonest of an API server's own checks. Throws 422 with every fault. */
export function validate(kind: Kind, before: JsonObject | undefined, object: JsonObject): void {
  const causes: Cause[] = []
  const name = textAt(object, 'metadata', 'name') ?? ''
  if (name === '') causes.push({ field: 'metadata.name', message: 'Required value: name or generateName is required' })
  else if (!kind.group.startsWith('rbac.') && (!subdomain.test(name) || name.length > 253))
    causes.push({
      field: 'metadata.name',
      message: `Invalid value: "${name}": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character`,
    })
  for (const [key, value] of Object.entries(objectAt(object, 'metadata', 'labels')))
    if (typeof value !== 'string' || !/^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$/.test(value) || value.length > 63)
      causes.push({
        field: `metadata.labels`,
        message: `Invalid value: ${JSON.stringify(value)}: a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.' (${key})`,
      })
  if (!kind.custom) causes.push(...builtIn(kind, before, object))
  if (causes.length > 0) throw invalid(kind, name, causes)
}

function builtIn(kind: Kind, before: JsonObject | undefined, object: JsonObject): readonly Cause[] {
  const causes: Cause[] = []
  const replicas = valueAt(object, ['spec', 'replicas'])
  if (replicas !== undefined && (typeof replicas !== 'number' || !Number.isInteger(replicas) || replicas < 0))
    causes.push({
      field: 'spec.replicas',
      message: `Invalid value: ${JSON.stringify(replicas)}: must be greater than or equal to 0`,
    })
  if (kind.kind === 'Pod') causes.push(...containers(objectAt(object, 'spec'), 'spec'))
  if (workloads.has(kind.kind)) {
    causes.push(...containers(objectAt(object, 'spec', 'template', 'spec'), 'spec.template.spec'))
    const selector = objectAt(object, 'spec', 'selector')
    if (kind.kind === 'Job') return causes
    if (before && !sameValue(objectAt(before, 'spec', 'selector'), selector))
      causes.push({ field: 'spec.selector', message: `Invalid value: ${JSON.stringify(selector)}: field is immutable` })
    const labels = objectAt(object, 'spec', 'template', 'metadata', 'labels')
    if (Object.keys(selector).length === 0) causes.push({ field: 'spec.selector', message: 'Required value' })
    else if (!selects(selector, labels))
      causes.push({
        field: 'spec.template.metadata.labels',
        message: `Invalid value: ${JSON.stringify(labels)}: \`selector\` does not match template \`labels\``,
      })
  }
  if (kind.kind === 'Service' && textAt(object, 'spec', 'type') !== 'ExternalName') {
    if (listAt(object, 'spec', 'ports').length === 0 && textAt(object, 'spec', 'clusterIP') !== 'None')
      causes.push({ field: 'spec.ports', message: 'Required value' })
    const old = before && textAt(before, 'spec', 'clusterIP')
    const now = textAt(object, 'spec', 'clusterIP')
    if (old !== undefined && now !== old)
      causes.push({ field: 'spec.clusterIPs[0]', message: `Invalid value: ["${now}"]: may not change once set` })
  }
  if (kind.kind === 'ConfigMap' && valueAt(before, ['immutable']) === true)
    if (!sameValue(valueAt(before, ['data']), valueAt(object, ['data'])))
      causes.push({ field: 'data', message: 'Forbidden: field is immutable when `immutable` is set' })
  return causes
}

function containers(podSpec: JsonObject, path: string): readonly Cause[] {
  const list = listAt(podSpec, 'containers')
  if (list.length === 0) return [{ field: `${path}.containers`, message: 'Required value' }]
  return list.flatMap((each: Json, index): Cause[] => {
    const field = `${path}.containers[${index}]`
    if (!isObject(each)) return [{ field, message: 'Required value' }]
    return ['name', 'image'].flatMap(key =>
      textAt(each, key) ? [] : [{ field: `${field}.${key}`, message: 'Required value' }],
    )
  })
}
