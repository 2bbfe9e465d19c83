import { execFile } from 'node:child_process'
import { readdir, readFile, realpath, stat } from 'node:fs/promises'
import { join, posix } from 'node:path'
import { promisify } from 'node:util'
import type { ServerChannel } from 'ssh2'
import type { Board } from './board.ts'
import { boardPrograms } from './board-programs.ts'
import type { MadeBoard } from './make-board.ts'

const execute = promisify(execFile)
const programs = Object.keys(boardPrograms).sort()

/**
 * The terminal of a *sandbox* board: a line editor and a few commands that look at the board's own files. It is no shell,
 * for what is typed here must not run on the machine below: programs are the board's, called with what was typed as it is.
 */
export function serveTerminal(
  channel: ServerChannel,
  board: Board,
  made: MadeBoard,
  size: () => { readonly columns: number; readonly rows: number },
): void {
  let folder = '/home/pilot'
  let line = ''
  const before: string[] = []
  let back = 0
  let busy: Promise<void> = Promise.resolve()
  const write = (text: string) => void channel.write(text.replaceAll('\n', '\r\n'))
  const prompt = () => write(`\x1b[32mpilot@${board.name}\x1b[0m:${folder === '/home/pilot' ? '~' : folder}$ `)

  const inside = async (path: string): Promise<string> => {
    const full = await realpath(join(made.root, posix.resolve(folder, path)))
    if (full !== made.root && !full.startsWith(`${made.root}/`)) throw new Error('outside')
    return full
  }

  async function run(typed: string): Promise<string> {
    const [name = '', ...words] = typed.trim().split(/\s+/)
    switch (name) {
      case '':
        return ''
      case 'help':
        return `sandbox board: cat, cd, clear, exit, help, ls, pwd, stty size, ${programs.join(', ')}\n`
      case 'clear':
        return '\x1b[2J\x1b[H'
      case 'pwd':
        return `${folder}\n`
      case 'stty':
        return `${size().rows} ${size().columns}\n`
      case 'echo':
        return `${words.join(' ')}\n`
      case 'cd': {
        const full = await inside(words[0] ?? '/home/pilot')
        if (!(await stat(full)).isDirectory()) return `cd: ${words[0]}: Not a directory\n`
        folder = full.slice(made.root.length) || '/'
        return ''
      }
      case 'ls': {
        const names = await readdir(await inside(words.find(word => !word.startsWith('-')) ?? '.'))
        return names.length === 0 ? '' : `${names.sort().join('  ')}\n`
      }
      case 'cat':
        return (await readFile(await inside(words[0] ?? ''))).toString()
    }
    if (!programs.includes(name)) return `${name}: not found in the sandbox (try help)\n`
    const { stdout, stderr } = await execute(join(made.root, 'usr/bin', name), words, {
      env: made.environment,
      timeout: 5000,
      maxBuffer: 1 << 20,
    })
    return stdout + stderr
  }

  async function enter(typed: string): Promise<void> {
    write('\n')
    if (typed.trim() === 'exit') {
      channel.exit(0)
      channel.end()
      return
    }
    if (typed.trim() !== '') before.push(typed)
    back = before.length
    try {
      write(await run(typed))
    } catch (error) {
      const said = error instanceof Error && 'stderr' in error ? String(error.stderr) : ''
      write(said || `${typed.trim().split(/\s+/)[0]}: cannot do that\n`)
    }
    prompt()
  }

  const replace = (next: string) => {
    write('\b \b'.repeat(line.length) + next)
    line = next
  }
  const key = async (typed: string): Promise<void> => {
    if (typed === '\r') {
      const entered = line
      line = ''
      await enter(entered)
    } else if (typed === '\x7f') {
      if (line !== '') replace(line.slice(0, -1))
    } else if (typed === '\x03') {
      line = ''
      write('^C\n')
      prompt()
    } else if (typed === '\x04') {
      if (line === '') await enter('exit')
    } else if (typed === '\x1b[A' || typed === '\x1b[B') {
      back = Math.max(0, Math.min(before.length, back + (typed === '\x1b[A' ? -1 : 1)))
      replace(before[back] ?? '')
    } else if (typed >= ' ' && !typed.startsWith('\x1b')) {
      line += typed
      write(typed)
    }
  }

  channel.on('error', () => {})
  channel.on('data', (bytes: Buffer) => {
    // What is typed while a command runs waits for its end.
    // biome-ignore lint/suspicious/noControlCharactersInRegex: what a terminal sends
    for (const typed of bytes.toString().match(/\x1b\[[0-9;]*[A-Za-z~]|[\s\S]/gu) ?? [])
      busy = busy.then(() => key(typed))
  })
  readFile(join(made.root, 'etc/motd'), 'utf8').then(
    text => {
      write(text)
      prompt()
    },
    () => prompt(),
  )
}
