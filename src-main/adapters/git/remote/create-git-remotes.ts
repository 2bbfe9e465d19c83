import { execFile } from 'node:child_process'
import { homedir } from 'node:os'
import { AppError } from '../../../../shared/errors.ts'
import { resultsRef } from '../../../../shared/results/result.ts'
import type { Clock } from '../../../needs/clock.ts'
import type { GitRemotes } from '../../../needs/git-remote.ts'
import type { Prompter } from '../../../needs/prompter.ts'
import type { Secrets } from '../../../needs/secrets.ts'
import type { Ssh } from '../../../needs/ssh.ts'
import { mergeNotes } from '../notes/notes.ts'
import { remoteNotesRef } from '../notes/remote-notes-ref.ts'
import { readGitEnvironment } from '../open/git-environment.ts'
import { isBranchName } from '../refs/ref-name.ts'
import { clone } from './clone.ts'
import type { Credential } from './credentials.ts'
import { fetchRemote } from './fetch.ts'
import { openLocalClone } from './local-clone.ts'
import type { ServiceNeeds } from './open-service.ts'
import { pushCommit } from './push.ts'

export type GitRemotesOptions = {
  readonly ssh: Ssh
  readonly prompter: Prompter
  readonly secrets: Secrets
  /** Default: this process's. */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** For reflogs. Default: the system's. */
  readonly clock?: Pick<Clock, 'now' | 'offset'>
}

/** Writers of notes on one remote take turns. */
const mostNoteRaces = 10

const systemTime = { now: () => Date.now(), offset: () => -new Date().getTimezoneOffset() }

/** Talks to remotes over http(s), ssh and, through an installed git, to repositories on this disk. */
export function createGitRemotes(options: GitRemotesOptions): GitRemotes {
  const env = options.env ?? process.env
  const clock = options.clock ?? systemTime
  const environment = readGitEnvironment(env)
  const accepted = new Map<string, Credential>()
  let git: Promise<boolean> | undefined
  const needs = async (): Promise<ServiceNeeds> => {
    git ??= hasGit(env)
    return { ssh: options.ssh, prompter: options.prompter, secrets: options.secrets, env, git: await git, accepted }
  }
  const never = () => new AbortController().signal
  return {
    async clone(url, directory, { signal = never(), progress } = {}) {
      await clone(url, directory, await needs(), { signal, environment, clock, ...(progress && { progress }) })
    },
    async fetch(repository, remote, { signal = never(), progress } = {}) {
      using local = openLocalClone(repository.gitDirectory, environment, clock)
      const moved = await fetchRemote(local, remote, await needs(), progress, signal)
      // What others saw become of decisions is read with what was seen here.
      await mergeNotes({ ...local, environment, clock }, resultsRef, remoteNotesRef(remote))
      return moved
    },
    async push(repository, remote, commit, branch, expected, { signal = never(), progress } = {}) {
      using local = openLocalClone(repository.gitDirectory, environment, clock)
      if (!isBranchName(branch)) throw new AppError('invalid-input', 'git.badRefName', { name: branch })
      const ref = `refs/heads/${branch}`
      return await pushCommit(local, remote, commit, ref, expected, await needs(), progress, signal)
    },
    async pushNotes(repository, remote, { signal = never(), progress } = {}) {
      for (let race = 0; race < mostNoteRaces; race++) {
        using local = openLocalClone(repository.gitDirectory, environment, clock)
        const tip = local.refs.resolve(resultsRef)
        const seen = local.refs.resolve(remoteNotesRef(remote))
        if (tip === null || tip === seen) return { kind: 'pushed' }
        const result = await pushCommit(local, remote, tip, resultsRef, seen, await needs(), progress, signal)
        if (result.kind !== 'moved') return result
        await fetchRemote(local, remote, await needs(), progress, signal)
        await mergeNotes({ ...local, environment, clock }, resultsRef, remoteNotesRef(remote))
      }
      return { kind: 'moved' }
    },
  }
}

function hasGit(env: Readonly<Record<string, string | undefined>>): Promise<boolean> {
  return new Promise(resolve => {
    execFile('git', ['--version'], { cwd: homedir(), env, windowsHide: true }, error => resolve(error === null))
  })
}
