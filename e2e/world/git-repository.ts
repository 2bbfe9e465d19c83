import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Home } from './isolated-home.ts'

/** Runs the system's git; the answer without its last line end. */
export function git(home: Home, directory: string, ...arguments_: string[]): string {
  const output = execFileSync('git', arguments_, {
    cwd: directory,
    env: home.environment,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 64 * 1024 * 1024,
  })
  return output.replace(/\n$/, '')
}

/** A repository with these files in one commit on `main`. */
export function makeRepository(home: Home, name: string, files: { readonly [path: string]: string }): string {
  const directory = join(home.folder, name)
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true })
    writeFileSync(join(directory, path), text)
  }
  git(home, directory, 'init', '--quiet', '--initial-branch=main')
  git(home, directory, 'add', '--all')
  git(home, directory, 'commit', '--quiet', '-m', 'Begin')
  return directory
}

/** A working copy of a folder of somebody else's manifests, as a repository of its own with a bare remote. */
export function repositoryFrom(home: Home, folder: string, name: string): { directory: string; remote: string } {
  const directory = join(home.folder, name)
  cpSync(folder, directory, { recursive: true, filter: path => !/[\\/]\.git$/.test(path) })
  git(home, directory, 'init', '--quiet', '--initial-branch=main')
  git(home, directory, 'add', '--all', '--force')
  git(home, directory, 'commit', '--quiet', '-m', 'Begin')
  return { directory, remote: addRemote(home, directory) }
}

/** A bare remote `origin` that has what the repository has. */
export function addRemote(home: Home, directory: string): string {
  const remote = `${directory}.git`
  git(home, home.folder, 'init', '--quiet', '--bare', '--initial-branch=main', remote)
  git(home, directory, 'remote', 'add', 'origin', remote)
  git(home, directory, 'push', '--quiet', '--set-upstream', 'origin', 'main')
  return remote
}

const workload = (name: string, replicas: number, env: readonly (readonly [string, string])[]): string =>
  `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
spec:
  replicas: ${replicas} # what the sale needs
  selector:
    matchLabels: { app: ${name} }
  template:
    metadata:
      labels: { app: ${name} }
    spec:
      containers:
        - name: server
          image: registry.example/${name}:1.0.0
          ports:
            - containerPort: 8080
          env:${env.length === 0 ? ' []' : env.map(([key, value]) => `\n            - name: ${key}\n              value: ${value}`).join('')}
---
apiVersion: v1
kind: Service
metadata:
  name: ${name}
spec:
  selector: { app: ${name} }
  ports:
    - port: 80
      targetPort: 8080
`

/** Three services, of which two call another. */
export const smallShop: { readonly [path: string]: string } = {
  'README.md': '# A small shop\n',
  'deploy/front.yaml': workload('front', 2, [['CHECKOUT_URL', 'http://checkout']]),
  'deploy/checkout.yaml': workload('checkout', 3, [['CART_ADDR', 'cart:80']]),
  'deploy/cart.yaml': workload('cart', 1, []),
}
