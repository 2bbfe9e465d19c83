import * as z from 'zod/mini'
import { said } from '../rules/rule-schema.ts'
import { workspaceApiVersion } from '../workspace-file/workspace-schema.ts'

/** Where edge nodes and what runs on them are declared. */
export const edgeFolder = '.pilothouse/edge'

/** Architectures by the names that Go, OCI images and Debian use. */
export const architectures = ['arm64', 'arm', 'amd64', 'riscv64', '386'] as const
export type Architecture = (typeof architectures)[number]

/** Of a line of a unit file: a line break in it would begin another setting. */
const line = (description: string) => said(description, z.string().check(z.regex(/^[^\n\r\0]+$/), z.maxLength(4096)))
const matching = (description: string, pattern: RegExp) => said(description, z.string().check(z.regex(pattern)))
/** A file name of a node and of a unit: what Kubernetes takes as a name. */
const name = (description: string) => matching(description, /^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$/)
const flag = (description: string) => said(description, z.boolean())
const duration = (description: string) => matching(description, /^[1-9]\d{0,5}(ms|s|m|h|d)$/)
const port = said('Port, 1–65535.', z.number().check(z.int(), z.minimum(1), z.maximum(65535)))
const count = (description: string, least: number, most: number) =>
  said(description, z.number().check(z.int(), z.minimum(least), z.maximum(most)))
const labels = (description: string) =>
  said(description, z.record(z.string().check(z.minLength(1), z.maxLength(253)), z.string().check(z.maxLength(253))))
/** Inside the workspace, or inside a release: never absolute, never upwards. */
const inside = (description: string) => matching(description, /^(?!\/)(?!.*(^|\/)\.\.(\/|$))[^\\\n\r\0]+$/)

const Metadata = z.strictObject({
  name: name('Its name: lower-case letters, digits, dots and dashes.'),
  labels: z.optional(labels('What it is chosen by: site, ring …')),
  annotations: z.optional(z.record(z.string(), z.string())),
})
const identity = { apiVersion: said('pilothouse.dev/v1alpha1', z.literal(workspaceApiVersion)), metadata: Metadata }

const NodeSpec = z.strictObject({
  host: matching('Host name, address, or an alias of ~/.ssh/config.', /^[^\s@-][^\s@]*$/),
  user: z.optional(matching('Who signs in; ~/.ssh/config decides when left out.', /^[^\s@:-][^\s@:]*$/)),
  port: z.optional(port),
  architecture: z.optional(
    said('Architecture of its processor: arm64, arm, amd64, riscv64 or 386.', z.enum(architectures)),
  ),
  protected: z.optional(flag('True: changes of what runs there ask for its name first.')),
})
const EdgeNode = z.strictObject({ ...identity, kind: z.literal('EdgeNode'), spec: NodeSpec })

const Selector = z.strictObject({
  matchLabels: z.optional(labels('Labels a node must all have.')),
  names: z.optional(said('Names of nodes.', z.array(name('Name of an EdgeNode.')))),
})

const sha256 = matching('SHA-256 of the artifact: 64 hexadecimal digits.', /^[0-9a-f]{64}$/)
const Artifact = z.strictObject({
  path: z.optional(inside('File of this workspace, from its root.')),
  url: z.optional(matching('Address it is fetched from, without user and password.', /^https?:\/\/[^\s/@]+\/[^\s@]*$/)),
  image: z.optional(
    matching(
      'Image of an OCI registry by its digest: registry/name@sha256:….',
      /^[a-z0-9][a-z0-9._:/-]*@sha256:[0-9a-f]{64}$/,
    ),
  ),
  sha256: z.optional(sha256),
  unpack: z.optional(flag('True: a tar archive (also .tar.gz) that is unpacked into the release.')),
})

const Env = z.strictObject({
  name: matching('Name of the variable.', /^[A-Za-z_][A-Za-z0-9_]*$/),
  value: said('Its value.', z.string().check(z.regex(/^[^\0]*$/))),
})
const Ports = z.strictObject({
  name: z.optional(z.string()),
  containerPort: port,
  protocol: z.optional(said('TCP or UDP.', z.enum(['TCP', 'UDP']))),
})

export const schedulingPolicies = ['other', 'batch', 'idle', 'fifo', 'rr'] as const
const Scheduling = z.strictObject({
  policy: said('Scheduling policy: other, batch, idle, fifo or rr.', z.enum(schedulingPolicies)),
  priority: z.optional(count('Priority of fifo and rr, 1–99.', 1, 99)),
})
const unitNames = (description: string) =>
  said(description, z.array(matching('Name of a unit: network-online.target.', /^[A-Za-z0-9:_.@\\-]+\.[a-z]+$/)))
const Unit = z.strictObject({
  description: z.optional(line('What the unit is, in words.')),
  user: z.optional(matching('User it runs as; root when left out.', /^[a-z_][a-z0-9_-]{0,31}\$?$/)),
  group: z.optional(matching('Group it runs as.', /^[a-z_][a-z0-9_-]{0,31}\$?$/)),
  cpuAffinity: z.optional(
    z.union([
      matching('Processors it may run on: 2-3 or 1,3.', /^\d{1,4}(-\d{1,4})?([, ]+\d{1,4}(-\d{1,4})?)*$/),
      z.number().check(z.int(), z.minimum(0), z.maximum(9999)),
    ]),
  ),
  cpuQuota: z.optional(matching('Share of one processor: 50%.', /^[1-9]\d{0,4}%$/)),
  memoryMax: z.optional(matching('Most memory: 256M, 1G or 10%.', /^([1-9]\d*[KMGT]?|[1-9]\d?%|100%|infinity)$/)),
  restart: z.optional(
    said(
      'When it is started again; on-failure when left out.',
      z.enum(['no', 'always', 'on-success', 'on-failure', 'on-abnormal', 'on-abort', 'on-watchdog']),
    ),
  ),
  restartSec: z.optional(duration('Pause before it is started again: 2s.')),
  scheduling: z.optional(said('Scheduling of its threads.', Scheduling)),
  after: z.optional(unitNames('Units it starts after.')),
  requires: z.optional(unitNames('Units it cannot do without.')),
  wants: z.optional(unitNames('Units that are started with it.')),
})

const File = z.strictObject({
  path: inside('Where it lies in the release, such as etc/app.toml.'),
  content: z.optional(said('What stands in it.', z.string())),
  source: z.optional(inside('File of this workspace it is a copy of.')),
  mode: z.optional(matching('Permissions in octal: "0644".', /^0?[0-7]{3}$/)),
})

const Health = z.strictObject({
  http: z.optional(
    z.strictObject({ port, path: z.optional(matching('Path that answers 2xx or 3xx: /healthz.', /^\/[^\s]*$/)) }),
  ),
  tcp: z.optional(z.strictObject({ port })),
  exec: z.optional(said('A command that ends with 0, as a list.', z.array(z.string()).check(z.minLength(1)))),
  timeout: z.optional(duration('How long it may take until it is healthy; 30s when left out.')),
  stable: z.optional(duration('How long it must run without a restart; 2s when left out.')),
})

const Slo = z.strictObject({
  schedulingLatencyP99: z.optional(
    said('Microseconds in which 99 of 100 wake-ups get the processor.', z.number().check(z.gt(0))),
  ),
  schedulingLatencyMax: z.optional(
    said('Microseconds in which every measured wake-up gets the processor.', z.number().check(z.gt(0))),
  ),
})

const Ring = z.strictObject({
  name: z.optional(line('What the ring is called.')),
  matchLabels: z.optional(labels('Labels of the nodes of this ring.')),
  share: z.optional(
    said(
      'Percent of all nodes that have the release when this ring is done.',
      z.number().check(z.gt(0), z.maximum(100)),
    ),
  ),
  soak: z.optional(duration('How long this ring is watched before the next begins.')),
})
const Rollout = z.strictObject({
  rings: z.optional(said('In this order; whatever is left comes last.', z.array(Ring))),
  maxUnavailable: z.optional(count('Most nodes that are changed at once; 1 when left out.', 1, 1000)),
  soak: z.optional(duration('How long a ring is watched before the next begins.')),
  stopOn: z.optional(
    z.strictObject({
      failures: z.optional(count('Failed nodes at which no other is begun; 1 when left out.', 1, 10_000)),
      slo: z.optional(flag('True: a node that misses its SLO counts as failed.')),
    }),
  ),
})

const ServiceSpec = z.strictObject({
  node: z.optional(name('The one node it runs on.')),
  selector: z.optional(said('The nodes it runs on.', Selector)),
  version: z.optional(z.union([line('Version, for people.'), z.number()])),
  artifact: said('What is run: by path, url or image.', Artifact),
  command: z.optional(
    said(
      'Program and its first arguments; a path without / at its start lies in the release.',
      z.array(line('Argument.')).check(z.minLength(1)),
    ),
  ),
  args: z.optional(said('Further arguments.', z.array(line('Argument.')))),
  env: z.optional(said('Environment variables.', z.array(Env))),
  ports: z.optional(said('Ports it listens on.', z.array(Ports))),
  unit: z.optional(said('Options of its systemd unit.', Unit)),
  files: z.optional(said('Files beside the artifact.', z.array(File))),
  health: z.optional(said('How it is known to be healthy: http, tcp or exec.', Health)),
  slo: z.optional(said('What it promises.', Slo)),
  rollout: z.optional(said('In which steps a change reaches its nodes.', Rollout)),
  keep: z.optional(count('Releases kept on a node; 3 when left out.', 1, 100)),
})
const EdgeService = z.strictObject({ ...identity, kind: z.literal('EdgeService'), spec: ServiceSpec })

/** What a file of `.pilothouse/edge/` holds. */
export const edgeKinds = { EdgeNode, EdgeService } as const
export type EdgeKind = keyof typeof edgeKinds
export type EdgeNodeText = z.infer<typeof EdgeNode>
export type EdgeServiceText = z.infer<typeof EdgeService>

/** The schema that is published in `resources/schemas/`. */
export const edgeJsonSchema = (): object => ({
  $id: 'https://pilothouse.dev/schemas/edge.schema.json',
  title: 'Edge nodes of Pilothouse, and what runs on them',
  ...z.toJSONSchema(z.discriminatedUnion('kind', [EdgeNode, EdgeService])),
})
