import { environment } from './cel/environment.ts'
import { contextJsonSchema } from './gate-facts.ts'
import { type RuleFile, readRules } from './read-rules.ts'
import { rulesFolder } from './rule-schema.ts'
import { typesOfSchema } from './schema-types.ts'

/** What rules of a workspace may speak of: the published context, and nothing else. */
export const gateEnvironment = environment({ open: false, variables: typesOfSchema(contextJsonSchema()) })

export const isRuleFile = (path: string): boolean =>
  path.startsWith(`${rulesFolder}/`) && /^[^/]+\.(ya?ml|json)$/.test(path.slice(rulesFolder.length + 1))

const read = new WeakMap<object, RuleFile>()
/** The rules of a workspace, each file read once for as long as it is the same. */
export function workspaceRules(
  files: ReadonlyMap<string, { readonly path: string; readonly text: string }>,
): readonly RuleFile[] {
  const found: RuleFile[] = []
  for (const [path, file] of files) {
    if (!isRuleFile(path)) continue
    let rules = read.get(file)
    if (!rules) {
      rules = readRules(path, file.text, gateEnvironment)
      read.set(file, rules)
    }
    found.push(rules)
  }
  return found.toSorted((a, b) => (a.file < b.file ? -1 : 1))
}
