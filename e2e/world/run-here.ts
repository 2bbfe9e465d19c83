import { translate } from '../../shared/messages/index.ts'
import { runCommandLine } from '../../src-main/cli/run.ts'

/** Runs the command line in this process, in a folder, in English; what it wrote and what it said. */
export async function runHere(directory: string, line: readonly string[]) {
  let text = ''
  let said = ''
  const terminal = {
    out: (more: string) => {
      text += more
    },
    say: (message: Parameters<typeof translate>[1]) => {
      said += `${translate('en', message)}\n`
    },
    locale: 'en' as const,
    interactive: false,
    signal: new AbortController().signal,
    directory,
    environment: {},
  }
  const code = await runCommandLine(line, terminal, () => {})
  return { code, text, said }
}
