import {
  type Between,
  type Blame,
  type ComparedDependencies,
  type ComparedManifests,
  type ComparedRules,
  type ComparedTopology,
  type Maker,
  type Part,
  parts,
} from '../../shared/compare/contract.ts'
import { fieldKey, isNoise, type Subject, type Word } from '../../shared/compare/difference.ts'
import { unifiedDiff } from '../../shared/draft/unified-diff.ts'
import { AppError } from '../../shared/errors.ts'
import type { WorkspaceId } from '../../shared/workspaces/contract.ts'
import type { Given } from './command.ts'
import { first, type LocalCore, openCore, openWorkspace } from './open-core.ts'
import { printJson } from './print.ts'
import { type ExitCode, exit, type Terminal } from './terminal.ts'

type Input = { readonly workspace: WorkspaceId; readonly a: string; readonly b: string; readonly environment?: string }
type Compared = {
  topology: ComparedTopology
  manifests: ComparedManifests
  dependencies: ComparedDependencies
  rules: ComparedRules
}
/** The line of one difference, and who made it. */
type MadeBy = (key: string) => Maker | 'draft' | null

const signs: { readonly [word in Word]: string } = {
  added: '+',
  removed: '-',
  changed: '~',
  'only-a': '<',
  'only-b': '>',
}

/** `pilothouse compare`: what differs between two points, and which decision made it. */
export async function run(given: Given, terminal: Terminal): Promise<ExitCode> {
  const [directory, a = '', b = ''] = given.positionals
  const environment = given.value('env')
  const wanted = partsIn(given)
  await using core = await openCore(terminal)
  const workspace = await openWorkspace(core, directory, terminal)
  const input = { workspace, a, b, ...(environment !== undefined && { environment }) }
  const answers: { part: Part; compared: Compared[Part]; madeBy: MadeBy; blame: Blame }[] = []
  for (const part of wanted) {
    const compared = await ask(core, part, input, terminal.signal)
    const blame = await wholeBlame(core, part, input, terminal.signal)
    const madeBy: MadeBy = key => {
      const at = blame.made[key]
      return at === undefined ? null : at < 0 ? 'draft' : (blame.makers[at] ?? null)
    }
    answers.push({ part, compared, madeBy, blame })
  }
  const between: Between = answers[0]!.compared
  const count = answers.reduce((sum, { compared }) => sum + countOf(compared), 0)
  if (given.has('json'))
    printJson(terminal, {
      a: between.a,
      b: between.b,
      relation: between.relation,
      ...Object.fromEntries(answers.map(({ part, compared, madeBy }) => [part, asJson(compared, madeBy)])),
    })
  else if (given.has('diff')) terminal.out(await diffOf(core, input, terminal.signal))
  else {
    for (const point of [between.a, between.b])
      if (!point.holds)
        terminal.say({
          key: 'compare.cliNotPart',
          params: { environment: point.environment, point: point.text },
        })
    let noise = 0
    for (const { part, compared, madeBy } of answers) {
      const { lines, left } = describe(compared, madeBy, given.has('noise'))
      noise += left
      if (lines.length > 0) terminal.out(`${part}\n${lines.map(line => `  ${line}\n`).join('')}`)
    }
    if (noise > 0) terminal.say({ key: 'compare.cliNoise', params: { count: noise } })
    if (count === 0) terminal.say({ key: 'cli.noDifference' })
  }
  return count > 0 && given.has('exit-code') ? exit.no : exit.fine
}

function partsIn(given: Given): readonly Part[] {
  const named = given.values('part')
  for (const part of named)
    if (!(parts as readonly string[]).includes(part))
      throw new AppError('invalid-input', 'compare.unknownPart', { part, known: parts.join(', ') })
  return named.length === 0 ? parts : parts.filter(part => named.includes(part))
}

async function ask({ api }: LocalCore, part: Part, input: Input, signal: AbortSignal): Promise<Compared[Part]> {
  const leaving = new AbortController()
  const options = { signal: AbortSignal.any([signal, leaving.signal]) }
  try {
    if (part === 'topology') return await first(api.compare.topology(input, options), signal)
    if (part === 'manifests') return await first(api.compare.manifests(input, options), signal)
    if (part === 'dependencies') return await first(api.compare.dependencies(input, options), signal)
    return await first(api.compare.rules(input, options), signal)
  } finally {
    leaving.abort()
  }
}

async function wholeBlame({ api }: LocalCore, part: Part, input: Input, signal: AbortSignal): Promise<Blame> {
  const leaving = new AbortController()
  try {
    for await (const blame of api.compare.blame(
      { ...input, part },
      { signal: AbortSignal.any([signal, leaving.signal]) },
    ))
      if (blame.done) return blame
  } finally {
    leaving.abort()
  }
  throw new AppError('connection-lost', 'error.connectionLost')
}

/** How much differs, what means nothing left out. */
function countOf(compared: Compared[Part]): number {
  if ('sets' in compared) return compared.sets.length
  const verdicts = 'verdicts' in compared ? compared.verdicts.items.length : 0
  return verdicts + compared.subjects.filter(each => !isNoise(each)).length
}

function describe(
  compared: Compared[Part],
  madeBy: MadeBy,
  withNoise: boolean,
): { readonly lines: readonly string[]; readonly left: number } {
  if ('sets' in compared) return { lines: setLines(compared, madeBy), left: 0 }
  const lines: string[] = []
  let left = 0
  for (const subject of compared.subjects) {
    const fields = subject.fields.filter(({ noise }) => withNoise || noise === undefined)
    left += subject.fields.length - fields.length
    if (subject.change === 'changed' && fields.length === 0) continue
    const whole = subject.change === 'changed' ? '' : by(madeBy(subject.key))
    const of = 'service' in subject && subject.service !== null ? `  (${subject.service})` : ''
    lines.push(`${signs[subject.change]} ${subject.kind} ${subject.name}${of}${whole}`)
    for (const { key, field, before, after, noise, hidden } of fields) {
      const values = hidden ? `${before ?? '∅'}` : `${before ?? '∅'} → ${after ?? '∅'}`
      lines.push(`    ${field}: ${values}${noise ? `  [${noise}]` : ''}${by(madeBy(key))}`)
    }
  }
  if ('verdicts' in compared) {
    const { before, after, items } = compared.verdicts
    if (before !== after || items.length > 0) lines.push(`gate: ${before ?? '∅'} → ${after ?? '∅'}`)
    for (const { key, rule, services, before: was, after: is } of items)
      lines.push(
        `    ${rule}  ${services.join(', ')}: ${was?.verdict ?? '∅'} → ${is?.verdict ?? '∅'}${by(madeBy(key))}`,
      )
  }
  return { lines, left }
}

function setLines({ sets }: ComparedDependencies, madeBy: MadeBy): string[] {
  return sets.flatMap(({ key, change, folder, ecosystem, services, diff }) => {
    const of = services.length > 0 ? `  (${services.join(', ')})` : ''
    const line = (name: string, versions: string, sign: string): string =>
      `    ${sign} ${name} ${versions}${by(madeBy(fieldKey(key, name)) ?? madeBy(key))}`
    // What one point holds no lock of at all is told as a whole.
    if (change !== 'changed') return [`${signs[change]} ${ecosystem} ${folder || '.'}${of}${by(madeBy(key))}`]
    return [
      `~ ${ecosystem} ${folder || '.'}${of}`,
      ...diff.changed.map(({ name, from, to }) => line(name, `${from} → ${to}`, '~')),
      ...diff.added.map(({ name, version }) => line(name, version, '+')),
      ...diff.removed.map(({ name, version }) => line(name, version, '-')),
    ]
  })
}

function by(maker: Maker | 'draft' | null): string {
  if (maker === null) return ''
  return maker === 'draft' ? '  ← draft' : `  ← ${maker.commit.slice(0, 10)} ${maker.title}`
}

/** With every difference the commit that made it. */
function asJson(compared: Compared[Part], madeBy: MadeBy): unknown {
  const made = (key: string) => {
    const maker = madeBy(key)
    return maker === null ? {} : { madeBy: maker }
  }
  // Keys are the contract's own way to name a difference.
  const withMaker = ({ key, keyA: _, ...subject }: Subject) => ({
    ...subject,
    ...made(key),
    fields: subject.fields.map(({ key: ofField, ...field }) => ({ ...field, ...made(ofField) })),
  })
  if ('sets' in compared)
    return {
      problems: compared.problems,
      sets: compared.sets.map(({ key, change, folder, ecosystem, services, diff }) => {
        const each = <Item extends { readonly name: string }>(items: readonly Item[]) =>
          items.map(item => ({ ...item, ...(made(fieldKey(key, item.name)) ?? made(key)) }))
        const { added, removed, changed } = diff
        return {
          folder,
          ecosystem,
          services,
          change,
          ...made(key),
          added: each(added),
          removed: each(removed),
          changed: each(changed),
        }
      }),
    }
  const subjects = compared.subjects.map(withMaker)
  if ('verdicts' in compared) {
    const items = compared.verdicts.items.map(({ key, ...item }) => ({ ...item, ...made(key) }))
    return { subjects, verdicts: { ...compared.verdicts, items }, gate: compared.gate }
  }
  return { subjects }
}

/** The rendered objects that differ, as `git diff` would tell files. */
async function diffOf({ api }: LocalCore, input: Input, signal: AbortSignal): Promise<string> {
  const leaving = new AbortController()
  const { subjects } = await first(
    api.compare.manifests(input, { signal: AbortSignal.any([signal, leaving.signal]) }),
    signal,
  )
  leaving.abort()
  const files: { path: string; before: string | null; after: string | null }[] = []
  for (const subject of subjects.filter(each => !isNoise(each))) {
    const { key, kind, namespace, name, service } = subject
    const texts = await api.compare.text({ ...input, key }, { signal })
    const path = [service ?? '-', `${kind}-${namespace === null ? '' : `${namespace}-`}${name}.yaml`].join('/')
    files.push({ path, ...texts })
  }
  return unifiedDiff(files)
}
