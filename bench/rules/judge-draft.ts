import { judgeChange } from '../../shared/gate/judge-change.ts'
import { type ManifestFile, readManifestFile } from '../../shared/manifests/read-manifests.ts'
import { workspaceRules } from '../../shared/rules/workspace-rules.ts'
import { buildTopology } from '../../shared/topology/build-topology.ts'
import { emptyWorkspaceFile } from '../../shared/workspace-file/read-workspace-file.ts'

// The whole gate over a draft of a workspace of 1,000 services with 20 rules: the first time, and after each further edit.

const services = 1000
const manifest = (n: number, replicas: number): string => `apiVersion: apps/v1
kind: Deployment
metadata: { name: s${n}, namespace: shop }
spec:
  replicas: ${replicas}
  selector: { matchLabels: { app: s${n} } }
  template:
    metadata: { labels: { app: s${n} } }
    spec:
      containers:
        - name: main
          image: registry.example.org/s${n}:1.0
          env:
            - { name: A_ADDR, value: "http://s${(n * 7 + 1) % services}:80" }
            - { name: B_ADDR, value: "http://s${(n * 13 + 5) % services}:80" }
---
apiVersion: v1
kind: Service
metadata: { name: s${n}, namespace: shop }
spec: { selector: { app: s${n} }, ports: [{ port: 80 }] }
`
const rules = JSON.stringify(
  Array.from({ length: 20 }, (_, n) => ({
    id: `rule-${n}`,
    severity: 'block',
    expression: `after.services.all(s, s.kind != "service" || s.replicas >= 1 && s.dependents < ${2000 + n}) && change.services.size() < 100`,
  })),
)
const ruleFiles = workspaceRules(
  new Map([['.pilothouse/rules/a.json', { path: '.pilothouse/rules/a.json', text: rules }]]),
)
const workspace = emptyWorkspaceFile('pilothouse.yaml')
const files: ManifestFile[] = Array.from({ length: services }, (_, n) => readManifestFile(`s${n}.yaml`, manifest(n, 2)))
const before = buildTopology(files, { environment: '.', revision: '' })
const manifestsBefore = files.flatMap(({ manifests }) => manifests)

const times: number[] = []
for (let edit = 0; edit < 12; edit++) {
  const edited = files.with(edit, readManifestFile(`s${edit}.yaml`, manifest(edit, 3)))
  const after = buildTopology(edited, { environment: '.', revision: '' })
  const manifestsAfter = edited.flatMap(({ manifests }) => manifests)
  const start = performance.now()
  const gate = judgeChange({
    before,
    after,
    edits: [],
    files: [`s${edit}.yaml`],
    workspace,
    workspaceBefore: workspace,
    environment: { id: '.' },
    actor: null,
    now: Date.UTC(2026, 10, 20),
    manifestsBefore,
    manifestsAfter,
    rulesBefore: ruleFiles,
    rulesAfter: ruleFiles,
  })
  times.push(performance.now() - start)
  if (gate.verdict !== 'pass') throw new Error(`The gate says ${gate.verdict}`)
}
const [first = 0, ...rest] = times
const sorted = rest.toSorted((a, b) => a - b)
console.log(
  `gate over ${services} services, 20 rules: first ${first.toFixed(0)} ms, then ${(sorted[Math.floor(sorted.length / 2)] ?? 0).toFixed(0)} ms (slowest ${(sorted.at(-1) ?? 0).toFixed(0)} ms; goal 200 ms)`,
)
