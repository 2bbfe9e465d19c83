import { Edit } from '../../shared/edits/edit.ts'
import { AppError } from '../../shared/errors.ts'
import { type ResourceRef, sameResource } from '../../shared/manifests/resource-ref.ts'
import type { Container, Topology, TopologyNode } from '../../shared/topology/topology.ts'
import type { Given } from './command.ts'
import { nearest } from './nearest.ts'
import { splitAt } from './split-at.ts'

type Found = TopologyNode & { readonly resource: ResourceRef }

/**
 * Turns the flags of `pilothouse edit` into typed edits. Services are looked up in the given topologies, the preferred
 * one first: a name that is not there must mean one manifest in all the others.
 */
export function readEdits(given: Given, topologies: readonly Topology[]): Edit[] {
  const wrong = (flag: string, form: string, value: string) =>
    new AppError('invalid-input', 'cli.flagForm', { flag: `--${flag}`, form, value })

  function service(name: string): Found {
    const declaring = topologies.flatMap(({ environment, nodes }) =>
      nodes.filter(node => node.id === name).map(node => ({ environment, node })),
    )
    const preferred = declaring.filter(({ environment }) => environment === topologies[0]?.environment)
    const found = preferred.length > 0 ? preferred : declaring
    const [one] = found
    if (!one) {
      const ids = [...new Set(topologies.flatMap(({ nodes }) => nodes.map(({ id }) => id)))]
      const near = nearest(name, ids)
      if (ids.length === 0) throw new AppError('not-found', 'cli.noServices')
      throw near === null
        ? new AppError('not-found', 'cli.noSuchService', { service: name })
        : new AppError('not-found', 'cli.noSuchServiceNear', { service: name, near })
    }
    const { resource } = one.node
    if (!resource) throw new AppError('unsupported', 'cli.notAWorkload', { service: name })
    if (found.some(({ node }) => !node.resource || !sameResource(node.resource, resource)))
      throw new AppError('invalid-input', 'cli.serviceInSeveral', {
        service: name,
        environments: found.map(({ environment }) => environment).join(', '),
      })
    return { ...one.node, resource }
  }

  function container(node: Found, name: string | undefined): Container {
    const all = node.containers ?? []
    const named = name === undefined ? all.filter(({ init }) => !init) : all.filter(each => each.name === name)
    const [one, another] = named
    if (one && !another) return one
    const names = all.map(each => each.name).join(', ') || '-'
    throw new AppError('invalid-input', name === undefined ? 'cli.whichContainer' : 'cli.noSuchContainer', {
      service: node.id,
      container: name ?? '',
      containers: names,
    })
  }

  /** `S[:CONTAINER]` */
  function target(text: string): { resource: ResourceRef; container: string } {
    const [name, inside] = splitAt(text, ':')
    const node = service(name)
    return { resource: node.resource, container: container(node, inside).name }
  }

  /** `S[:CONTAINER]:K`, and `=V` where a value is wanted. */
  function keyed(flag: string, form: string, text: string, withValue: boolean) {
    const [left, value] = withValue ? splitAt(text, '=') : [text, undefined]
    const at = left.lastIndexOf(':')
    const key = left.slice(at + 1)
    if (at <= 0 || key === '' || (withValue && value === undefined)) throw wrong(flag, form, text)
    return { ...target(left.slice(0, at)), key, value: value ?? '' }
  }

  /** `S=N` */
  function numbered(flag: string, text: string): { node: Found; number: number } {
    const [name, number] = splitAt(text, '=')
    if (number === undefined || !/^\d{1,5}$/.test(number)) throw wrong(flag, 'S=N', text)
    return { node: service(name), number: Number(number) }
  }

  const edits: unknown[] = []
  for (const text of given.values('set-replicas')) {
    const { node, number } = numbered('set-replicas', text)
    edits.push({ kind: 'set-replicas', resource: node.resource, replicas: number })
  }
  for (const text of given.values('set-image')) {
    const [left, image] = splitAt(text, '=')
    if (!image) throw wrong('set-image', 'S[:CONTAINER]=IMG', text)
    edits.push({ kind: 'set-image', ...target(left), image })
  }
  for (const text of given.values('set-env')) {
    const { key, value, ...at } = keyed('set-env', 'S[:CONTAINER]:K=V', text, true)
    edits.push({ kind: 'set-env', ...at, name: key, value: { value } })
  }
  for (const text of given.values('unset-env')) {
    const { key, value: _, ...at } = keyed('unset-env', 'S[:CONTAINER]:K', text, false)
    edits.push({ kind: 'set-env', ...at, name: key, value: null })
  }
  for (const text of given.values('set-args')) {
    const [left, list] = splitAt(text, '=')
    edits.push({ kind: 'set-arguments', ...target(left), field: 'args', values: readJson('set-args', list, text) })
  }
  for (const [flag, section] of [
    ['set-request', 'requests'],
    ['set-limit', 'limits'],
  ] as const)
    for (const text of given.values(flag)) {
      const { key, value, ...at } = keyed(flag, 'S[:CONTAINER]:NAME=Q', text, true)
      edits.push({ kind: 'set-resources', ...at, section, resourceName: key, quantity: value })
    }
  for (const [flag, field] of [
    ['set-label', 'labels'],
    ['set-annotation', 'annotations'],
  ] as const)
    for (const text of given.values(flag)) {
      const [left, value] = splitAt(text, '=')
      const [name, key] = splitAt(left, ':')
      if (!key || value === undefined) throw wrong(flag, 'S:K=V', text)
      edits.push({ kind: 'set-metadata', resource: service(name).resource, at: 'object', field, key, value })
    }
  for (const [flag, field] of [
    ['set-min-replicas', 'minReplicas'],
    ['set-max-replicas', 'maxReplicas'],
  ] as const)
    for (const text of given.values(flag)) {
      const { node, number } = numbered(flag, text)
      if (!node.autoscaler) throw new AppError('unsupported', 'cli.noAutoscaler', { service: node.id })
      edits.push({ kind: 'set-autoscaling', resource: node.autoscaler.resource, field, value: number })
    }
  const like = given.value('like')
  for (const text of given.values('add-service')) {
    const [name, image] = splitAt(text, '=')
    if (!name || !image) throw wrong('add-service', 'NAME=IMG', text)
    if (like === undefined) throw new AppError('invalid-input', 'cli.likeNeeded')
    const model = service(like)
    const port = container(model, undefined).ports[0]?.port
    edits.push({
      kind: 'add-service',
      like: model.resource,
      name,
      image,
      ...(port === undefined || model.services.length === 0 ? {} : { port }),
    })
  }
  for (const text of given.values('rename-service')) {
    const [name, to] = splitAt(text, '=')
    if (!to) throw wrong('rename-service', 'S=NEW', text)
    edits.push({ kind: 'rename-service', resource: service(name).resource, to })
  }
  for (const name of given.values('remove-service'))
    edits.push({ kind: 'remove-service', resource: service(name).resource })
  for (const kind of ['confirm-edge', 'reject-edge', 'declare-edge', 'forget-edge'] as const)
    for (const text of given.values(kind)) {
      const declares = kind === 'declare-edge'
      const [from, right] = splitAt(text, '=')
      const [to, protocol] = declares ? splitAt(right ?? '', ':') : [right]
      if (!from || !to || protocol === '') throw wrong(kind, declares ? 'FROM=TO[:PROTOCOL]' : 'FROM=TO', text)
      edits.push({ kind, from, to, ...(protocol === undefined ? {} : { protocol }) })
    }
  return checkEdits(edits)
}

function readJson(flag: string, list: string | undefined, text: string): unknown {
  try {
    return JSON.parse(list ?? '')
  } catch (cause) {
    throw new AppError(
      'invalid-input',
      'cli.flagForm',
      { flag: `--${flag}`, form: `S[:CONTAINER]='["--flag","value"]'`, value: text },
      { cause },
    )
  }
}

/** Checks edits as the core will, so that a wrong one is said in words before anything is opened for writing. */
export function checkEdits(edits: unknown): Edit[] {
  if (!Array.isArray(edits)) throw new AppError('invalid-input', 'cli.editsNoList')
  return edits.map((edit: unknown, index) => {
    const checked = Edit.safeParse(edit)
    if (checked.success) return checked.data
    const issues = checked.error.issues.map(({ path, message }) => `${[index, ...path].join('.')}: ${message}`)
    throw new AppError('invalid-input', 'cli.wrongEdits', { issues: issues.join('; ') })
  })
}
