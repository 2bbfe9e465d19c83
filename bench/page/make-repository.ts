import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { GeneratedService } from './generate-services.ts'

/** Writes services as a person would, a file each with a Deployment and a Service, and commits them. */
export function makeRepository(folder: string, services: readonly GeneratedService[]): string {
  mkdirSync(join(folder, 'deploy'), { recursive: true })
  const namespaces = new Map(services.map(each => [each.name, each.namespace]))
  for (const service of services)
    writeFileSync(join(folder, 'deploy', `${service.name}.yaml`), manifestOf(service, namespaces))
  const git = (...words: string[]) =>
    execFileSync('git', ['-C', folder, '-c', 'user.name=Bench', '-c', 'user.email=bench@example.com', ...words])
  git('init', '--quiet', '--initial-branch=main')
  git('add', '.')
  git('-c', 'commit.gpgsign=false', 'commit', '--quiet', '-m', 'Services')
  return folder
}

function manifestOf(service: GeneratedService, namespaces: ReadonlyMap<string, string>): string {
  const { name, namespace, owner, system, tier, calls } = service
  const variables = calls.map(to => {
    const variable = `${to.replaceAll('-', '_').toUpperCase()}_URL`
    return `            - name: ${variable}\n              value: http://${to}.${namespaces.get(to)}.svc.cluster.local:8080\n`
  })
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
  namespace: ${namespace}
  labels:
    app: ${name}
    app.kubernetes.io/part-of: ${system}
    owner: ${owner}
spec:
  replicas: ${1 + (tier % 3)}
  selector:
    matchLabels:
      app: ${name}
  template:
    metadata:
      labels:
        app: ${name}
    spec:
      containers:
        - name: ${name}
          image: registry.example.com/${system}/${name}:1.${tier}.0
          ports:
            - containerPort: 8080
${variables.length > 0 ? `          env:\n${variables.join('')}` : ''}---
apiVersion: v1
kind: Service
metadata:
  name: ${name}
  namespace: ${namespace}
spec:
  selector:
    app: ${name}
  ports:
    - port: 8080
`
}
