import * as z from 'zod/mini'
import { ResourceRef } from '../manifests/resource-ref.ts'

const name = z.string().check(z.minLength(1), z.maxLength(253))
const quantity = z.string().check(z.regex(/^[+-]?\d+(\.\d+)?([KMGTPE]i?|[numk]|[eE][+-]?\d+)?$/))
const portNumber = z.number().check(z.int(), z.minimum(1), z.maximum(65535))

/** Where the value of an environment variable comes from (core/v1 EnvVar and EnvVarSource). */
export const EnvValue = z.union([
  z.object({ value: z.string() }),
  z.object({ configMap: z.object({ name, key: name }) }),
  z.object({ secret: z.object({ name, key: name }) }),
  z.object({ fieldPath: z.string().check(z.minLength(1)) }),
])
export type EnvValue = z.infer<typeof EnvValue>

/** A container of the workload's Pod template, by name; init containers share the namespace of names. */
const inContainer = { resource: ResourceRef, container: name }

export const SetReplicas = z.object({
  kind: z.literal('set-replicas'),
  resource: ResourceRef,
  replicas: z.number().check(z.int(), z.minimum(0), z.maximum(10_000)),
})
export const SetImage = z.object({
  kind: z.literal('set-image'),
  ...inContainer,
  image: z.string().check(z.minLength(1)),
})
export const SetArguments = z.object({
  kind: z.literal('set-arguments'),
  ...inContainer,
  field: z.enum(['command', 'args']),
  /** The whole list; null removes the field. Only the items that differ are touched. */
  values: z.nullable(z.array(z.string())),
})
export const SetEnv = z.object({ kind: z.literal('set-env'), ...inContainer, name, value: z.nullable(EnvValue) })
export const SetResources = z.object({
  kind: z.literal('set-resources'),
  ...inContainer,
  section: z.enum(['requests', 'limits']),
  resourceName: name,
  quantity: z.nullable(quantity),
})
export const SetProbe = z.object({
  kind: z.literal('set-probe'),
  ...inContainer,
  probe: z.enum(['livenessProbe', 'readinessProbe', 'startupProbe']),
  /** Path below the probe, e.g. `['periodSeconds']` or `['httpGet', 'path']`. */
  field: z.array(z.string()).check(z.minLength(1)),
  value: z.nullable(z.union([z.string(), z.number()])),
})
export const SetMetadata = z.object({
  kind: z.literal('set-metadata'),
  resource: ResourceRef,
  /** The object's own metadata, or that of its Pod template. */
  at: z.enum(['object', 'template']),
  field: z.enum(['labels', 'annotations']),
  key: name,
  value: z.nullable(z.string()),
})
export const SetAutoscaling = z.object({
  kind: z.literal('set-autoscaling'),
  resource: ResourceRef,
  field: z.enum(['minReplicas', 'maxReplicas']),
  value: z.number().check(z.int(), z.minimum(0), z.maximum(10_000)),
})
export const SetServicePort = z.object({
  kind: z.literal('set-service-port'),
  resource: ResourceRef,
  /** The `port` number that stands there now. */
  port: portNumber,
  field: z.enum(['port', 'targetPort', 'nodePort']),
  value: z.nullable(z.union([portNumber, name])),
})
export const AddService = z.object({
  kind: z.literal('add-service'),
  /** The workload whose folder, file habits, labels and indentation the new one follows. */
  like: ResourceRef,
  name,
  image: z.string().check(z.minLength(1)),
  replicas: z.optional(z.number().check(z.int(), z.minimum(0), z.maximum(10_000))),
  /** Container and Service port; absent for a worker without a Service. */
  port: z.optional(portNumber),
  env: z.optional(z.array(z.object({ name, value: z.string() }))),
})
export const RemoveService = z.object({ kind: z.literal('remove-service'), resource: ResourceRef })
export const RenameService = z.object({ kind: z.literal('rename-service'), resource: ResourceRef, to: name })
/** The text of one file as a person typed it in the editor. */
export const SetFile = z.object({
  kind: z.literal('set-file'),
  file: z.string().check(z.minLength(1)),
  text: z.nullable(z.string()),
})
/** A dragged node; kept in `.pilothouse/layout/<environment>.yaml`. Null lets the layout place it again. */
export const SetPosition = z.object({
  kind: z.literal('set-position'),
  environment: name,
  node: name,
  position: z.nullable(z.object({ x: z.number(), y: z.number() })),
})

/** One edge as `pilothouse.yaml` names it: ids of nodes, and the only environment it is said of (all, when absent). */
const ofEdge = { from: name, to: name, environment: z.optional(name) }
/** Absent: what stands there stays; null: it is taken out. */
const words = z.optional(z.nullable(z.string().check(z.minLength(1))))
/** People say that an edge is there, is not there, or is there although nothing shows it; or nothing any more. */
export const ConfirmEdge = z.object({ kind: z.literal('confirm-edge'), ...ofEdge, why: words })
export const RejectEdge = z.object({ kind: z.literal('reject-edge'), ...ofEdge, why: words })
export const DeclareEdge = z.object({ kind: z.literal('declare-edge'), ...ofEdge, protocol: words, why: words })
export const ForgetEdge = z.object({ kind: z.literal('forget-edge'), ...ofEdge })

/**
 * One typed change of the workspace. An edit names what it means, not which characters to change, so it can be
 * replayed on another base, inverted, summarised and judged.
 */
export const Edit = z.discriminatedUnion('kind', [
  SetReplicas,
  SetImage,
  SetArguments,
  SetEnv,
  SetResources,
  SetProbe,
  SetMetadata,
  SetAutoscaling,
  SetServicePort,
  AddService,
  RemoveService,
  RenameService,
  SetFile,
  SetPosition,
  ConfirmEdge,
  RejectEdge,
  DeclareEdge,
  ForgetEdge,
])
export type Edit = z.infer<typeof Edit>
export type EditKind = Edit['kind']
/** `Extract` by kind: `EditOf<'set-image'>`. */
export type EditOf<K extends EditKind> = Extract<Edit, { kind: K }>
