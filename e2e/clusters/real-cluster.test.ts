import { describe } from 'vitest'
import { findKubernetes, runKubernetes } from '../world/kubernetes.ts'
import { clusterSuite } from './cluster-suite.ts'

const up = findKubernetes()
if (up === null) process.stderr.write('NOT RUN: a real kube-apiserver (PILOTHOUSE_K8S names no built one)\n')

describe.skipIf(up === null)('a real kube-apiserver', () => {
  clusterSuite(async () => {
    const plane = await runKubernetes(up!)
    await plane.start()
    return {
      kubeconfig: plane.kubeconfig,
      byCertificate: 'admin',
      byToken: 'dev',
      tokenUser: 'dev',
      stop: plane.stop,
      start: plane.start,
      [Symbol.asyncDispose]: () => plane[Symbol.asyncDispose](),
    }
  })
})
