import { spawn } from 'node:child_process'

/** Null where there is no display to open a browser on. */
function opener(
  platform: NodeJS.Platform,
  environment: NodeJS.ProcessEnv,
): readonly [command: string, ...before: string[]] | null {
  if (platform === 'darwin') return ['open']
  // Not `start`: it is a shell's own word, and a shell would read the address.
  if (platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler']
  return environment['DISPLAY'] || environment['WAYLAND_DISPLAY'] || environment['WSL_DISTRO_NAME']
    ? ['xdg-open']
    : null
}

/** Opens an http(s) address in the person's browser. False when there is nothing here to open it with. */
export async function openInBrowser(address: string, environment: NodeJS.ProcessEnv = process.env): Promise<boolean> {
  const url = new URL(address)
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw new Error(`Not a web address: ${url.protocol}`)
  const found = opener(process.platform, environment)
  if (!found) return false
  const [command, ...before] = found
  return new Promise(resolve => {
    const child = spawn(command, [...before, url.href], { stdio: 'ignore', detached: true })
    child.once('error', () => resolve(false))
    child.once('spawn', () => {
      child.unref()
      resolve(true)
    })
  })
}
