import { applicable } from '../../../shared/delivery/applicable.ts'
import { type JsonObject, type Manifest, textAt } from '../../../shared/manifests/manifest.ts'
import type { Message } from '../../../shared/messages/index.ts'
import type { Environment } from '../../../shared/topology/topology.ts'
import { type DeclaredEnvironment, readWorkspaceFile } from '../../../shared/workspace-file/read-workspace-file.ts'
import { workspacePath } from '../../../shared/workspace-file/workspace-schema.ts'
import type { Cluster, ObjectKind } from '../../needs/cluster.ts'
import { environmentNamed, manifestsIn, readerOf } from '../topology/index.ts'
import { resolveRevision, type Workspace } from '../workspaces/index.ts'

/** An object that should be in a cluster. */
export type DesiredObject = {
  readonly manifest: Manifest
  /** As it is applied: in its namespace. */
  readonly object: JsonObject
  /** Null where the cluster does not serve its kind. */
  readonly kind: ObjectKind | null
  /** Empty for an object of no namespace. */
  readonly namespace: string
}

export type Desired = {
  readonly environment: Environment
  readonly declared: DeclaredEnvironment | undefined
  readonly revision: string
  readonly objects: readonly DesiredObject[]
  readonly notes: readonly Message[]
}

/** What only the tools that deliver read, or what runs at certain moments of a delivery and then goes. */
const isForTools = ({ group, value }: Manifest): boolean =>
  group === 'kustomize.config.k8s.io' ||
  group === 'pilothouse.dev' ||
  textAt(value, 'metadata', 'annotations', 'config.kubernetes.io/local-config') === 'true' ||
  textAt(value, 'metadata', 'annotations', 'helm.sh/hook') !== undefined ||
  textAt(value, 'metadata', 'annotations', 'argocd.argoproj.io/hook') !== undefined ||
  textAt(value, 'metadata', 'name') === undefined

/** What an environment says should be in a cluster, at a revision; the branch as it is when absent. */
export async function desiredIn(
  workspace: Workspace,
  cluster: Cluster,
  asked: {
    readonly environment: string
    readonly namespace?: string | undefined
    readonly revision?: string | undefined
  },
  signal: AbortSignal,
): Promise<Desired> {
  const reader = readerOf(workspace)
  const revision = await resolveRevision(workspace, asked.revision)
  const files = await reader.filesAt(revision)
  const environment = environmentNamed(reader, files, asked.environment)
  const notes = files.get(workspacePath)
  const declared =
    notes && readWorkspaceFile(notes.path, notes.text).environments.find(({ path }) => path === environment.path)
  const usual = asked.namespace ?? environment.namespace ?? cluster.context.namespace ?? 'default'
  const kinds = await cluster.kinds(signal)
  const seen = new Set<string>()
  const objects = manifestsIn(reader, files, environment)
    .flatMap(({ manifests }) => manifests)
    .filter(manifest => !isForTools(manifest))
    .flatMap((manifest): DesiredObject[] => {
      const kind = kindOf(manifest, kinds)
      const namespaced = kind ? kind.namespaced : manifest.kind !== 'Namespace' && !manifest.kind.startsWith('Cluster')
      const namespace = namespaced ? (manifest.namespace ?? usual) : ''
      const key = `${manifest.group}/${manifest.kind}/${namespace}/${manifest.name}`
      if (seen.has(key)) return []
      seen.add(key)
      return [{ manifest, object: applicable(manifest.value, namespace), kind, namespace }]
    })
  return {
    environment,
    declared,
    revision: revision ?? '',
    objects,
    notes: environment.approximate ? [{ key: 'drift.approximate', params: { environment: environment.id } }] : [],
  }
}

/** In the version it is written in where the server knows the kind at all: it says itself what it does not serve. */
function kindOf({ group, kind, apiVersion }: Manifest, kinds: readonly ObjectKind[]): ObjectKind | null {
  const found = kinds.find(each => each.group === group && each.kind === kind)
  const version = apiVersion.slice(apiVersion.indexOf('/') + 1)
  return found ? { ...found, version } : null
}
