import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { git, makeRepository, smallShop } from './git-repository.ts'
import type { Home } from './isolated-home.ts'

const adr = `# 5. Use PostgreSQL

## Status

Accepted

## Context

A team that knows it, and **two** services that need transactions.

## Decision

One cluster of three, in each region.

## Consequences

- Backups are ours.
- \`checkout\` loses its queue.
`
const overlay = (name: string, count: number) => ({
  [`overlays/${name}/kustomization.yaml`]: `apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [../../deploy]\nreplicas:\n  - name: cart\n    count: ${count}\n`,
})
const kustomization =
  'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [front.yaml, checkout.yaml, cart.yaml]\n'

/** A shop in two environments, with a record of another tool, and five carts in one of them; and files of `more`. */
export function makeShopWithRecord(home: Home, more: { readonly [path: string]: string } = {}): string {
  const directory = makeRepository(home, 'shop', {
    ...smallShop,
    ...more,
    'deploy/kustomization.yaml': kustomization,
    ...overlay('staging', 2),
    ...overlay('production', 3),
  })
  const commit = (title: string, files: { readonly [path: string]: string }) => {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(directory, path)), { recursive: true })
      writeFileSync(join(directory, path), text)
    }
    git(home, directory, 'add', '--all')
    git(home, directory, 'commit', '--quiet', '-m', title)
  }
  commit('Add a record', { 'docs/adr/0005-use-postgres.md': adr })
  git(home, directory, 'tag', 'v1')
  commit('DECISION: five carts in staging\n\nDecision-Kind: scale\nDecision-Services: cart', overlay('staging', 5))
  return directory
}
