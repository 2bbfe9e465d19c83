import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** The sandbox's API server under load, in a process of its own; see soak-server.ts for what it can be told. */
export type SoakServer = AsyncDisposable & {
  /** Says a line to it and gives its answer. */
  ask<T>(line: string): Promise<T>
}

/** What runs there, as `count` tells it. */
export type Counted = {
  readonly pods: number
  readonly notReady: number
  /** By the name of the Deployment. */
  readonly workloads: { readonly [name: string]: { readonly ready: number; readonly restarts: number } }
}

export async function runSoakServer(
  kubeconfig: string,
  { pods, rate, drop }: { readonly pods: number; readonly rate: number; readonly drop: number },
): Promise<SoakServer> {
  const script = join(import.meta.dirname, 'soak-server.ts')
  const server = spawn(process.execPath, [script, kubeconfig, String(pods), String(rate), String(drop)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const ended = new Promise(resolve => server.once('exit', resolve))
  const words = createInterface({ input: server.stdout })[Symbol.asyncIterator]()
  await words.next()
  return {
    async ask<T>(line: string) {
      server.stdin.write(`${line}\n`)
      return JSON.parse(String((await words.next()).value)) as T
    },
    async [Symbol.asyncDispose]() {
      server.stdin.end()
      await ended
    },
  }
}
