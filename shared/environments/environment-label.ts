import type { Environment } from '../topology/topology.ts'

/** What to call an environment: its name, where a tool makes it and no other one is called so; else its id. */
export function environmentLabel(environments: readonly Environment[], id: string): string {
  const found = environments.find(environment => environment.id === id)
  if (found?.name === undefined || found.kind === 'folder' || found.kind === 'kustomize') return id
  return environments.some(other => other !== found && (other.name === found.name || other.id === found.name))
    ? id
    : found.name
}
