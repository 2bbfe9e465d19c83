import { glob, readFile } from 'node:fs/promises'
import { dirname, isAbsolute, join } from 'node:path'
import { parse } from 'ssh-config'
import { AppError } from '../../../shared/errors.ts'
import { isMissing } from './is-missing.ts'

/** The words of one `Host` or `Match` line; a block inside an `Include` inside a block is under both. */
export type Condition = { readonly kind: 'host' | 'match'; readonly words: readonly string[] }
/** One setting with everything that must hold for it to count, in the order of the files. Names are lower-case. */
export type Directive = { readonly name: string; readonly value: string; readonly conditions: readonly Condition[] }

const deepestInclude = 16

/**
 * Reads an `ssh_config` file into one flat list, includes expanded where they stand. A missing file is an empty one.
 * The package splits lines into words; what they mean is decided in `resolve-host.ts`, because its own evaluation
 * knows neither `Include` nor negated `Match` and starts processes for canonical host names.
 */
export async function readSshConfig(file: string, home: string, system = false, depth = 0): Promise<Directive[]> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    if (isMissing(error)) return []
    throw new AppError('invalid-input', 'transport.sshConfigUnreadable', { file }, { cause: error })
  }
  let lines: ReturnType<typeof parse>
  try {
    lines = parse(text)
  } catch (error) {
    throw new AppError('invalid-input', 'transport.sshConfigUnreadable', { file }, { cause: error })
  }
  // The package takes a command's quotes apart; OpenSSH hands the rest of the line to the shell as it stands.
  const commands = [...text.matchAll(/^[ \t]*ProxyCommand(?:[ \t]*=[ \t]*|[ \t]+)(.*?)[ \t\r]*$/gim)].map(
    line => line[1]!,
  )
  const found: Directive[] = []
  const collect = async (block: ReturnType<typeof parse>, conditions: readonly Condition[]): Promise<void> => {
    for (const line of block) {
      if (!('param' in line)) continue
      const name = line.param.toLowerCase()
      const words = typeof line.value === 'string' ? [line.value] : line.value.map(word => word.val)
      if ('config' in line && (name === 'host' || name === 'match')) {
        await collect(line.config, [{ kind: name, words }])
      } else if (name === 'include') {
        if (depth >= deepestInclude) throw new AppError('invalid-input', 'transport.sshConfigTooDeep', { file })
        for (const pattern of words)
          for (const included of await expandInclude(pattern, home, system))
            for (const directive of await readSshConfig(included, home, system, depth + 1))
              found.push({ ...directive, conditions: [...conditions, ...directive.conditions] })
      } else {
        const value = name === 'proxycommand' ? (commands.shift() ?? words.join(' ')) : words.join(' ')
        found.push({ name, value, conditions })
      }
    }
  }
  await collect(lines, [])
  return found
}

/** Files an `Include` names, sorted: relative ones are in `~/.ssh` for a person's file and in `/etc/ssh` for the system's. */
async function expandInclude(pattern: string, home: string, system: boolean): Promise<string[]> {
  const full = pattern.startsWith('~/')
    ? join(home, pattern.slice(2))
    : isAbsolute(pattern)
      ? pattern
      : join(system ? '/etc/ssh' : join(home, '.ssh'), pattern)
  if (!/[*?[]/.test(full)) return [full]
  const files: string[] = []
  for await (const name of glob(full, { cwd: dirname(full) })) files.push(name)
  return files.sort()
}
