import { assessHealth, kindOf } from '../health/assess-health.ts'
import { conditionsOf, type LiveObject } from '../health/health.ts'
import { listAt, objectAt, textAt, textsAt } from '../manifests/manifest.ts'
import { redact } from '../topology/redact.ts'
import type { ObjectRow } from './contract.ts'

/** One line of a list: what it is called, how it does, and what tells it from its like. */
export function objectRow(object: LiveObject): ObjectRow {
  const { kind } = kindOf(object)
  const namespace = textAt(object, 'metadata', 'namespace') ?? ''
  const name = textAt(object, 'metadata', 'name') ?? ''
  const { health, message } = assessHealth(object)
  const row = {
    key: `${namespace}/${name}`,
    namespace,
    name,
    createdAt: textAt(object, 'metadata', 'creationTimestamp') ?? '',
    health,
    about: redact(aboutOf(kind, object) || message).slice(0, 400),
  }
  return kind === 'Event' ? { ...row, ...eventFacts(object) } : row
}

function aboutOf(kind: string, object: LiveObject): string {
  switch (kind) {
    case 'Service': {
      const ports = listAt(object, 'spec', 'ports').map(port => {
        const [from, to] = [textAt(port, 'port') ?? '', textAt(port, 'targetPort')]
        return to === undefined || to === from ? from : `${from} → ${to}`
      })
      return [textAt(object, 'spec', 'type') ?? 'ClusterIP', ports.join(', ')].filter(Boolean).join(' · ')
    }
    case 'Node': {
      const roles = Object.keys(textsAt(object, 'metadata', 'labels')).flatMap(
        label => /^node-role\.kubernetes\.io\/(.+)/.exec(label)?.[1] ?? [],
      )
      const info = objectAt(object, 'status', 'nodeInfo')
      const bad = conditionsOf(object).filter(
        ({ type, status }) =>
          (type === 'Ready' ? status !== 'True' : status === 'True') && type !== 'NetworkUnavailable',
      )
      const facts = [textAt(info, 'kubeletVersion'), textAt(info, 'architecture'), textAt(info, 'osImage')]
      const cordoned = textAt(object, 'spec', 'unschedulable') === 'true' ? ['cordoned'] : []
      return [...bad.map(({ type, message }) => `${type}: ${message}`), ...cordoned, ...roles, ...facts]
        .filter(Boolean)
        .join(' · ')
    }
    case 'Event':
      return `${textAt(object, 'involvedObject', 'kind') ?? textAt(object, 'regarding', 'kind') ?? ''} ${
        textAt(object, 'involvedObject', 'name') ?? textAt(object, 'regarding', 'name') ?? ''
      } · ${textAt(object, 'reason') ?? ''}: ${textAt(object, 'message') ?? textAt(object, 'note') ?? ''}`
    case 'ConfigMap':
    case 'Secret':
      return [textAt(object, 'type'), Object.keys(objectAt(object, 'data')).sort().join(', ')]
        .filter(Boolean)
        .join(' · ')
    case 'Ingress':
      return listAt(object, 'spec', 'rules')
        .map(rule => textAt(rule, 'host') ?? '*')
        .join(', ')
    case 'PersistentVolumeClaim':
      return [
        textAt(object, 'status', 'phase'),
        textAt(object, 'spec', 'resources', 'requests', 'storage'),
        textAt(object, 'spec', 'storageClassName'),
      ]
        .filter(Boolean)
        .join(' · ')
    default:
      return ''
  }
}

function eventFacts(event: LiveObject): Pick<ObjectRow, 'count' | 'last' | 'warning'> {
  return {
    count: Number(textAt(event, 'series', 'count') ?? textAt(event, 'count') ?? 1),
    last:
      textAt(event, 'series', 'lastObservedTime') ??
      textAt(event, 'lastTimestamp') ??
      textAt(event, 'eventTime') ??
      textAt(event, 'metadata', 'creationTimestamp') ??
      '',
    ...(textAt(event, 'type') !== 'Normal' && { warning: true as const }),
  }
}

const order = ['Degraded', 'Missing', 'Progressing', 'Unknown', 'Suspended', 'Healthy']
/** Events newest first, everything else problems first. */
export const rowOrder = (a: ObjectRow, b: ObjectRow): number =>
  a.last !== undefined && b.last !== undefined
    ? a.last < b.last
      ? 1
      : a.last > b.last
        ? -1
        : 0
    : order.indexOf(a.health) - order.indexOf(b.health) || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)

/** True where every word stands somewhere in it. */
export const fits = (words: string, ...texts: readonly string[]): boolean => {
  const all = texts.join('\n').toLowerCase()
  return words
    .toLowerCase()
    .split(/\s+/)
    .every(word => all.includes(word))
}
