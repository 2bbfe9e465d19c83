import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe } from 'vitest'
import { serveCluster } from '../../src-main/sandbox/cluster/serve-cluster.ts'
import { clusterSuite } from './cluster-suite.ts'

describe('the sandbox API server', () => {
  clusterSuite(async () => {
    const folder = mkdtempSync(join(tmpdir(), 'pilothouse-cluster-'))
    // As the real one: what is not defined by the test is not there, and nothing rolls by itself.
    const cluster = await serveCluster({ controllers: false, customKinds: false })
    const kubeconfig = join(folder, 'kubeconfig')
    await cluster.writeKubeconfig(kubeconfig, 'all')
    return {
      kubeconfig,
      byCertificate: 'sandbox-certificate',
      byToken: 'developer',
      tokenUser: 'developer',
      stop: () => cluster.faults.stop(),
      start: () => cluster.faults.start(),
      async [Symbol.asyncDispose]() {
        await cluster[Symbol.asyncDispose]()
        rmSync(folder, { recursive: true, force: true })
      },
    }
  })
})
