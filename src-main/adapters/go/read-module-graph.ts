import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ReadModuleGraph } from '../../needs/module-graph.ts'

/** Longer than a module of thousands of requirements takes from a warm cache. */
const limit = 30_000
const largestOutput = 256 * 1024 * 1024

/**
 * Runs `go mod graph` on a copy of the module's files, so that the work tree is neither read nor written, with the
 * network forbidden (`GOPROXY=off`). Whether Go is here is asked once.
 */
export function createModuleGraphReader(environment: NodeJS.ProcessEnv = process.env): ReadModuleGraph {
  let isMissing = false
  return async ({ mod, sum }, signal) => {
    if (isMissing) return null
    const folder = await mkdtemp(join(tmpdir(), 'pilothouse-go-'))
    try {
      await writeFile(join(folder, 'go.mod'), mod)
      if (sum !== null) await writeFile(join(folder, 'go.sum'), sum)
      return await new Promise((resolve, reject) => {
        const env = {
          ...environment,
          GOFLAGS: '-mod=mod',
          GOPROXY: 'off',
          GOTOOLCHAIN: 'local',
          GOWORK: 'off',
          PWD: folder,
        }
        const options = { cwd: folder, env, signal, timeout: limit, maxBuffer: largestOutput }
        execFile('go', ['mod', 'graph'], options, (error, stdout) => {
          if (signal.aborted) reject(signal.reason)
          // Without Go, or without a module it would have to download, the lock tells what it tells.
          else if (error) {
            isMissing = 'code' in error && error.code === 'ENOENT'
            resolve(null)
          } else resolve(stdout)
        })
      })
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }
}
