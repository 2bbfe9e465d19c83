import * as z from 'zod/mini'

/** Where the file stands, and what it says it is. */
export const workspacePath = 'pilothouse.yaml'
export const workspaceApiVersion = 'pilothouse.dev/v1alpha1'

/** What an editor shows beside a field. */
const said = <T extends z.core.$ZodType>(description: string, schema: T): T => {
  z.globalRegistry.add(schema, { description })
  return schema
}
const text = (description: string) => said(description, z.string().check(z.minLength(1)))
const share = (description: string) => said(description, z.number().check(z.minimum(0), z.maximum(100)))
/** Without user information: the file is committed, so it may hold no credential. */
const address = (description: string) =>
  said(description, z.string().check(z.regex(/^https?:\/\/[^\s/@]+(\/[^\s@]*)?$/)))
/** Inside the workspace or the repository: never absolute, never upwards. */
const folder = (description: string) =>
  said(description, z.string().check(z.regex(/^(?!\/)(?!.*(^|\/)\.\.(\/|$))[^\\]+$/)))
/** A path on a server. */
const route = (description: string) => said(description, z.string().check(z.regex(/^\/\S*$/)))

const Environment = z.strictObject({
  path: folder('Folder of the environment, from the root of the workspace.'),
  name: z.optional(text('Its name for people.')),
  cluster: z.optional(text('Name of the kubeconfig context it runs on.')),
  protected: z.optional(said('True: changes ask for its name first.', z.boolean())),
})

/** Where a secret is, never what it is: the file is committed. */
const variable = (description: string) => said(description, z.string().check(z.regex(/^[A-Za-z_][A-Za-z0-9_]*$/)))

const Auth = z.strictObject({
  kind: said('How a request says who asks.', z.enum(['bearer', 'basic'])),
  env: z.optional(
    variable(
      'Environment variable that holds the token, or user:password. When left out it is asked for and kept in the keychain.',
    ),
  ),
})
const HeaderValue = z.strictObject({ env: variable('Environment variable that holds the value.') })

/** Where calls are counted: in the file, and as a person adds one for a machine. */
export const MetricsSource = z.strictObject({
  name: z.optional(text('Its name for people.')),
  kind: said('What answers there.', z.enum(['prometheus', 'jaeger', 'tempo'])),
  url: address('Base address, without user and password.'),
  environments: z.optional(said('Paths of the environments it measures; all when left out.', z.array(z.string()))),
  window: z.optional(
    said(
      'The stretch of time rates are taken over, such as 5m, 1h or 1d.',
      z.string().check(z.regex(/^[1-9]\d{0,5}[smhdw]$/)),
    ),
  ),
  match: z.optional(
    said(
      'Labels every series must have, such as a cluster or a namespace.',
      z.record(z.string().check(z.regex(/^[A-Za-z_][A-Za-z0-9_]*$/)), z.string()),
    ),
  ),
  tenant: z.optional(text('Tenant, sent as X-Scope-OrgID (Mimir, Cortex, Tempo).')),
  auth: z.optional(said('Who asks.', Auth)),
  headers: z.optional(
    said(
      'Further headers, each from an environment variable.',
      z.record(z.string().check(z.regex(/^[A-Za-z0-9-]+$/)), HeaderValue),
    ),
  ),
  caFile: z.optional(text('File of this machine with the authority (PEM) that signed its certificate.')),
})
export type MetricsSource = z.infer<typeof MetricsSource>

const Slo = z.strictObject({
  availability: z.optional(share('Percent of requests that are answered, such as 99.9.')),
  p99: z.optional(said('Milliseconds that 99 of 100 answers take at most.', z.number().check(z.gt(0)))),
  errors: z.optional(share('Percent of requests that may fail, such as 0.1.')),
})

const Health = z.strictObject({
  kind: said('How the service tells its health.', z.enum(['kubernetes', 'http', 'grpc', 'spring-actuator', 'dapr'])),
  port: z.optional(said('Port it is asked on.', z.number().check(z.int(), z.minimum(1), z.maximum(65535)))),
  liveness: z.optional(route('Path that says whether it runs.')),
  readiness: z.optional(route('Path that says whether it can serve.')),
  dependencies: z.optional(route('Path that says whether what it needs is there.')),
  service: z.optional(text('Name asked for by the gRPC health protocol.')),
})

const SourceElsewhere = z.strictObject({
  folder: z.optional(folder('Folder of its source, from the root of the repository.')),
  repository: text('Address of the repository that holds its source.'),
  revision: z.optional(text('Branch, tag or commit; the default branch when left out.')),
})
const Source = z.union([folder('Folder of its source, from the root of the workspace.'), SourceElsewhere])

const Service = z.strictObject({
  owner: z.optional(text('Who answers for it.')),
  tier: z.optional(said('How much hangs on it.', z.enum(['critical', 'standard', 'best-effort']))),
  slo: z.optional(said('What it promises.', Slo)),
  health: z.optional(said('How its health is known.', Health)),
  source: z.optional(said('Where its source is.', Source)),
})

const Edge = z.strictObject({
  from: text('Who calls: the id of a node.'),
  to: text('Who is called: the id of a node, or the host of an outside system.'),
  state: said(
    'confirmed: seen and true. rejected: seen and false. declared: true, seen or not.',
    z.enum(['confirmed', 'rejected', 'declared']),
  ),
  protocol: z.optional(text('What is spoken: http, grpc, postgresql, redis, amqp …')),
  environment: z.optional(text('Path of the only environment it holds in; all when left out.')),
  calls: z.optional(
    said(
      'How an answer waits for the call: parallel with the others (when left out), sequential after them, async not at all.',
      z.enum(['parallel', 'sequential', 'async']),
    ),
  ),
  cached: z.optional(share('Percent of the calls that a cache answers.')),
  why: z.optional(text('Why, for those who come later.')),
})

const Metadata = z.strictObject({ name: z.optional(text('Name of the workspace.')) })

/** `pilothouse.yaml`. Everything in it is optional but what it is. */
export const Workspace = z.strictObject({
  apiVersion: said('Version of this format.', z.literal(workspaceApiVersion)),
  kind: said('What this document is.', z.literal('Workspace')),
  metadata: z.optional(Metadata),
  environments: z.optional(said('What is known of environments beyond their manifests.', z.array(Environment))),
  metrics: z.optional(said('Where rates, errors and latencies are measured.', z.array(MetricsSource))),
  services: z.optional(said('What is known of each service, by its id in the graph.', z.record(z.string(), Service))),
  edges: z.optional(said('What people say of dependencies.', z.array(Edge))),
})
export type Workspace = z.infer<typeof Workspace>

/** Keys by the section they belong to; those of the document under the empty name. */
export const knownKeys: { readonly [section: string]: readonly string[] } = {
  '': Object.keys(Workspace.shape),
  metadata: Object.keys(Metadata.shape),
  environments: Object.keys(Environment.shape),
  metrics: Object.keys(MetricsSource.shape),
  auth: Object.keys(Auth.shape),
  services: Object.keys(Service.shape),
  slo: Object.keys(Slo.shape),
  health: Object.keys(Health.shape),
  source: Object.keys(SourceElsewhere.shape),
  edges: Object.keys(Edge.shape),
}

/** The published schema: JSON Schema 2020-12, with what editors show and complete. */
export const workspaceJsonSchema = (): object => ({
  $id: 'https://pilothouse.dev/schemas/workspace.schema.json',
  title: 'Pilothouse workspace',
  description: 'pilothouse.yaml at the root of a workspace: what its manifests cannot say.',
  ...z.toJSONSchema(Workspace),
})
