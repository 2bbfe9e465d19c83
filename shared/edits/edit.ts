import * as z from 'zod/mini'
import type { Json } from '../manifests/manifest.ts'
import { ResourceRef } from '../manifests/resource-ref.ts'

const name = z.string().check(z.minLength(1), z.maxLength(253))
const quantity = z.string().check(z.regex(/^[+-]?\d+(\.\d+)?([KMGTPE]i?|[numk]|[eE][+-]?\d+)?$/))
/** Longer than any value a manifest holds; what is typed as a whole file may be longer. */
const short = z.string().check(z.maxLength(100_000))
/** A path, an image: Linux's PATH_MAX. */
const line = z.string().check(z.minLength(1), z.maxLength(4096))
const portNumber = z.number().check(z.int(), z.minimum(1), z.maximum(65535))

/** Where the value of an environment variable comes from (core/v1 EnvVar and EnvVarSource). */
export const EnvValue = z.union([
  z.object({ value: short }),
  z.object({ configMap: z.object({ name, key: name }) }),
  z.object({ secret: z.object({ name, key: name }) }),
  z.object({ fieldPath: line }),
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
  image: line,
})
export const SetArguments = z.object({
  kind: z.literal('set-arguments'),
  ...inContainer,
  field: z.enum(['command', 'args']),
  /** The whole list; null removes the field. Only the items that differ are touched. */
  values: z.nullable(z.array(short).check(z.maxLength(1000))),
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
  field: z.array(name).check(z.minLength(1), z.maxLength(10)),
  value: z.nullable(z.union([short, z.number()])),
})
export const SetMetadata = z.object({
  kind: z.literal('set-metadata'),
  resource: ResourceRef,
  /** The object's own metadata, or that of its Pod template. */
  at: z.enum(['object', 'template']),
  field: z.enum(['labels', 'annotations']),
  key: name,
  value: z.nullable(short),
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
  image: line,
  replicas: z.optional(z.number().check(z.int(), z.minimum(0), z.maximum(10_000))),
  /** Container and Service port; absent for a worker without a Service. */
  port: z.optional(portNumber),
  env: z.optional(z.array(z.object({ name, value: short })).check(z.maxLength(1000))),
})
export const RemoveService = z.object({ kind: z.literal('remove-service'), resource: ResourceRef })
export const RenameService = z.object({ kind: z.literal('rename-service'), resource: ResourceRef, to: name })
/** The text of one file as a person typed it in the editor. */
export const SetFile = z.object({
  kind: z.literal('set-file'),
  file: line,
  /** As large as a file that is read for manifests may be. */
  text: z.nullable(z.string().check(z.maxLength(4 * 1024 * 1024))),
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
const words = z.optional(z.nullable(z.string().check(z.minLength(1), z.maxLength(100_000))))
/** People say that an edge is there, is not there, or is there although nothing shows it; or nothing any more. */
export const ConfirmEdge = z.object({ kind: z.literal('confirm-edge'), ...ofEdge, why: words })
export const RejectEdge = z.object({ kind: z.literal('reject-edge'), ...ofEdge, why: words })
export const DeclareEdge = z.object({ kind: z.literal('declare-edge'), ...ofEdge, protocol: words, why: words })
export const ForgetEdge = z.object({ kind: z.literal('forget-edge'), ...ofEdge })

/** The services an edit of another object (a policy, a route, a ConfigMap) is about. */
const about = { services: z.optional(z.array(name).check(z.maxLength(100))) }
/** Anything a manifest may hold. */
const json: z.ZodMiniType<Json> = z.json()
/** A place in an object: keys and positions; in a list a text is the `name` of the item. */
const at = z.array(z.union([short, z.number().check(z.int(), z.minimum(0))])).check(z.minLength(1), z.maxLength(40))
/** Any field of any object, for what has no edit of its own; null takes it out. */
export const SetField = z.object({
  kind: z.literal('set-field'),
  resource: ResourceRef,
  at,
  value: json,
  ...about,
})
/** A list holds this item, or does not: a peer of a policy, a rule of a route. */
export const SetItem = z.object({
  kind: z.literal('set-item'),
  resource: ResourceRef,
  /** The list. */
  at,
  item: json,
  present: z.boolean(),
  /** In front of all others, where the first that fits is taken (an Istio route). */
  first: z.optional(z.boolean()),
  ...about,
})
/** An address within a text leads to another host; scheme, credentials and path stay as they are, seen by nobody. */
export const SetAddress = z.object({
  kind: z.literal('set-address'),
  resource: ResourceRef,
  at,
  /** As it stands there, without its port. */
  host: name,
  to: name,
  /** The port behind it from now on; absent: what stands there stays. */
  port: z.optional(portNumber),
  ...about,
})
/**
 * How traffic is split: one weight a destination of a route, adding up to 100, or one a step of an Argo Rollout that sets
 * one; in the order they stand.
 */
export const SetWeight = z.object({
  kind: z.literal('set-weight'),
  resource: ResourceRef,
  /** The list of destinations, or of steps. */
  at,
  weights: z.array(z.number().check(z.int(), z.minimum(0), z.maximum(100))).check(z.minLength(1), z.maxLength(100)),
  ...about,
})
/** A new object beside another: a policy, a route. */
export const AddObject = z.object({
  kind: z.literal('add-object'),
  beside: ResourceRef,
  object: z.record(z.string(), json),
  ...about,
})

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
  SetField,
  SetItem,
  SetAddress,
  SetWeight,
  AddObject,
  ConfirmEdge,
  RejectEdge,
  DeclareEdge,
  ForgetEdge,
])
export type Edit = z.infer<typeof Edit>
/** Edits as a page or a file gives them: more at once than any person makes are refused, before they are computed. */
export const Edits = z.array(Edit).check(z.maxLength(10_000))
export type EditKind = Edit['kind']
/** `Extract` by kind: `EditOf<'set-image'>`. */
export type EditOf<K extends EditKind> = Extract<Edit, { kind: K }>
