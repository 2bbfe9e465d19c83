import type { LiveObject } from '../../../shared/health/health.ts'
import { listAt, textAt } from '../../../shared/manifests/manifest.ts'
import { answerAsLoadTester, type Gates, isLoadTester } from './load-tester.ts'

/** What a command in a container says and how it ends. */
export type Said = { readonly stdout: string; readonly stderr: string; readonly code: number }

export type FakeShell = {
  /** Runs a command given as words, as `exec` does. */
  run(command: readonly string[]): Said
  /** Null for a command that is no shell waiting for lines. */
  readonly prompt: string
}

/** Also the line that looks for the best shell there is, and becomes it. */
export const isShell = (command: readonly string[]): boolean =>
  command.length > 0 &&
  /(^|\/)(sh|bash|ash)$/.test(command[0]!) &&
  (!command.includes('-c') || /\bexec (ba|a)?sh$/.test(command.at(-1)!))

export const banner = 'sandbox: nothing runs here; a few commands answer (help)\n'

const said = (stdout: string, code = 0, stderr = ''): Said => ({ stdout, stderr, code })

/** A shell that knows a dozen commands: enough to see that a terminal works, and labelled as what it is. */
export function createShell(pod: LiveObject, container: string, now: () => number, gates: Gates): FakeShell {
  const name = textAt(pod, 'metadata', 'name') ?? ''
  const own = listAt(pod, 'spec', 'containers').find(each => textAt(each, 'name') === container)
  const environment = () =>
    [
      'PATH=/usr/local/bin:/usr/bin:/bin',
      `HOSTNAME=${name}`,
      'KUBERNETES_SERVICE_HOST=10.96.0.1',
      ...listAt(own, 'env').map(
        each =>
          `${textAt(each, 'name') ?? ''}=${textAt(each, 'value') ?? '(from a reference; unknown in the sandbox)'}`,
      ),
    ].join('\n')

  const run = (words: readonly string[]): Said => {
    const [command = '', ...rest] = words
    switch (command.slice(command.lastIndexOf('/') + 1)) {
      case 'sh':
      case 'bash':
      case 'ash': {
        const at = rest.indexOf('-c')
        return at < 0 ? said('') : script(rest[at + 1] ?? '')
      }
      case '':
      case 'true':
        return said('')
      case 'false':
        return said('', 1)
      case 'echo':
        return said(`${rest.join(' ')}\n`)
      case 'help':
        return said('sandbox shell: cat date df echo env exit false hostname id ls ps pwd true uname whoami\n')
      case 'hostname':
        return said(`${name}\n`)
      case 'whoami':
        return said('app\n')
      case 'id':
        return said('uid=1000(app) gid=1000(app)\n')
      case 'pwd':
        return said('/app\n')
      case 'ls':
        return said('README.sandbox\nbin\nconfig\n')
      case 'uname':
        return said('Linux sandbox\n')
      case 'date':
        return said(`${new Date(now()).toUTCString()}\n`)
      case 'df':
        return said('Filesystem  Size  Used  Use%  Mounted on\nsandbox     10G   1.2G  12%   /\n')
      case 'ps':
        return said(`PID   USER   COMMAND\n    1 app    ${container}\n   17 app    sh\n`)
      case 'env':
      case 'printenv':
        return said(`${environment()}\n`)
      case 'cat': {
        const file = rest[0] ?? ''
        if (/(^|\/)README\.sandbox$/.test(file)) return said('This container is part of the Pilothouse sandbox.\n')
        if (file === '/etc/hostname') return said(`${name}\n`)
        return said('', 1, `cat: ${file}: No such file or directory\n`)
      }
      case 'curl':
        return isLoadTester(pod) ? curl(gates, rest) : said('', 127, 'sh: curl: not found (sandbox)\n')
      case 'exit':
        return said('', Number(rest[0] ?? 0) || 0)
      default:
        return said('', 127, `sh: ${command}: not found (sandbox)\n`)
    }
  }
  /** Commands after one another, with `;`, `&&` and `>&2`. */
  const script = (text: string): Said => {
    let stdout = ''
    let stderr = ''
    let code = 0
    for (const [, joint, part] of text.matchAll(/(^|;|&&|\n)\s*([^;&\n]*(?:>&2)?)/g)) {
      if (joint === '&&' && code !== 0) continue
      if (!part?.trim()) continue
      const toError = part.includes('>&2')
      const result = run(splitWords(part.replaceAll(/[12]?>&2/g, '')))
      code = result.code
      if (toError) stderr += result.stdout
      else stdout += result.stdout
      stderr += result.stderr
      if (/^\s*exit\b/.test(part)) break
    }
    return { stdout, stderr, code }
  }
  return { run: words => (words.length === 1 ? script(words[0]!) : run(words)), prompt: `${name}:/app$ ` }
}

/** The one use that a load tester's `curl` has here: a gate of its own that is opened or closed. */
function curl(gates: Gates, words: readonly string[]): Said {
  const address = words.at(-1) ?? ''
  const path = /^http:\/\/localhost(?::\d+)?(\/.*)$/.exec(address)?.[1]
  if (path === undefined) return said('', 6, `curl: (6) Could not resolve host: ${address} (sandbox)\n`)
  const status = answerAsLoadTester(gates, path, words[words.indexOf('-d') + 1] ?? '')
  return status < 400 ? said('') : said('', 22, `curl: (22) The requested URL returned error: ${status}\n`)
}

export const splitWords = (line: string): readonly string[] =>
  [...line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(match => match[1] ?? match[2] ?? match[3] ?? '')
