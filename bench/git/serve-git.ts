import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { serveGit } from '../../e2e/world/git-http-server.ts'

/** `git http-backend` over http in a process of its own, so that the server's work is nobody's of the two compared. */
export async function serveGitElsewhere(root: string): Promise<AsyncDisposable & { readonly url: string }> {
  const child = spawn(process.execPath, [import.meta.filename, root], { stdio: ['pipe', 'pipe', 'inherit'] })
  const [url] = (await once(createInterface(child.stdout), 'line')) as [string]
  return {
    url,
    async [Symbol.asyncDispose]() {
      const ended = once(child, 'close')
      child.stdin.end()
      await ended
    },
  }
}

if (import.meta.main) {
  const server = await serveGit(process.argv[2]!)
  console.log(server.url)
  process.stdin.resume().once('end', () => void server[Symbol.asyncDispose]())
}
