import { edgeFolder, edgeJsonSchema } from '../edge/edge-schema.ts'
import { ruleJsonSchema, rulesFolder } from '../rules/rule-schema.ts'
import { treeJsonSchema, treesFolder } from '../trees/tree-schema.ts'
import { workspaceJsonSchema, workspacePath } from '../workspace-file/workspace-schema.ts'
import type { JsonSchema } from './json-schema.ts'

const made = new Map<() => object, JsonSchema>()
function once(make: () => object): JsonSchema {
  const known = made.get(make) ?? (make() as JsonSchema)
  made.set(make, known)
  return known
}

/** The published schema of one of Pilothouse's own files, by its path from the workspace root; null for any other. */
export function schemaOf(path: string): JsonSchema | null {
  if (path === workspacePath) return once(workspaceJsonSchema)
  if (!/\.ya?ml$/.test(path)) return null
  if (path.startsWith(`${rulesFolder}/`)) return once(ruleJsonSchema)
  if (path.startsWith(`${edgeFolder}/`)) return once(edgeJsonSchema)
  return path.startsWith(`${treesFolder}/`) ? once(treeJsonSchema) : null
}
