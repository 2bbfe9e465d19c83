import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { runGit } from '../git/run-git.ts'

export const services = 500

/** A linear history in which each commit changes one of 500 services, and every fifth is a decision; packed. */
export async function generateHistory(folder: string, commits = 100_000): Promise<string> {
  const directory = join(folder, `history-${commits}`)
  if (existsSync(directory)) return directory
  const making = `${directory}.making`
  rmSync(making, { recursive: true, force: true })
  mkdirSync(making, { recursive: true })
  runGit(making, 'init', '-q', '-b', 'main')
  const child = spawn('git', ['fast-import', '--quiet'], { cwd: making, stdio: ['pipe', 'ignore', 'inherit'] })
  const data = (text: string): string => `data ${Buffer.byteLength(text)}\n${text}\n`
  let text = ''
  for (let commit = 0; commit < commits; commit++) {
    const service = (commit * 7919) % services
    const who = `<ada${commit % 7}@example.com> ${1_500_000_000 + commit * 600} +0000`
    const message =
      commit % 5 === 0
        ? `DECISION: scale svc-${service} to ${commit % 9}\n\nBecause of sale ${commit}.\n\nDecision-Id: ${commit.toString(32).toUpperCase().padStart(26, '0')}\nDecision-Kind: scale\nDecision-Services: svc-${service}\nDecision-Gate: pass\nChange-Set: ${commit}\n`
        : `Raise svc-${service}\n\nWhat round ${commit} asked for.\n`
    text += `commit refs/heads/main\nauthor Ada ${commit % 7} ${who}\ncommitter Ada ${who}\n${data(message)}`
    text += `M 100644 inline svc/svc-${service}.yaml\n${data(
      `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: svc-${service}}\nspec:\n  replicas: ${commit % 9} # ${commit}\n  template: {spec: {containers: [{name: main, image: "example.com/svc-${service}:1"}]}}\n`,
    )}`
    if (text.length > 1 << 20) {
      if (!child.stdin.write(text)) await once(child.stdin, 'drain')
      text = ''
    }
  }
  child.stdin.end(text)
  const [code] = (await once(child, 'close')) as [number]
  if (code !== 0) throw new Error(`git fast-import ended with ${code}`)
  runGit(making, 'repack', '-adq')
  runGit(making, 'checkout', '-q', '-f', 'main')
  renameSync(making, directory)
  return directory
}
