import { expect, test } from 'vitest'
import { translate } from '../messages/index.ts'
import { applyEdit, applyEdits } from './apply-edits.ts'
import { conflictOf } from './conflict-of.ts'
import { describeEdit, servicesOf } from './describe-edit.ts'
import { Edit, type EditOf } from './edit.ts'
import { editKey } from './edit-key.ts'
import type { EditOutcome } from './edit-outcome.ts'
import { invertEdit } from './invert-edit.ts'
import { layoutPath, readLayout } from './layout-file.ts'
import { suggestKind, suggestTitle } from './suggest-title.ts'

const manifest = `# The till.
apiVersion: apps/v1
kind: Deployment
metadata:
  name: till
  labels: {app: till, tier: shop}
spec:
  replicas: 2 # enough on weekdays
  selector:
    matchLabels:
      app: till
  template:
    metadata:
      labels:
        app: till
    spec:
      containers:
        - name: main
          image: "registry.example/till:v1.4"
          args: ["--port=8080", "--verbose"]
          ports:
            - containerPort: 8080
          env:
            - name: LEDGER
              value: "ledger:9000"
            # rotated monthly
            - name: API_KEY
              valueFrom:
                secretKeyRef:
                  name: till
                  key: api
                  optional: true
          resources:
            requests: {cpu: 100m}
          readinessProbe:
            httpGet:
              path: /ready
              port: 8080
            periodSeconds: 5
---
apiVersion: v1
kind: Service
metadata:
  name: till
spec:
  selector: {app: till}
  ports:
    - port: 80
      targetPort: 8080
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: till
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: till}
  maxReplicas: 6
`
const files = new Map([['till.yaml', manifest]])
const deployment = { file: 'till.yaml', kind: 'Deployment', name: 'till' }
const inMain = { resource: deployment, container: 'main' }
const service = { file: 'till.yaml', kind: 'Service', name: 'till' }
const scaler = { file: 'till.yaml', kind: 'HorizontalPodAutoscaler', name: 'till' }

/** Removed and added lines, and what is said of the change. */
function done(edit: Edit, of: ReadonlyMap<string, string> = files) {
  const outcome = applyEdit(of, edit)
  if (outcome.kind === 'refused') return `${outcome.file}:${outcome.line ?? '-'} ${translate('en', outcome.reason)}`
  if (outcome.kind === 'unchanged') return 'unchanged'
  const [file, text] = [...outcome.files][0]!
  const [before, after] = [of.get(file)?.split('\n') ?? [], text?.split('\n') ?? []]
  let head = 0
  while (head < before.length && before[head] === after[head]) head += 1
  let tail = 0
  while (tail < before.length - head && tail < after.length - head && before.at(-1 - tail) === after.at(-1 - tail))
    tail += 1
  return [
    ...before.slice(head, before.length - tail).map(line => `-${line}`),
    ...after.slice(head, after.length - tail).map(line => `+${line}`),
    ...outcome.changes.map(({ line, field, before, after }) => `${line} ${field}: ${before ?? '∅'} → ${after ?? '∅'}`),
  ]
}

test('each kind changes the lines of its field alone and says which', () => {
  expect(done({ kind: 'set-replicas', resource: deployment, replicas: 3 })).toEqual([
    '-  replicas: 2 # enough on weekdays',
    '+  replicas: 3 # enough on weekdays',
    '8 Deployment/till spec.replicas: 2 → 3',
  ])
  expect(done({ kind: 'set-image', ...inMain, image: 'registry.example/till:v1.5' })).toEqual([
    '-          image: "registry.example/till:v1.4"',
    '+          image: "registry.example/till:v1.5"',
    '19 Deployment/till spec.template.spec.containers[main].image: registry.example/till:v1.4 → registry.example/till:v1.5',
  ])
  expect(
    done({ kind: 'set-arguments', ...inMain, field: 'args', values: ['--port=8080', '--quiet', '--x=yes'] }),
  ).toEqual([
    '-          args: ["--port=8080", "--verbose"]',
    '+          args: ["--port=8080", "--quiet", "--x=yes"]',
    '20 Deployment/till spec.template.spec.containers[main].args: ["--port=8080","--verbose"] → ["--port=8080","--quiet","--x=yes"]',
  ])
  expect(done({ kind: 'set-arguments', ...inMain, field: 'command', values: ['/till'] })).toEqual([
    '+          command: ["/till"]',
    '20 Deployment/till spec.template.spec.containers[main].command: ∅ → ["/till"]',
  ])
  expect(done({ kind: 'set-env', ...inMain, name: 'LEDGER', value: { value: 'books:9001' } })).toEqual([
    '-              value: "ledger:9000"',
    '+              value: "books:9001"',
    '25 Deployment/till spec.template.spec.containers[main].env[LEDGER].value: ledger:9000 → books:9001',
  ])
  expect(done({ kind: 'set-env', ...inMain, name: 'DEBUG', value: { value: 'off' } })).toEqual([
    '+            - name: DEBUG',
    '+              value: "off"',
    '33 Deployment/till spec.template.spec.containers[main].env[DEBUG]: ∅ → {"name":"DEBUG","value":"off"}',
  ])
  expect(done({ kind: 'set-env', ...inMain, name: 'API_KEY', value: null })).toEqual([
    '-            # rotated monthly',
    '-            - name: API_KEY',
    '-              valueFrom:',
    '-                secretKeyRef:',
    '-                  name: till',
    '-                  key: api',
    '-                  optional: true',
    '27 Deployment/till spec.template.spec.containers[main].env[API_KEY]: {"name":"API_KEY","valueFrom":{"secretKeyRef":{"name":"till","key":"api","optional":true}}} → ∅',
  ])
  expect(
    done({ kind: 'set-env', ...inMain, name: 'API_KEY', value: { secret: { name: 'vault', key: 'api' } } }),
  ).toEqual([
    '-                  name: till',
    '+                  name: vault',
    '28 Deployment/till spec.template.spec.containers[main].env[API_KEY].valueFrom: {"secretKeyRef":{"name":"till","key":"api","optional":true}} → {"secretKeyRef":{"name":"vault","key":"api","optional":true}}',
  ])
  expect(
    done({ kind: 'set-resources', ...inMain, section: 'limits', resourceName: 'memory', quantity: '64Mi' }),
  ).toEqual([
    '+            limits:',
    '+              memory: 64Mi',
    '35 Deployment/till spec.template.spec.containers[main].resources.limits: ∅ → {"memory":"64Mi"}',
  ])
  expect(done({ kind: 'set-resources', ...inMain, section: 'requests', resourceName: 'cpu', quantity: null })).toEqual([
    '-          resources:',
    '-            requests: {cpu: 100m}',
    '33 Deployment/till spec.template.spec.containers[main].resources: {"requests":{"cpu":"100m"}} → ∅',
  ])
  expect(
    done({ kind: 'set-probe', ...inMain, probe: 'readinessProbe', field: ['httpGet', 'path'], value: '/ok' }),
  ).toEqual([
    '-              path: /ready',
    '+              path: /ok',
    '37 Deployment/till spec.template.spec.containers[main].readinessProbe.httpGet.path: /ready → /ok',
  ])
  expect(
    done({ kind: 'set-probe', ...inMain, probe: 'livenessProbe', field: ['tcpSocket', 'port'], value: 8080 }),
  ).toEqual([
    '+          livenessProbe:',
    '+            tcpSocket:',
    '+              port: 8080',
    '40 Deployment/till spec.template.spec.containers[main].livenessProbe.tcpSocket.port: ∅ → 8080',
  ])
  expect(
    done({ kind: 'set-metadata', resource: deployment, at: 'object', field: 'labels', key: 'team', value: 'on' }),
  ).toEqual([
    '-  labels: {app: till, tier: shop}',
    '+  labels: {app: till, team: "on", tier: shop}',
    '6 Deployment/till metadata.labels.team: ∅ → on',
  ])
  expect(
    done({ kind: 'set-metadata', resource: service, at: 'object', field: 'annotations', key: 'a.b/c', value: 'x' }),
  ).toEqual(['+  annotations:', '+    a.b/c: x', '45 Service/till metadata.annotations[a.b/c]: ∅ → x'])
  expect(done({ kind: 'set-autoscaling', resource: scaler, field: 'minReplicas', value: 2 })).toEqual([
    '+  minReplicas: 2',
    '57 HorizontalPodAutoscaler/till spec.minReplicas: ∅ → 2',
  ])
  expect(done({ kind: 'set-service-port', resource: service, port: 80, field: 'targetPort', value: 'web' })).toEqual([
    '-      targetPort: 8080',
    '+      targetPort: web',
    '49 Service/till spec.ports[0].targetPort: 8080 → web',
  ])
})

test('what is there already is unchanged', () => {
  expect(done({ kind: 'set-replicas', resource: deployment, replicas: 2 })).toBe('unchanged')
  expect(done({ kind: 'set-env', ...inMain, name: 'LEDGER', value: { value: 'ledger:9000' } })).toBe('unchanged')
  expect(done({ kind: 'set-env', ...inMain, name: 'NONE', value: null })).toBe('unchanged')
  expect(done({ kind: 'set-arguments', ...inMain, field: 'command', values: null })).toBe('unchanged')
  expect(done({ kind: 'set-file', file: 'till.yaml', text: manifest })).toBe('unchanged')
})

test('what cannot be done says why', () => {
  expect(done({ kind: 'set-replicas', resource: { ...deployment, name: 'safe' }, replicas: 3 })).toBe(
    'till.yaml:- till.yaml does not declare Deployment/safe any more. Choose it again on the graph.',
  )
  expect(done({ kind: 'set-replicas', resource: service, replicas: 3 })).toBe(
    'till.yaml:- A Service has no number of replicas.',
  )
  expect(done({ kind: 'set-image', ...inMain, container: 'side', image: 'x' })).toBe(
    'till.yaml:- There is no container side.',
  )
  expect(
    done({ kind: 'set-metadata', resource: deployment, at: 'template', field: 'labels', key: 'app', value: 'x' }),
  ).toContain('Rename the service')
  expect(done({ kind: 'set-service-port', resource: service, port: 81, field: 'port', value: 82 })).toContain(
    'no port 81',
  )
  expect(done({ kind: 'set-service-port', resource: service, port: 80, field: 'nodePort', value: 30001 })).toContain(
    'type ClusterIP',
  )
  expect(done({ kind: 'set-file', file: '../x', text: '' })).toContain('not a path inside')
  expect(done({ kind: 'set-file', file: '.git/config', text: '' })).toContain('not a path inside')
  const template = new Map([['till.yaml', manifest.replace('replicas: 2', 'replicas: {{ .Values.replicas }}')]])
  expect(done({ kind: 'set-replicas', resource: deployment, replicas: 3 }, template)).toContain(
    'till.yaml:8 The file is a template: line 8',
  )
  const anchored = new Map([
    ['till.yaml', manifest.replace('replicas: 2', 'replicas: &n 2\n  revisionHistoryLimit: *n')],
  ])
  expect(done({ kind: 'set-replicas', resource: deployment, replicas: 3 }, anchored)).toBe(
    'till.yaml:8 spec.replicas carries the anchor &n and is repeated on lines 9. Changing it would change them too; edit the file itself.',
  )
})

test('every workload kind with a Pod template is edited at its own place', () => {
  const pod = 'spec:\n  containers:\n  - name: c\n    image: a:1\n'
  const nested = (by: number) => pod.replace(/^(?=.)/gm, ' '.repeat(by))
  const kinds: Record<string, string> = {
    Pod: pod,
    DaemonSet: `spec:\n  template:\n${nested(4)}`,
    Job: `spec:\n  template:\n${nested(4)}`,
    StatefulSet: `spec:\n  template:\n${nested(4)}`,
    Rollout: `spec:\n  template:\n${nested(4)}`,
    CronJob: `spec:\n  jobTemplate:\n    spec:\n      template:\n${nested(8)}`,
  }
  for (const [kind, spec] of Object.entries(kinds)) {
    const text = `apiVersion: x/v1\nkind: ${kind}\nmetadata:\n  name: w\n${spec}`
    const outcome = applyEdit(new Map([['f.yaml', text]]), {
      kind: 'set-image',
      resource: { file: 'f.yaml', kind, name: 'w' },
      container: 'c',
      image: 'a:2',
    })
    expect(outcome.kind === 'applied' && outcome.files.get('f.yaml'), kind).toBe(text.replace('a:1', 'a:2'))
  }
})

test('Lists and JSON are edited in place', () => {
  const list = `apiVersion: v1\nkind: List\nitems:\n- apiVersion: apps/v1\n  kind: Deployment\n  metadata: {name: a}\n  spec:\n    template: {spec: {containers: [{name: c, image: a}]}}\n- apiVersion: v1\n  kind: Service\n  metadata: {name: a}\n`
  const resource = { file: 'f', kind: 'Deployment', name: 'a' }
  expect(done({ kind: 'set-replicas', resource, replicas: 2 }, new Map([['f', list]]))).toEqual([
    '+    replicas: 2',
    '8 Deployment/a spec.replicas: ∅ → 2',
  ])
  const json = `${JSON.stringify({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'a' }, spec: { template: { spec: { containers: [{ name: 'c' }] } } } }, null, 4)}\n`
  const env: Edit = { kind: 'set-env', resource, container: 'c', name: 'ON', value: { value: 'yes' } }
  expect(done(env, new Map([['f', json]]))).toEqual([
    '-                        "name": "c"',
    '+                        "name": "c",',
    '+                        "env": [',
    '+                            {',
    '+                                "name": "ON",',
    '+                                "value": "yes"',
    '+                            }',
    '+                        ]',
    '13 Deployment/a spec.template.spec.containers[c].env: ∅ → [{"name":"ON","value":"yes"}]',
  ])
  const big = `apiVersion: v1\nkind: List\nitems:\n${Array.from({ length: 400 }, (_, n) => `  - apiVersion: apps/v1\n    kind: Deployment\n    metadata:\n      name: w${n}\n    spec:\n      template:\n        spec:\n          containers:\n          - name: c\n            image: a:${n}\n`).join('')}`
  const outcome = applyEdit(new Map([['f', big]]), {
    kind: 'set-image',
    resource: { ...resource, name: 'w77' },
    container: 'c',
    image: 'b',
  })
  expect(outcome.kind === 'applied' && outcome.files.get('f')).toBe(big.replace('image: a:77\n', 'image: b\n'))
  expect(outcome.kind === 'applied' && outcome.changes[0]?.line).toBe(
    big.slice(0, big.indexOf('image: a:77\n')).split('\n').length,
  )
})

test('edits follow one another, and each undoes to the byte', () => {
  const edits: Edit[] = [
    { kind: 'set-replicas', resource: deployment, replicas: 5 },
    { kind: 'set-service-port', resource: service, port: 80, field: 'port', value: 81 },
    { kind: 'set-service-port', resource: service, port: 81, field: 'targetPort', value: null },
    { kind: 'set-env', ...inMain, name: 'LEDGER', value: { configMap: { name: 'hosts', key: 'ledger' } } },
    { kind: 'set-image', ...inMain, container: 'gone', image: 'x' },
    { kind: 'set-position', environment: 'shop/prod', node: 'till', position: { x: 10.4, y: -3.6 } },
    { kind: 'set-file', file: 'notes.md', text: 'x\n' },
  ]
  const { files: after, changed, outcomes } = applyEdits(files, edits)
  expect(outcomes.map(outcome => outcome.kind)).toEqual([
    'applied',
    'applied',
    'applied',
    'applied',
    'refused',
    'applied',
    'applied',
  ])
  expect([...changed.keys()].sort()).toEqual(['.pilothouse/layout/shop+prod.yaml', 'notes.md', 'till.yaml'])
  expect(after.get('till.yaml')).toContain('    - port: 81\n---')
  let now: ReadonlyMap<string, string> = files
  for (const edit of edits) {
    const next = applyEdits(now, [edit]).files
    expect(applyEdits(next, invertEdit(now, edit)).files, JSON.stringify(edit)).toEqual(now)
    now = next
  }
  expect(invertEdit(files, edits[0]!)).toEqual([{ kind: 'set-replicas', resource: deployment, replicas: 2 }])
  expect(invertEdit(files, edits[4]!)).toEqual([])
  const withoutReplicas = new Map([['till.yaml', manifest.replace(/ {2}replicas.*\n/, '')]])
  expect(invertEdit(withoutReplicas, edits[0]!)).toEqual([
    { kind: 'set-field', resource: deployment, at: ['spec', 'replicas'], value: null },
  ])
})

test('positions stand one a line, sorted, so that moves of two people merge', () => {
  const at = (node: string, x: number, y: number): Edit => ({
    kind: 'set-position',
    environment: 'prod',
    node,
    position: { x, y },
  })
  const { files: after } = applyEdits(new Map(), [
    at('till', 120, 80),
    at('a "b"', 1, 2),
    at('shop/till', 3, 4),
    at('till', 121, 80),
  ])
  const text = after.get('.pilothouse/layout/prod.yaml')!
  expect(text).toBe('"a \\"b\\"": { x: 1, y: 2 }\n"shop/till": { x: 3, y: 4 }\n"till": { x: 121, y: 80 }\n')
  expect({ ...readLayout(text) }).toEqual({
    'a "b"': { x: 1, y: 2 },
    'shop/till': { x: 3, y: 4 },
    till: { x: 121, y: 80 },
  })
  expect({ ...readLayout('# mine\ntill: {x: 1, y: 2}\nodd: here\n') }).toEqual({ till: { x: 1, y: 2 } })
  expect({ ...readLayout('a: [') }).toEqual({})
  const gone = applyEdits(
    after,
    ['till', 'shop/till', 'a "b"'].map(node => ({ kind: 'set-position', environment: 'prod', node, position: null })),
  )
  expect([...gone.changed]).toEqual([['.pilothouse/layout/prod.yaml', null]])
  expect(new Set(['a/b', 'a+b', 'a%2Fb', 'a b', '.', '..', 'ü'].map(layoutPath)).size).toBe(7)
  expect(layoutPath('apps/prod')).toBe('.pilothouse/layout/apps+prod.yaml')
})

test('two values for one field have one key; other fields have others', () => {
  const one: Edit = { kind: 'set-env', ...inMain, name: 'A', value: { value: '1' } }
  expect(editKey(one)).toBe(editKey({ ...one, value: null }))
  const keys = [
    one,
    { ...one, name: 'B' },
    { ...one, container: 'x' },
    { ...one, resource: service },
    { ...one, resource: { ...deployment, ordinal: 1 } },
  ].map(editKey)
  expect(new Set(keys).size).toBe(5)
  expect(editKey({ ...one, resource: { ...deployment, ordinal: 0 } })).toBe(editKey(one))
})

const say = (edit: Edit, outcome: EditOutcome = applyEdit(files, edit)) => translate('en', describeEdit(edit, outcome))

test('edits are told in one line, credentials are not', () => {
  expect(say({ kind: 'set-replicas', resource: deployment, replicas: 3 })).toBe('Scale till 2 → 3')
  expect(say({ kind: 'set-replicas', resource: deployment, replicas: 3 }, { kind: 'unchanged' })).toBe(
    'Scale till to 3',
  )
  expect(say({ kind: 'set-image', ...inMain, image: 'registry.example/till:v2' })).toBe('Change till from v1.4 to v2')
  expect(say({ kind: 'set-image', ...inMain, image: 'other/till:v2' })).toBe('Run till from other/till:v2')
  expect(say({ kind: 'set-env', ...inMain, name: 'LEVEL', value: { value: 'debug' } })).toBe(
    'Set LEVEL of till to debug',
  )
  expect(say({ kind: 'set-env', ...inMain, name: 'DB_PASSWORD', value: { value: 'hunter2' } })).toBe(
    'Set DB_PASSWORD of till',
  )
  expect(say({ kind: 'set-env', ...inMain, name: 'DSN', value: { value: 'postgres://u:hunter2@db/x' } })).toBe(
    'Set DSN of till',
  )
  expect(servicesOf({ kind: 'rename-service', resource: deployment, to: 'desk' })).toEqual(['till', 'desk'])
  const draft = (edits: Edit[]) =>
    edits.map(edit => {
      const outcome = applyEdit(files, edit)
      return { edit, changes: outcome.kind === 'applied' ? outcome.changes : [] }
    })
  const scale: Edit = { kind: 'set-replicas', resource: deployment, replicas: 3 }
  const move: Edit = { kind: 'set-position', environment: 'e', node: 'till', position: { x: 1, y: 1 } }
  expect(suggestTitle(draft([scale]))).toBe('scale till 2 → 3')
  expect(suggestTitle(draft([move, scale]))).toBe('scale till 2 → 3')
  expect(suggestTitle(draft([move]))).toBe('move till on the graph')
  expect(suggestTitle([])).toBe('')
  const many: Edit[] = ['A_RATHER_LONG_NAME', 'ANOTHER_RATHER_LONG_NAME', 'THIRD'].map(name => ({
    kind: 'set-env',
    ...inMain,
    name,
    value: { value: 'x' },
  }))
  expect(suggestTitle(draft(many))).toBe('set A_RATHER_LONG_NAME of till to x and 2 more changes')
  expect(suggestKind([scale])).toBe('scale')
  expect(suggestKind([{ kind: 'set-image', ...inMain, image: 'x' }, move])).toBe('upgrade')
  expect(suggestKind([{ kind: 'set-env', ...inMain, name: 'LEDGER', value: { value: 'books:9000' } }])).toBe('rewire')
  expect(suggestKind([{ kind: 'set-env', ...inMain, name: 'LEVEL', value: { value: 'debug' } }])).toBe('policy')
  expect(suggestKind([])).toBe('record')
})

test('a draft on a moved branch: only the same field changed differently is a conflict', () => {
  const edit: EditOf<'set-replicas'> = { kind: 'set-replicas', resource: deployment, replicas: 3 }
  const theirs = (from: string, to: string) => new Map([['till.yaml', manifest.replace(from, to)]])
  expect(conflictOf(edit, files, theirs('v1.4', 'v1.5'))).toEqual([])
  expect(conflictOf(edit, files, theirs('replicas: 2', 'replicas: 3'))).toEqual([])
  expect(conflictOf(edit, files, theirs('# The till.\n', '').set('x', ''))).toEqual([])
  expect(conflictOf(edit, files, theirs('replicas: 2', 'replicas: 9'))).toEqual([
    { field: 'Deployment/till spec.replicas', file: 'till.yaml', line: 8, base: '2', ours: '3', theirs: '9' },
  ])
  expect(conflictOf(edit, files, new Map())).toEqual([
    { field: 'Deployment/till spec.replicas', file: 'till.yaml', line: 8, base: '2', ours: '3', theirs: null },
  ])
  const env: Edit = { kind: 'set-env', ...inMain, name: 'LEDGER', value: null }
  expect(conflictOf(env, files, theirs('ledger:9000', 'books:1'))).toMatchObject([
    { base: 'ledger:9000', ours: null, theirs: 'books:1' },
  ])
  const text: Edit = { kind: 'set-file', file: 'till.yaml', text: 'a\n' }
  expect(conflictOf(text, files, theirs('v1.4', 'v1.5'))).toMatchObject([{ field: 'till.yaml', line: 19, ours: 'a\n' }])
  expect(conflictOf(text, files, new Map([['till.yaml', 'a\n']]))).toEqual([])
  const gone: Edit = { kind: 'remove-service', resource: deployment }
  expect(conflictOf(gone, files, theirs('replicas: 2', 'replicas: 9'))).toMatchObject([
    { field: 'Deployment/till spec.replicas', base: '2', ours: null, theirs: '9' },
  ])
  const rename: Edit = { kind: 'rename-service', resource: deployment, to: 'desk' }
  expect(conflictOf(rename, files, theirs('kind: Deployment', 'kind: StatefulSet'))).toMatchObject([{ theirs: null }])
})

test('the schema of edits takes what is tested here', () => {
  for (const edit of [
    { kind: 'set-replicas', resource: deployment, replicas: 3 },
    { kind: 'set-env', ...inMain, name: 'A', value: { fieldPath: 'status.podIP' } },
  ])
    expect(Edit.safeParse(edit).success).toBe(true)
})
