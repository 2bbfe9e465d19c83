import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import type { Api } from '../../shared/contract/index.ts'
import type { Question } from '../../shared/host/contract.ts'
import { type Message, translate } from '../../shared/messages/index.ts'
import type { Terminal } from './terminal.ts'

/** Asks on the terminal; what is typed is not shown when it is secret. Null: end of input or Ctrl-C. */
function ask(prompt: string, isSecret: boolean, signal: AbortSignal): Promise<string | null> {
  let muted = false
  const output = new Writable({
    write(chunk, _encoding, done) {
      if (!muted) process.stderr.write(chunk)
      done()
    },
  })
  const lines = createInterface({ input: process.stdin, output, terminal: true, historySize: 0 })
  return new Promise(resolve => {
    const finish = (text: string | null) => {
      signal.removeEventListener('abort', cancel)
      lines.close()
      if (muted) process.stderr.write('\n')
      resolve(text)
    }
    const cancel = () => finish(null)
    signal.addEventListener('abort', cancel, { once: true })
    lines.once('close', cancel)
    lines.once('SIGINT', () => {
      finish(null)
      process.kill(process.pid, 'SIGINT')
    })
    lines.question(prompt, finish)
    muted = isSecret
  })
}

function wording(question: Question): Message {
  if (question.kind === 'passphrase') return { key: 'cli.askPassphrase', params: { key: question.key } }
  if (question.kind === 'host-key')
    return {
      key: 'cli.askHostKey',
      params: { host: question.host, algorithm: question.algorithm, fingerprint: question.fingerprint },
    }
  return question.username === null
    ? { key: 'cli.askUsername', params: { host: question.host } }
    : { key: 'cli.askPassword', params: { host: question.host, username: question.username } }
}

/** Puts the core's questions to the person at the terminal. Where there is none, nobody listens and the core declines. */
export async function answerQuestions(api: Api, terminal: Terminal, signal: AbortSignal): Promise<void> {
  if (!terminal.interactive) return
  const asked = new Set<string>()
  for await (const questions of api.host.questions({}, { signal }))
    for (const question of questions) {
      if (asked.has(question.id)) continue
      asked.add(question.id)
      const words = question.kind === 'password' ? question.prompt?.replace(/\p{Cc}/gu, '') : undefined
      const prompt = `${words ?? translate(terminal.locale, wording(question))} `
      if (question.kind === 'host-key') {
        const yes = (await ask(prompt, false, signal))?.trim().toLowerCase()
        await api.host.answer({ id: question.id, secret: yes === 'yes' ? 'yes' : null, remember: yes === 'yes' })
      } else if (question.kind === 'password' && question.username === null) {
        const username = (await ask(prompt, false, signal)) ?? ''
        const password = { key: 'cli.askPassword', params: { host: question.host, username } } as const
        const secret = username ? await ask(`${translate(terminal.locale, password)} `, true, signal) : null
        await api.host.answer({ id: question.id, username, secret, remember: false })
      } else {
        await api.host.answer({ id: question.id, secret: await ask(prompt, true, signal), remember: false })
      }
    }
}
