import { fileAt, type Json, type JsonObject, listAt, type Manifest } from '../../manifests/manifest.ts'
import { compileExpression, type Program } from '../../rules/cel/compile-expression.ts'
import { environment } from '../../rules/cel/environment.ts'
import { CelError, type CelValue, Missing } from '../../rules/cel/value.ts'
import type { GateItem } from '../gate.ts'

/** A ValidatingAdmissionPolicy of the workspace, ready to be asked. */
type AdmissionPolicy = {
  readonly manifest: Manifest
  readonly rules: readonly JsonObject[]
  readonly conditions: readonly Program[]
  readonly variables: readonly (readonly [name: string, program: Program])[]
  readonly validations: readonly {
    readonly program: Program
    readonly message: string
    readonly messageProgram: Program | null
    readonly index: number
  }[]
  readonly verdict: 'block' | 'warn' | 'info'
  readonly params: CelValue | undefined
  readonly broken: GateItem | null
}

const within = environment({ open: true, variables: new Map() })
const text = (value: Json | undefined): string => (typeof value === 'string' ? value : '')
const objects = (value: Json | undefined): readonly JsonObject[] =>
  Array.isArray(value)
    ? value.filter((item): item is JsonObject => typeof item === 'object' && item !== null && !Array.isArray(item))
    : []

/**
 * Evaluates the ValidatingAdmissionPolicies that the workspace declares on what a change adds or alters, as the API
 * server would: `object`, `oldObject`, `request`, `params` and `variables`. Its binding says what a violation means.
 */
export function judgeAdmission(before: readonly Manifest[], after: readonly Manifest[]): readonly GateItem[] {
  const policies = after
    .filter(({ kind }) => kind === 'ValidatingAdmissionPolicy')
    .map(manifest => readPolicy(manifest, after))
  if (policies.length === 0) return []
  const old = new Map(before.map(manifest => [keyOf(manifest), manifest]))
  const items: GateItem[] = policies.flatMap(({ broken }) => (broken ? [broken] : []))
  const fresh = policies.some(({ manifest }) => old.get(keyOf(manifest)) !== manifest)
  for (const manifest of after) {
    const was = old.get(keyOf(manifest))
    if (was === manifest && !fresh) continue
    for (const policy of policies) items.push(...judge(policy, manifest, was))
  }
  return items
}
const keyOf = ({ group, kind, namespace = '', name }: Manifest): string => `${group} ${kind} ${namespace}/${name}`

function readPolicy(manifest: Manifest, all: readonly Manifest[]): AdmissionPolicy {
  const spec = (manifest.value['spec'] ?? {}) as JsonObject
  let broken: GateItem | null = null
  const compile = (source: string, path: readonly (string | number)[]): Program | null => {
    const { program, problems } = compileExpression(source, within, { unchecked: true })
    const [problem] = problems
    if (problem)
      broken = {
        rule: manifest.name,
        verdict: 'warn',
        message: problem.message,
        services: [],
        waivable: true,
        evidence: [{ file: fileAt(manifest, path), line: manifest.lineOf(path), detail: source.trim() }],
      }
    return program
  }
  const programs = (list: string): (readonly [name: string, program: Program])[] =>
    objects(spec[list]).flatMap((item, index) => {
      const program = compile(text(item['expression']), ['spec', list, index, 'expression'])
      return program ? [[text(item['name']), program] as const] : []
    })
  const binding = all.find(
    other =>
      other.kind === 'ValidatingAdmissionPolicyBinding' &&
      text((other.value['spec'] as JsonObject | undefined)?.['policyName']) === manifest.name,
  )
  const bound = (binding?.value['spec'] ?? {}) as JsonObject
  const actions = listAt(bound, 'validationActions').map(String)
  const wanted = bound['paramRef'] as JsonObject | undefined
  const kind = text((spec['paramKind'] as JsonObject | undefined)?.['kind'])
  const params = all.find(other => other.kind === kind && other.name === text(wanted?.['name']))
  return {
    manifest,
    rules: objects((spec['matchConstraints'] as JsonObject | undefined)?.['resourceRules']),
    conditions: programs('matchConditions').map(([, program]) => program),
    variables: programs('variables'),
    validations: objects(spec['validations']).flatMap((item, index) => {
      const program = compile(text(item['expression']), ['spec', 'validations', index, 'expression'])
      const said = text(item['messageExpression'])
      const messageProgram = said === '' ? null : compile(said, ['spec', 'validations', index, 'messageExpression'])
      return program ? [{ program, message: text(item['message']), messageProgram, index }] : []
    }),
    // Without a binding the cluster enforces nothing, and it is told for what it is worth.
    verdict: actions.includes('Deny') ? 'block' : actions.includes('Warn') ? 'warn' : 'info',
    params: params?.value as CelValue | undefined,
    broken,
  }
}

function* judge(policy: AdmissionPolicy, manifest: Manifest, was: Manifest | undefined): Generator<GateItem> {
  const operation = was ? 'UPDATE' : 'CREATE'
  if (!policy.rules.some(rule => matches(rule, manifest, operation))) return
  const facts: { [name: string]: CelValue } = {
    object: manifest.value as CelValue,
    oldObject: (was?.value ?? null) as CelValue,
    request: {
      operation,
      name: manifest.name,
      namespace: manifest.namespace ?? '',
      kind: { group: manifest.group, version: manifest.apiVersion.split('/').at(-1) as string, kind: manifest.kind },
    },
    ...(policy.params !== undefined && { params: policy.params }),
  }
  const variables: { [name: string]: CelValue } = {}
  for (const [name, program] of policy.variables) {
    // Each may speak of those before it.
    facts['variables'] = variables
    const value = program.evaluate(facts)
    if (!(value instanceof Missing) && !(value instanceof CelError)) variables[name] = value
  }
  facts['variables'] = variables
  if (policy.conditions.some(condition => condition.evaluate(facts) === false)) return
  for (const { program, message, messageProgram, index } of policy.validations) {
    const holds = program.evaluate(facts)
    if (holds === true) continue
    const isUnknown = holds !== false
    const isInfo = policy.verdict === 'info'
    const said = messageProgram?.evaluate(facts)
    const words = typeof said === 'string' ? said : message || program.source.trim()
    const path = ['spec', 'validations', index]
    yield {
      rule: policy.manifest.name,
      verdict: isInfo ? 'pass' : isUnknown ? 'warn' : (policy.verdict as 'block' | 'warn'),
      message: isUnknown
        ? holds instanceof Missing
          ? { key: 'rule.missing', params: { missing: holds.paths.join(', ') } }
          : holds instanceof CelError
            ? holds.message
            : { key: 'rule.said', params: { text: words } }
        : { key: 'rule.admission', params: { object: `${manifest.kind} ${manifest.name}`, text: words } },
      services: [manifest.name],
      waivable: true,
      evidence: [
        { file: fileAt(manifest), line: manifest.lineOf(), detail: `${manifest.kind} ${manifest.name}` },
        { file: fileAt(policy.manifest, path), line: policy.manifest.lineOf(path), detail: program.source.trim() },
      ],
      ...(isInfo && { info: true as const }),
      ...(isUnknown && { missing: holds instanceof Missing ? holds.paths : [] }),
    }
  }
}

function matches(rule: JsonObject, manifest: Manifest, operation: string): boolean {
  const has = (list: string, wanted: string): boolean => {
    const values = listAt(rule, list).map(String)
    return values.includes('*') || values.includes(wanted)
  }
  const version = manifest.apiVersion.split('/').at(-1) as string
  const named = listAt(rule, 'resourceNames').map(String)
  return (
    has('apiGroups', manifest.group) &&
    has('apiVersions', version) &&
    has('operations', operation) &&
    has('resources', resourceOf(manifest.kind)) &&
    (named.length === 0 || named.includes(manifest.name))
  )
}
/** The resource of a kind, as Kubernetes forms it: Ingress is `ingresses`, NetworkPolicy `networkpolicies`. */
function resourceOf(kind: string): string {
  const lower = kind.toLowerCase()
  if (lower === 'endpoints') return lower
  if (/(s|x|ch|sh)$/.test(lower)) return `${lower}es`
  return /[^aeiou]y$/.test(lower) ? `${lower.slice(0, -1)}ies` : `${lower}s`
}
