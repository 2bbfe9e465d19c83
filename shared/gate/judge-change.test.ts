import { expect, test } from 'vitest'
import { readManifestFile } from '../manifests/read-manifests.ts'
import { translate } from '../messages/index.ts'
import { workspaceRules } from '../rules/workspace-rules.ts'
import { buildTopology } from '../topology/build-topology.ts'
import { emptyWorkspaceFile } from '../workspace-file/read-workspace-file.ts'
import type { Gate } from './gate.ts'
import { judgeChange } from './judge-change.ts'
import { toGithubAnnotations } from './to-github-annotations.ts'
import { toSarif } from './to-sarif.ts'

type Side = { readonly manifests?: string; readonly rules?: string }
const workload = (replicas: number, labels = '{ app: web }') => `apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop, labels: ${labels} }
spec:
  replicas: ${replicas}
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: web, image: "acme/web:1" }] }
`
/** The gate on what comes after. */
function judge(before: Side, after: Side, now = Date.UTC(2026, 10, 20, 16)): Gate {
  const read = ({ manifests = '' }: Side) => [readManifestFile('web.yaml', manifests)]
  const rules = ({ rules: text }: Side) =>
    workspaceRules(
      new Map(text === undefined ? [] : [['.pilothouse/rules/a.yaml', { path: '.pilothouse/rules/a.yaml', text }]]),
    )
  const topology = (side: Side) => buildTopology(read(side), { environment: '.', revision: '' })
  const workspace = emptyWorkspaceFile('pilothouse.yaml')
  return judgeChange({
    before: topology(before),
    after: topology(after),
    edits: [],
    files: ['web.yaml'],
    workspace,
    workspaceBefore: workspace,
    environment: { id: '.' },
    actor: null,
    now,
    manifestsBefore: read(before).flatMap(({ manifests }) => manifests),
    manifestsAfter: read(after).flatMap(({ manifests }) => manifests),
    rulesBefore: rules(before),
    rulesAfter: rules(after),
  })
}
const lines = ({ items }: Gate) =>
  items.map(
    ({ rule, verdict, info, missing, message, services }) =>
      `${info ? 'info' : missing ? `unknown(${missing})` : verdict} ${rule} ${services}: ${translate('en', message)}`,
  )

const rules = `rules:
  - { id: two-replicas, severity: block, expression: "after.services.all(s, s.replicas >= 2)", message: One replica is too few., owner: platform }
  - { id: not-on-friday, severity: warn, waivable: false, expression: "!(time.weekday == 5 && time.hour >= 15)" }
  - { id: errors, severity: block, expression: "observed.calls.all(c, c.errors < 0.01)" }
`
const three = { manifests: workload(3), rules }
test("the workspace's rules are judged with the rest, each with what it saw", () => {
  const gate = judge(three, { manifests: workload(1), rules })
  expect(gate.verdict).toBe('block')
  expect(lines(gate)).toEqual([
    'block two-replicas web: One replica is too few.',
    'warn not-on-friday : This does not hold: !(time.weekday == 5 && time.hour >= 15)',
    'unknown(observed.calls) errors : Not known: observed.calls.',
  ])
  expect(gate.items[0]).toMatchObject({
    owner: 'platform',
    waivable: true,
    evidence: [{ file: 'web.yaml', line: 1, detail: 'web' }],
  })
  expect(gate.items[1]).toMatchObject({ waivable: false, evidence: [{ file: '.pilothouse/rules/a.yaml', line: 3 }] })
  expect(judge(three, three, Date.UTC(2026, 10, 19)).items.map(({ verdict }) => verdict)).toEqual([
    'pass',
    'pass',
    'warn',
  ])
})
test('a rule cannot be taken out, changed or broken in silence', () => {
  expect(lines(judge(three, { manifests: workload(3) })).map(line => line.split(' ').slice(0, 2).join(' '))).toEqual(
    Array(3).fill('warn rules-are-changed-openly'),
  )
  const weaker = rules.replace('>= 2', '>= 0')
  expect(lines(judge(three, { ...three, rules: weaker }))[0]).toBe(
    'warn rules-are-changed-openly : The draft changes the rule two-replicas. Say why.',
  )
  const broken = judge(three, { ...three, rules: rules.replace('s.replicas >= 2', 's.replicaz >= 2') })
  expect(broken.verdict).toBe('block')
  expect(lines(broken)[0]).toBe('block rules-can-be-read : services has no field replicaz. Did you mean replicas?')
  expect(broken.items[0]).toMatchObject({ waivable: false, evidence: [{ file: '.pilothouse/rules/a.yaml', line: 2 }] })
})

const policy = (more: string, actions: string) => `---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: { name: replica-limit }
spec:
  failurePolicy: Fail
  matchConstraints:
    resourceRules: [{ apiGroups: [apps], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [deployments] }]
  matchConditions: [{ name: shop, expression: 'object.metadata.namespace == "shop"' }]
  variables: [{ name: limit, expression: '5' }]
  validations:
    - { expression: 'object.spec.replicas <= variables.limit', messageExpression: '"at most " + string(variables.limit) + " replicas"' }
    ${more}
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: { name: replica-limit }
spec: { policyName: replica-limit, validationActions: [${actions}] }
`
test('admission policies of the workspace are evaluated as the API server would', () => {
  const many = workload(9)
  const of = (manifests: string) => lines(judge(three, { manifests })).filter(line => line.includes('replica-limit'))
  expect(of(many + policy('', 'Deny'))).toEqual(['block replica-limit web: Deployment web: at most 5 replicas'])
  expect(of(many + policy('', 'Warn'))).toEqual(['warn replica-limit web: Deployment web: at most 5 replicas'])
  expect(of(many + policy('', 'Audit'))).toEqual(['info replica-limit web: Deployment web: at most 5 replicas'])
  expect(of(workload(5) + policy('', 'Deny'))).toEqual([])
  expect(of(many + policy('', 'Deny').replace('== "shop"', '== "other"')).length).toBe(0)
  expect(of(workload(5) + policy('- { expression: "object.spec.paused == true" }', 'Deny'))).toEqual([
    'unknown(object.spec.paused) replica-limit web: Not known: object.spec.paused.',
  ])
  expect(of(workload(5) + policy('- { expression: "object.spec. == 1" }', 'Deny'))[0]).toContain('warn replica-limit')
})

test('the gate is said to code hosts at the lines it names', () => {
  const gate = judge(three, { manifests: workload(1), rules })
  expect(toGithubAnnotations(gate, 'en')).toBe(
    `::error file=web.yaml,line=1,title=two-replicas::web: One replica is too few.
::warning file=.pilothouse/rules/a.yaml,line=3,title=not-on-friday::This does not hold: !(time.weekday == 5 && time.hour >= 15)
::warning file=.pilothouse/rules/a.yaml,line=4,title=errors::Not known: observed.calls.
`,
  )
  expect(toSarif(gate, 'en', '1.0.0')).toMatchObject({
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: { name: 'Pilothouse', rules: [{ id: 'two-replicas' }, { id: 'not-on-friday' }, { id: 'errors' }] },
        },
        results: [
          {
            ruleId: 'two-replicas',
            level: 'error',
            locations: [{ physicalLocation: { artifactLocation: { uri: 'web.yaml' }, region: { startLine: 1 } } }],
          },
          { ruleId: 'not-on-friday', level: 'warning' },
          { ruleId: 'errors', level: 'warning' },
        ],
      },
    ],
  })
  expect(
    toGithubAnnotations(
      {
        verdict: 'warn',
        items: [
          {
            rule: 'a:b,c',
            verdict: 'warn',
            message: { key: 'rule.said', params: { text: '100%\nsure' } },
            services: [],
            waivable: true,
          },
        ],
      },
      'en',
    ),
  ).toBe('::warning title=a%3Ab%2Cc::100%25%0Asure\n')
})
