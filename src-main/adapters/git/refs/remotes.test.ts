import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { Configuration } from '../config/configuration.ts'
import { readGitEnvironment } from '../open/git-environment.ts'
import { pushName, pushRemote, trackingRef } from './remotes.ts'

const directory = mkdtempSync(join(tmpdir(), 'pilothouse-remotes-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

const follows = (remote: string, branch: string): string =>
  `[branch "mine"]\n\tremote = ${remote}\n\tmerge = refs/heads/${branch}\n`

/** As `git help config` says of `push.default`, `remote.pushDefault` and `branch.<name>.pushRemote`. */
test.each([
  ['', 'origin', 'mine'],
  [follows('origin', 'mine'), 'origin', 'mine'],
  [follows('origin', 'main'), 'origin', null],
  [`${follows('origin', 'main')}[push]\n\tdefault = simple\n`, 'origin', null],
  [`${follows('origin', 'main')}[push]\n\tdefault = nothing\n`, 'origin', null],
  [`${follows('origin', 'main')}[push]\n\tdefault = upstream\n`, 'origin', 'main'],
  [`${follows('origin', 'main')}[push]\n\tdefault = Current\n`, 'origin', 'mine'],
  [`${follows('origin', 'main')}[remote]\n\tpushDefault = fork\n`, 'fork', 'mine'],
  [`${follows('origin', 'main')}\tpushRemote = third\n[remote]\n\tpushDefault = fork\n`, 'third', 'mine'],
  [follows('.', 'main'), 'origin', 'mine'],
])('where a push goes: %j', (text, remote, name) => {
  const remotes = ['origin', 'fork', 'third'].map(
    each =>
      `[remote "${each}"]\n\turl = https://git.example.org/${each}.git\n\tfetch = +refs/heads/*:refs/remotes/${each}/*\n`,
  )
  writeFileSync(join(directory, 'config'), `${remotes.join('')}${text}`)
  const environment = readGitEnvironment({ HOME: directory, GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' })
  const configuration = new Configuration(directory, directory, environment, () => 'mine')
  expect(pushRemote(configuration, 'mine')).toBe(remote)
  expect(pushName(configuration, 'mine', remote)).toBe(name)
  expect(trackingRef(configuration, remote, 'refs/heads/mine')).toBe(`refs/remotes/${remote}/mine`)
  expect(trackingRef(configuration, remote, 'refs/tags/mine')).toBe(null)
})
