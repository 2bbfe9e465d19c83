import { type ChildProcess, spawn } from 'node:child_process'
import { accessSync, constants, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** The Prometheus that is there: named by PILOTHOUSE_PROMETHEUS, or on the path. Null: none; nothing is installed. */
export function findPrometheus(): string | null {
  const named = process.env['PILOTHOUSE_PROMETHEUS']
  if (named) return named
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const file = join(folder, 'prometheus')
    try {
      accessSync(file, constants.X_OK)
      return file
    } catch {
      // Not in this folder; the next one is looked at.
    }
  }
  return null
}

export type RunningPrometheus = AsyncDisposable & { readonly url: string; readonly port: number }

/** Runs a real Prometheus on data of its own, that scrapes one target every second. `port` 0: any that is free. */
export async function runPrometheus(
  program: string,
  folder: string,
  target: string,
  port = 0,
): Promise<RunningPrometheus> {
  const config = join(folder, 'prometheus.yml')
  writeFileSync(
    config,
    `global: { scrape_interval: 1s }\nscrape_configs: [{ job_name: mesh, static_configs: [{ targets: ['${target}'] }] }]\n`,
  )
  const child = spawn(
    program,
    [
      `--config.file=${config}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--log.level=info',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  )
  const ended = new Promise<void>(resolve => child.once('close', () => resolve()))
  const bound = await listening(child)
  return {
    url: `http://127.0.0.1:${bound}`,
    port: bound,
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM')
      await ended
    },
  }
}

function listening(child: ChildProcess): Promise<number> {
  let log = ''
  let port: number | null = null
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', () => reject(new Error(`Prometheus ended:\n${log}`)))
    child.stderr?.on('data', chunk => {
      log += String(chunk)
      port ??= Number(/msg="Listening on" address=127\.0\.0\.1:(\d+)/.exec(log)?.[1] ?? Number.NaN) || null
      if (port !== null && log.includes('Server is ready')) resolve(port)
    })
  })
}
