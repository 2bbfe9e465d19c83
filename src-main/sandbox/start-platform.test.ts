import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { textAt, valueAt } from '../../shared/manifests/manifest.ts'
import { openRepositoryWith } from '../adapters/git/open-repository.ts'
import { systemClock } from '../adapters/system/system.ts'
import { startPlatform } from './start-platform.ts'

const files = (image: string) => `apiVersion: v1
kind: Namespace
metadata: {name: payments}
---
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: auth}
spec:
  replicas: 4
  selector: {matchLabels: {app: auth}}
  template:
    metadata: {labels: {app: auth}}
    spec: {containers: [{name: auth, image: "${image}"}]}
  strategy:
    canary: {steps: [{setWeight: 25}, {pause: {}}]}
`

test('what is pushed to the bare repository starts a canary, and metrics tell the two versions apart', async () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'pilothouse-platform-')))
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=You', '-c', 'user.email=you@payments.example', ...args], {
      cwd: join(folder, 'work'),
      stdio: 'pipe',
    })
  try {
    mkdirSync(join(folder, 'work/deploy/production'), { recursive: true })
    const push = (image: string) => {
      writeFileSync(join(folder, 'work/deploy/production/auth.yaml'), files(image))
      git('add', '.')
      git('commit', '-qm', image)
      git('push', '-q', join(folder, 'payments.git'), 'HEAD:main')
    }
    git('init', '-q', '-b', 'main')
    git('init', '-q', '--bare', '-b', 'main', join(folder, 'payments.git'))
    push('auth:1')

    const failed: unknown[] = []
    await using platform = await startPlatform(folder, Date.now, error => failed.push(error))
    await platform.follow(await openRepositoryWith({ clock: systemClock })(join(folder, 'payments.git')))
    const { state } = platform.cluster
    const live = () => state.store.get(state.kind('argoproj.io', 'Rollout'), 'payments', 'auth')!
    expect(live()).toMatchObject({ status: { phase: 'Healthy' } })
    // It has been there since yesterday.
    expect(Date.now() - Date.parse(textAt(live(), 'metadata', 'creationTimestamp')!)).toBeGreaterThan(24 * 3600 * 1000)

    push('auth:2')
    await new Promise<void>(resolve => {
      const look = () => {
        if (textAt(live(), 'status', 'phase') !== 'Paused') return
        unsubscribe()
        resolve()
      }
      const unsubscribe = state.store.subscribe(look)
      look()
    })
    expect(valueAt(live(), ['status', 'currentStepIndex'])).toBe(1)
    const query = 'count by (rollouts_pod_template_hash) (rate(istio_requests_total{destination_workload="auth"}[1m]))'
    const answer = await fetch(`${platform.metrics}/api/v1/query?query=${encodeURIComponent(query)}`)
    const { data } = (await answer.json()) as { data: { result: { metric: { [label: string]: string } }[] } }
    expect(data.result.map(({ metric }) => metric['rollouts_pod_template_hash']).sort()).toEqual(
      [textAt(live(), 'status', 'stableRS')!, textAt(live(), 'status', 'currentPodHash')!].sort(),
    )
    expect(failed).toEqual([])
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
