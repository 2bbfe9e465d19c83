import { readGitEnvironment } from '../../src-main/adapters/git/open/git-environment.ts'
import type { ServiceNeeds } from '../../src-main/adapters/git/remote/open-service.ts'
import { benchVariables } from './run-git.ts'

export const benchEnvironment = readGitEnvironment(benchVariables)
export const benchClock = { now: () => Date.now(), offset: () => 0 }

/** Nobody to ask and nothing kept: the servers of the benchmarks let everybody in. */
export const benchNeeds: ServiceNeeds = {
  ssh: { connect: () => Promise.reject(new Error('not here')) },
  prompter: { ask: async () => null },
  secrets: { durable: false, get: async () => null, set: async () => {}, delete: async () => {} },
  env: benchVariables,
  git: true,
  accepted: new Map(),
}
