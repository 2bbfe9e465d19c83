import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { HelmRequest } from '../../../shared/environments/helm/helm-request.ts'
import type { Helm } from '../../needs/helm.ts'

/** Longer than the largest public charts take on a slow machine. */
const limit = 30_000
const largestOutput = 64 * 1024 * 1024

/**
 * Runs `helm template` on a copy of the chart's files in a folder of its own, with Helm's own folders there too and a
 * proxy that leads nowhere, so that neither the work tree nor the person's repositories nor the network are touched.
 */
export function createHelm(environment: NodeJS.ProcessEnv = process.env): Helm {
  let installed: Promise<boolean> | undefined
  return {
    isInstalled: () => {
      installed ??= new Promise(resolve => {
        const options = { env: environment, timeout: limit }
        execFile('helm', ['version', '--short'], options, error => resolve(error === null))
      })
      return installed
    },
    async template(request, signal) {
      const folder = await mkdtemp(join(tmpdir(), 'pilothouse-helm-'))
      try {
        await writeFiles(folder, request)
        return await run(folder, request, environment, signal)
      } finally {
        await rm(folder, { recursive: true, force: true })
      }
    },
  }
}

function run(
  folder: string,
  request: HelmRequest,
  environment: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<string | null> {
  const nowhere = 'http://127.0.0.1:9'
  const env = {
    ...environment,
    HELM_CACHE_HOME: join(folder, 'cache'),
    HELM_CONFIG_HOME: join(folder, 'config'),
    HELM_DATA_HOME: join(folder, 'data'),
    HELM_PLUGINS: join(folder, 'plugins'),
    HTTP_PROXY: nowhere,
    HTTPS_PROXY: nowhere,
    NO_PROXY: '',
    KUBECONFIG: join(folder, 'no-cluster'),
  }
  const words = [
    'template',
    request.name,
    join(folder, 'files', request.chart),
    '--include-crds',
    ...(request.namespace === null ? [] : ['--namespace', request.namespace]),
    ...request.values.flatMap((_, index) => ['--values', valuesFile(folder, index)]),
    ...request.set.flatMap(argument => ['--set', argument]),
    ...request.setString.flatMap(argument => ['--set-string', argument]),
  ]
  return new Promise((resolve, reject) => {
    const options = { cwd: folder, env, signal, timeout: limit, maxBuffer: largestOutput }
    execFile('helm', words, options, (error, stdout) => {
      if (signal.aborted) reject(signal.reason)
      // What Helm refuses the built-in renderer tells more of.
      else resolve(error ? null : stdout)
    })
  })
}

const valuesFile = (folder: string, index: number): string => join(folder, `values-${index}.yaml`)

async function writeFiles(folder: string, { files, values }: HelmRequest): Promise<void> {
  for (const [index, text] of values.entries()) await writeFile(valuesFile(folder, index), text)
  for (const [path, text] of files) {
    // A packed chart lies in a folder of its own name, where Helm would look for an archive.
    const at = join(folder, 'files', path.replace(/\.tgz\//, '/'))
    await mkdir(dirname(at), { recursive: true })
    await writeFile(at, text)
  }
}
