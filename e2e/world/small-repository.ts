import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Runs system git, the witness of every whole test. */
export const git = (directory: string, ...args: string[]): string =>
  execFileSync('git', args, { cwd: directory, encoding: 'utf8', env: { ...process.env, GIT_CONFIG_NOSYSTEM: '1' } })

const workload = (name: string, env = ''): string => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
spec:
  replicas: 1 # raised before sales
  selector:
    matchLabels: {app: ${name}}
  template:
    metadata:
      labels: {app: ${name}}
    spec:
      containers:
        - name: server
          image: example.org/${name}:1.0.0
          ports: [{containerPort: 8080}]
${env}---
apiVersion: v1
kind: Service
metadata:
  name: ${name}
spec:
  selector: {app: ${name}}
  ports: [{port: 8080}]
`

/** `count` services in a chain, each calling the next, in `manifests/`; committed on `main`. */
export function makeServiceChain(directory: string, count: number): void {
  mkdirSync(join(directory, 'manifests'), { recursive: true })
  for (let i = 0; i < count; i++) {
    const next =
      i + 1 < count ? `          env:\n            - {name: NEXT_ADDR, value: "http://svc-${i + 1}:8080"}\n` : ''
    writeFileSync(join(directory, 'manifests', `svc-${i}.yaml`), workload(`svc-${i}`, next))
  }
  git(directory, 'init', '-q', '-b', 'main')
  git(directory, 'config', 'user.name', 'Ada Lovelace')
  git(directory, 'config', 'user.email', 'ada@example.org')
  git(directory, 'add', '-A')
  git(directory, 'commit', '-q', '-m', 'Manifests')
}

/** A bare remote of a repository, set as its `origin`. */
export function addBareRemote(directory: string, bare: string): void {
  execFileSync('git', ['clone', '-q', '--bare', directory, bare])
  git(directory, 'remote', 'add', 'origin', bare)
  git(directory, 'fetch', '-q', 'origin')
  git(directory, 'branch', '-q', '--set-upstream-to=origin/main', 'main')
}
