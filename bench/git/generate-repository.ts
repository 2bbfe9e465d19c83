import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { runGit } from './run-git.ts'

export type RepositoryShape = { readonly files: number; readonly commits: number }
export const usualShape: RepositoryShape = { files: 10_000, commits: 20_000 }

/**
 * A repository of manifests in `apps/team-N/svc-N/f-N.yaml` (five files a folder, 40 services a team) with a linear
 * history that changes one file a commit, packed by `git fast-import` and checked out. The same bytes for the same
 * shape; made once in `folder` and kept.
 */
export async function generateRepository(folder: string, shape: RepositoryShape = usualShape): Promise<string> {
  const directory = join(folder, `repository-${shape.files}-${shape.commits}`)
  if (existsSync(directory)) return directory
  const making = `${directory}.making`
  rmSync(making, { recursive: true, force: true })
  mkdirSync(making, { recursive: true })
  runGit(making, 'init', '-q', '-b', 'main')
  const child = spawn('git', ['fast-import', '--quiet'], { cwd: making, stdio: ['pipe', 'ignore', 'inherit'] })
  const path = (file: number): string => {
    const service = Math.floor(file / 5)
    return `apps/team-${Math.floor(service / 40)}/svc-${service % 40}/f-${file}.yaml`
  }
  const content = (file: number, round: number): string =>
    [
      'apiVersion: apps/v1',
      'kind: Deployment',
      `metadata: { name: svc-${file}, labels: { team: "${file % 50}" } }`,
      `spec: # changed in round ${round}`,
      `  replicas: ${1 + ((file * 7 + round) % 9)}`,
      '  template:',
      `    spec: { containers: [{ name: main, image: "registry.example/svc-${file}:1.${round}.${file % 13}" }] }`,
      '',
    ].join('\n')
  const data = (text: string): string => `data ${Buffer.byteLength(text)}\n${text}\n`
  const start = 1_600_000_000
  let text = ''
  for (let commit = 0; commit < shape.commits; commit++) {
    const who = `Bench <bench@example.com> ${start + commit * 600} +0000`
    text += `commit refs/heads/main\nauthor ${who}\ncommitter ${who}\n${data(`Change ${commit}\n\nThe reason for change ${commit}.\n`)}`
    const touched =
      commit === 0 ? Array.from({ length: shape.files }, (_, file) => file) : [(commit * 7919) % shape.files]
    for (const file of touched) text += `M 100644 inline ${path(file)}\n${data(content(file, commit))}`
    if (text.length > 1 << 20) {
      if (!child.stdin.write(text)) await once(child.stdin, 'drain')
      text = ''
    }
  }
  child.stdin.end(text)
  const [code] = (await once(child, 'close')) as [number]
  if (code !== 0) throw new Error(`git fast-import ended with ${code}`)
  runGit(making, 'checkout', '-q', '-f', 'main')
  renameSync(making, directory)
  return directory
}
