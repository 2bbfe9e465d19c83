import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * Runs the benchmarks, each in a process of its own, so that a peak of memory belongs to one. `npm run bench -- push`
 * runs those whose name holds the word.
 */
const benchmarks = [
  'git/open-workspace',
  'git/commit-decision',
  'git/publish-decision',
  'git/clone',
  'git/push',
  'topology/infer-workspace',
  'history/history',
  'dependencies/diff-graphs',
  'rules/evaluate-rules',
  'rules/judge-draft',
  'clusters/first-picture',
  'clusters/event-to-pixel',
  'clusters/soak',
  'clusters/soak-page',
  'edge/facts',
  'edge/deploy',
  'page/picture',
  'page/frames',
  'page/time-travel',
]
const [word = ''] = process.argv.slice(2)
const folder = mkdtempSync(join(tmpdir(), 'pilothouse-bench-'))
let failed = 0
try {
  for (const name of benchmarks.filter(each => each.includes(word))) {
    const script = join(import.meta.dirname, `${name}.ts`)
    const { status } = spawnSync(process.execPath, [script, folder], { stdio: 'inherit' })
    if (status !== 0) {
      console.log(`${name} ended with ${status}`)
      failed++
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
process.exitCode = failed === 0 ? 0 : 1
