import type { LogItem } from '../../../shared/clusters/contract.ts'
import { plainText } from '../../../shared/edge/plain-text.ts'
import type { Message } from '../../../shared/messages/index.ts'

export type LogLine = { readonly number: number; readonly from: string; readonly text: string }
export type LogState = {
  readonly lines: readonly LogLine[]
  /** Lines that came and are no longer held, or were never sent. */
  readonly gone: number
  readonly ended: readonly string[]
  readonly failed: readonly { readonly from: string; readonly problem: Message }[]
}

export const noLog: LogState = { lines: [], gone: 0, ended: [], failed: [] }
/** Held by the page; the oldest go first. */
export const mostLines = 20_000

/** Sequences that a terminal acts on: CSI, OSC and the like, single escapes. Colours mean nothing here. */
const sequences =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  /\u001b\[[0-9;:<=>?]*[ -/]*[@-~]|\u001b[\]PX^_][\s\S]*?(?:\u0007|\u001b\\|$)|\u001b[ -/]*[0-~]/g
/** What a program wrote, as text that does nothing. */
export const plainLine = (line: string): string => plainText(line.replace(sequences, ''), 20_000)

/** A log with what came next. `nameOf` names where lines are from. */
export function addToLog(
  log: LogState,
  items: readonly LogItem[],
  nameOf: (pod: string, container: string) => string,
): LogState {
  const lines = [...log.lines]
  let { gone } = log
  const ended = [...log.ended]
  const failed = [...log.failed]
  let number = (lines.at(-1)?.number ?? -1) + 1
  for (const item of items) {
    if (item.kind === 'skipped') gone += item.count
    else if (item.kind === 'ended') ended.push(nameOf(item.pod, item.container))
    else if (item.kind === 'failed') failed.push({ from: nameOf(item.pod, item.container), problem: item.problem })
    else {
      const from = nameOf(item.pod, item.container)
      for (const text of item.lines) lines.push({ number: number++, from, text: plainLine(text) })
    }
  }
  const over = lines.length - mostLines
  return { lines: over > 0 ? lines.slice(over) : lines, gone: gone + Math.max(0, over), ended, failed }
}

/** Lines that hold the words, whatever their case. */
export const found = (lines: readonly LogLine[], words: string): readonly LogLine[] => {
  const wanted = words.trim().toLowerCase()
  return wanted === '' ? lines : lines.filter(({ text }) => text.toLowerCase().includes(wanted))
}

/** The shortest ends of Pod names that tell them apart: `7d9f-abcde` and `7d9f-fghij` as `abcde` and `fghij`. */
export function shortNames(pods: readonly string[]): ReadonlyMap<string, string> {
  const parts = pods.map(pod => pod.split('-'))
  for (let count = 1; ; count++) {
    const short = parts.map(part => part.slice(-count).join('-'))
    if (new Set(short).size === new Set(pods).size || parts.every(part => part.length <= count))
      return new Map(pods.map((pod, index) => [pod, short[index]!]))
  }
}
