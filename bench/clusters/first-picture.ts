import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { findKubernetes, runKubernetes } from '../../e2e/world/kubernetes.ts'
import { createClusters } from '../../src-main/adapters/kubernetes/create-clusters.ts'
import { createPods } from './make-pods.ts'

/**
 * All Pods of a cluster for the first time: by `kubectl get pods -A -o json` and by the adapter's watch, each in a process
 * of its own and by turns, against one real API server. Prints times and peak memory.
 */
const pods = Number(process.env['PODS'] ?? 5000)
const rounds = 5
const [, , , kubeconfig] = process.argv

/** One look of our own: from the start of the process to the last Pod. */
async function look(file: string): Promise<void> {
  await using clusters = createClusters([file])
  const cluster = await clusters.open('admin')
  const leaving = new AbortController()
  for await (const event of cluster.watch({ kind: { group: '', kind: 'Pod' } }, leaving.signal)) {
    if (event.kind !== 'snapshot') continue
    const peak = process.resourceUsage().maxRSS / 1024
    console.log(JSON.stringify({ pods: event.objects.length, seconds: performance.now() / 1000, peak }))
    leaving.abort()
  }
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!

async function compare(): Promise<void> {
  const up = findKubernetes()
  const cache = process.env['PILOTHOUSE_K8S_CACHE'] ?? join(homedir(), '.cache/pilothouse-k8s')
  const kubectl = join(cache, 'bin/kubectl')
  if (up === null || !existsSync(kubectl)) return console.log('NOT RUN: there is no real kube-apiserver here')
  await using plane = await runKubernetes(up)
  await plane.start()
  await using clusters = createClusters([plane.kubeconfig])
  const cluster = await clusters.open('admin')
  const { signal } = new AbortController()
  while (
    !(await cluster.list({ kind: { group: '', kind: 'ServiceAccount' }, namespace: 'default' }, signal).catch(() => []))
      .length
  )
    await new Promise(resolve => setTimeout(resolve, 200))
  const names = Array.from({ length: pods }, (_, index) => `web-${index % 50}-${index}`)
  const begun = performance.now()
  await createPods(cluster, names, 'default', signal)
  console.log(`${pods} Pods created in ${((performance.now() - begun) / 1000).toFixed(1)} s`)

  const times: { theirs: number[]; ours: number[] } = { theirs: [], ours: [] }
  const peaks: { theirs: number[]; ours: number[] } = { theirs: [], ours: [] }
  for (let round = 0; round < rounds; round += 1) {
    const from = performance.now()
    const { stderr, stdout } = spawnSync(
      '/bin/sh',
      [
        '-c',
        `exec ${JSON.stringify(kubectl)} --kubeconfig ${JSON.stringify(plane.kubeconfig)} get pods -A -o json > /dev/null & child=$!; peak=0; while kill -0 $child 2>/dev/null; do now=$(grep VmHWM /proc/$child/status 2>/dev/null | tr -dc 0-9); [ -n "$now" ] && peak=$now; sleep 0.02; done; wait $child; echo $peak`,
      ],
      { encoding: 'utf8' },
    )
    if (stderr !== '') console.error(stderr)
    times.theirs.push((performance.now() - from) / 1000)
    peaks.theirs.push(Number(stdout) / 1024)
    const start = performance.now()
    const own = spawnSync(process.execPath, [import.meta.filename, '', plane.kubeconfig], { encoding: 'utf8' })
    times.ours.push((performance.now() - start) / 1000)
    const seen = JSON.parse(own.stdout) as { pods: number; peak: number }
    if (seen.pods !== pods) throw new Error(`${seen.pods} of ${pods} Pods were seen`)
    peaks.ours.push(seen.peak)
  }
  const told = (name: string, seconds: readonly number[], megabytes: readonly number[]) =>
    console.log(
      `${name.padEnd(32)} ${median(seconds).toFixed(2)} s (${Math.min(...seconds).toFixed(2)}–${Math.max(...seconds).toFixed(2)})  peak ${median(megabytes).toFixed(0)} MB`,
    )
  console.log(`The first picture of ${pods} Pods, process start included; median of ${rounds}:`)
  told('kubectl get pods -A -o json', times.theirs, peaks.theirs)
  told('watch', times.ours, peaks.ours)
  console.log(`ratio ${(median(times.ours) / median(times.theirs)).toFixed(2)}`)
}

await (kubeconfig === undefined ? compare() : look(kubeconfig))
