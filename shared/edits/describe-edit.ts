import { assertNever } from '../errors.ts'
import { imageReference } from '../manifests/image-reference.ts'
import type { Message, MessageKey } from '../messages/index.ts'
import { isSecretName, redactValue } from '../topology/redact.ts'
import type { Edit, EditOf } from './edit.ts'
import type { EditOutcome } from './edit-outcome.ts'
import { wordsOf } from './set-weight.ts'

/** What an edit does, in one line: `Scale checkout 3 → 4`. Values of credentials are not told. */
export function describeEdit(edit: Edit, outcome: EditOutcome): Message {
  const change = outcome.kind === 'applied' ? outcome.changes[0] : undefined
  switch (edit.kind) {
    case 'set-replicas': {
      const service = edit.resource.name
      return change?.before !== undefined
        ? { key: 'edit.scale', params: { service, before: change.before, after: edit.replicas } }
        : { key: 'edit.scaleTo', params: { service, after: edit.replicas } }
    }
    case 'set-image':
      return describeImage(edit, change?.before)
    case 'set-arguments':
      return {
        key: edit.field === 'args' ? 'edit.changeArguments' : 'edit.changeCommand',
        params: { service: edit.resource.name },
      }
    case 'set-env':
      return describeEnv(edit)
    case 'set-resources': {
      const params = { service: edit.resource.name, resource: edit.resourceName, quantity: edit.quantity ?? '' }
      if (edit.section === 'requests')
        return { key: edit.quantity === null ? 'edit.removeRequest' : 'edit.setRequest', params }
      return { key: edit.quantity === null ? 'edit.removeLimit' : 'edit.setLimit', params }
    }
    case 'set-probe': {
      const params = {
        service: edit.resource.name,
        probe: edit.probe,
        field: edit.field.join('.'),
        value: edit.value ?? '',
      }
      return { key: edit.value === null ? 'edit.removeProbeField' : 'edit.setProbeField', params }
    }
    case 'set-metadata': {
      const params = { resource: edit.resource.name, key: edit.key, value: edit.value ?? '' }
      if (edit.field === 'labels') return { key: edit.value === null ? 'edit.removeLabel' : 'edit.setLabel', params }
      return { key: edit.value === null ? 'edit.removeAnnotation' : 'edit.setAnnotation', params }
    }
    case 'set-autoscaling':
      return {
        key: edit.field === 'minReplicas' ? 'edit.setMinimum' : 'edit.setMaximum',
        params: { resource: edit.resource.name, value: edit.value },
      }
    case 'set-service-port':
      return describePort(edit)
    case 'add-service':
      return { key: 'edit.addService', params: { service: edit.name } }
    case 'remove-service':
      return { key: 'edit.removeService', params: { service: edit.resource.name } }
    case 'rename-service':
      return { key: 'edit.renameService', params: { service: edit.resource.name, to: edit.to } }
    case 'set-file':
      return { key: edit.text === null ? 'edit.removeFile' : 'edit.writeFile', params: { file: edit.file } }
    case 'set-position':
      return { key: edit.position === null ? 'edit.freeNode' : 'edit.moveNode', params: { node: edit.node } }
    case 'set-weight':
      return {
        key: /^(Rollout|Canary)$/.test(edit.resource.kind) ? 'rollout.editSteps' : 'rollout.editWeights',
        params: { resource: edit.resource.name, weights: wordsOf(edit.weights) },
      }
    case 'set-field':
    case 'set-item':
    case 'set-address':
    case 'add-object':
      return describeWiring(edit)
    case 'confirm-edge':
      return { key: 'edit.confirmEdge', params: { from: edit.from, to: edit.to } }
    case 'reject-edge':
      return { key: 'edit.rejectEdge', params: { from: edit.from, to: edit.to } }
    case 'declare-edge':
      return edit.protocol
        ? { key: 'edit.declareEdgeOver', params: { from: edit.from, to: edit.to, protocol: edit.protocol } }
        : { key: 'edit.declareEdge', params: { from: edit.from, to: edit.to } }
    case 'forget-edge':
      return { key: 'edit.forgetEdge', params: { from: edit.from, to: edit.to } }
    default:
      return assertNever(edit)
  }
}

function describeWiring(edit: EditOf<'set-field' | 'set-item' | 'set-address' | 'add-object'>): Message {
  if (edit.kind === 'add-object') {
    const metadata = edit.object['metadata']
    const name = typeof metadata === 'object' && metadata !== null && 'name' in metadata ? metadata.name : ''
    return { key: 'wiring.addObject', params: { object: `${edit.object['kind']}/${name}` } }
  }
  const object = `${edit.resource.kind}/${edit.resource.name}`
  const field = String(edit.at.findLast(step => typeof step === 'string' && step !== 'value') ?? '')
  if (edit.kind === 'set-address')
    return { key: 'wiring.setAddress', params: { object, field, host: edit.host, to: edit.to } }
  if (edit.kind === 'set-item')
    return { key: edit.present ? 'wiring.addItem' : 'wiring.removeItem', params: { object, field } }
  return { key: edit.value === null ? 'wiring.removeField' : 'wiring.setField', params: { object, field } }
}

/** The version as a line of a log tells it: a digest, shortened, stands for a missing tag. */
function versionOf(image: string): string {
  const { tag, digest } = imageReference(image)
  return tag ?? digest?.replace(/^(\w+:\w{12})\w*$/, '$1') ?? ''
}

function describeImage(edit: EditOf<'set-image'>, before: string | undefined): Message {
  const service = edit.resource.name
  const [was, next] = [versionOf(before ?? ''), versionOf(edit.image)]
  const same = imageReference(before ?? '').repository === imageReference(edit.image).repository
  return same && was !== '' && next !== ''
    ? { key: 'edit.upgrade', params: { service, before: was, after: next } }
    : { key: 'edit.setImage', params: { service, image: edit.image } }
}

const longestValue = 60

function describeEnv({ resource, name, value }: EditOf<'set-env'>): Message {
  const params = { service: resource.name, name }
  if (value === null) return { key: 'edit.removeVariable', params }
  if ('configMap' in value)
    return {
      key: 'edit.variableFromConfigMap',
      params: { ...params, source: `${value.configMap.name}/${value.configMap.key}` },
    }
  if ('secret' in value)
    return { key: 'edit.variableFromSecret', params: { ...params, source: `${value.secret.name}/${value.secret.key}` } }
  if ('fieldPath' in value) return { key: 'edit.variableFromField', params: { ...params, source: value.fieldPath } }
  const short = value.value.length <= longestValue && !value.value.includes('\n')
  // A URL may carry a password under a name that tells nothing of it.
  const tells = short && !isSecretName(name) && redactValue(name, value.value) === value.value
  return tells
    ? { key: 'edit.setVariableTo', params: { ...params, value: value.value } }
    : { key: 'edit.setVariable', params }
}

function describePort({ resource, port, field, value }: EditOf<'set-service-port'>): Message {
  const keys: Record<typeof field, MessageKey> = {
    port: 'edit.setPort',
    targetPort: value === null ? 'edit.removeTargetPort' : 'edit.setTargetPort',
    nodePort: value === null ? 'edit.removeNodePort' : 'edit.setNodePort',
  }
  return { key: keys[field], params: { service: resource.name, port, value: value ?? '' } }
}

/** Names of the services an edit is about; none for a file or a position. */
export function servicesOf(edit: Edit): readonly string[] {
  switch (edit.kind) {
    case 'add-service':
      return [edit.name]
    case 'rename-service':
      return [edit.resource.name, edit.to]
    case 'set-file':
    case 'set-position':
      return []
    case 'set-field':
    case 'set-item':
    case 'set-weight':
    case 'set-address':
      return edit.services ?? [edit.resource.name]
    case 'add-object':
      return edit.services ?? []
    case 'confirm-edge':
    case 'reject-edge':
    case 'declare-edge':
    case 'forget-edge':
      return [edit.from, edit.to]
    default:
      return [edit.resource.name]
  }
}
