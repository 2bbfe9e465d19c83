import { startCamera } from './screens/camera.ts'
import { clusters } from './screens/clusters.ts'
import { comparing, dependencies } from './screens/comparing.ts'
import { edge } from './screens/edge.ts'
import { boutique, trouble, welcome } from './screens/opening.ts'
import { records } from './screens/records.ts'
import { rules } from './screens/rules.ts'
import { sandbox } from './screens/sandbox.ts'

// Pictures of the main states, to be looked at: node e2e/screens.ts [walk…] → test-results/screens/.
const walks = { sandbox, welcome, trouble, boutique, records, comparing, dependencies, rules, edge, clusters }
const wanted = process.argv.slice(2)
const camera = await startCamera()
const failed: string[] = []
for (const [name, walk] of Object.entries(walks)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue
  try {
    await walk(camera)
  } catch (error) {
    // A walk that ends early leaves the pictures it has taken; what is missing is said in the end.
    failed.push(`${name}: ${error instanceof Error ? error.message.split('\n').slice(0, 3).join(' ') : String(error)}`)
  }
}
await camera.close()
for (const line of failed) process.stdout.write(`FAILED ${line}\n`)
if (failed.length > 0) process.exitCode = 1
