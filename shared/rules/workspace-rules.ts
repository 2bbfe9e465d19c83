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
const ofFiles = new WeakMap<object, readonly RuleFile[]>()
/** The rules of a workspace. A set of files, and each file of it, is read once: neither changes. */
export function workspaceRules(
  files: ReadonlyMap<string, { readonly path: string; readonly text: string }>,
): readonly RuleFile[] {
  const known = ofFiles.get(files)
  if (known) return known
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
  const rules = found.toSorted((a, b) => (a.file < b.file ? -1 : 1))
  ofFiles.set(files, rules)
  return rules
}
