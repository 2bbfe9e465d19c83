import { readGitEnvironment } from '../../src-main/adapters/git/open/git-environment.ts'
import type { ServiceNeeds } from '../../src-main/adapters/git/remote/open-service.ts'

const env = {
  ...process.env,
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'Bench',
  GIT_AUTHOR_EMAIL: 'bench@example.com',
  GIT_COMMITTER_NAME: 'Bench',
  GIT_COMMITTER_EMAIL: 'bench@example.com',
}

export const benchEnvironment = readGitEnvironment(env)
export const benchClock = { now: () => Date.now(), offset: () => 0 }

/** Nobody to ask and nothing kept: the servers of the benchmarks let everybody in. */
export const benchNeeds: ServiceNeeds = {
  ssh: { connect: () => Promise.reject(new Error('not here')) },
  prompter: { ask: async () => null },
  secrets: { durable: false, get: async () => null, set: async () => {}, delete: async () => {} },
  env,
  git: true,
  accepted: new Map(),
}
