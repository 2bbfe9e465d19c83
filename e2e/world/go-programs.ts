import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { git, makeRepository, smallShop } from './git-repository.ts'
import type { Home } from './isolated-home.ts'

const mod = (grpc: string, net: string): string =>
  `module example.com/shop\ngo 1.24\nrequire google.golang.org/grpc ${grpc}\nrequire golang.org/x/net ${net} // indirect\n`
const graph = (grpc: string, net: string): string =>
  `example.com/shop google.golang.org/grpc@${grpc}\ngoogle.golang.org/grpc@${grpc} golang.org/x/net@${net}\n`
/** A program in Go: which gRPC it asks for, and which network library that drags in. */
export const goProgram = (folder: string, grpc: string, net: string) => ({
  [`${folder}/go.mod`]: mod(grpc, net),
  [`${folder}/go.graph`]: graph(grpc, net),
  [`${folder}/main.go`]: 'package main\n',
})

/** A shop whose two programs had the same client, until one of them took a newer one. */
export function makeShopOfPrograms(home: Home): string {
  const directory = makeRepository(home, 'shop', {
    ...smallShop,
    ...goProgram('src/checkout', 'v1.60.0', 'v0.20.0'),
    ...goProgram('src/cart', 'v1.60.0', 'v0.20.0'),
  })
  for (const [path, text] of Object.entries(goProgram('src/checkout', 'v1.70.0', 'v0.35.0')))
    writeFileSync(join(directory, path), text)
  git(home, directory, 'commit', '--quiet', '--all', '-m', 'checkout takes the new client')
  return directory
}
