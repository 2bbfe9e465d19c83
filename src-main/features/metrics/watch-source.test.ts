import { expect, test, vi } from 'vitest'
import { AppError } from '../../../shared/errors.ts'
import type { Observation } from '../../../shared/metrics/observation.ts'
import { memorySecrets } from '../../adapters/secrets/memory-secrets.ts'
import type { MetricsAddress } from '../../needs/metrics-source.ts'
import type { Answer } from '../../needs/prompter.ts'
import type { Source } from './find-sources.ts'
import { type LastAnswer, retryAfter, watchSource } from './watch-source.ts'

const source: Source = {
  kind: 'prometheus',
  url: 'https://prom.example.com',
  id: 'x',
  origin: 'machine',
  allowed: true,
}
const observation = (asOf: string): Observation => ({ asOf, window: '5m', dialects: [], calls: [], warnings: [] })

/** A source whose answers are given one after the other, and a person who answers questions. */
function world(more: Partial<Source> = {}, variables: { readonly [name: string]: string } = {}, last?: LastAnswer) {
  const asked: MetricsAddress[] = []
  const questions: unknown[] = []
  const reported: unknown[] = []
  const answers: (Observation | Error)[] = []
  let person: Answer | null = null
  let now = 1_000_000
  const secrets = memorySecrets()
  const watched = watchSource(
    { ...source, ...more },
    '5m',
    {
      secrets,
      prompter: {
        ask: async question => {
          questions.push(question)
          return person
        },
      },
      variable: name => variables[name],
      observe: async address => {
        asked.push(address)
        const answer = answers.shift() ?? observation('later')
        if (answer instanceof Error) throw answer
        return answer
      },
      clock: { now: () => now, offset: () => 0, random: bytes => new Uint8Array(bytes).fill(128) },
      report: error => reported.push(error),
    },
    last,
  )
  return {
    watched,
    asked,
    questions,
    reported,
    secrets,
    will: (...next: (Observation | Error)[]) => answers.push(...next),
    answerWith: (answer: Answer | null) => {
      person = answer
    },
    pass: (milliseconds: number) => {
      now += milliseconds
    },
  }
}
const down = new AppError('unreachable', 'metrics.unreachable', { host: 'prom', reason: 'ECONNREFUSED' })
const denied = new AppError('unauthorized', 'metrics.unauthorized', { host: 'prom' })

test('what it said last stays when it fails, says since when, and is fresh once it answers', async () => {
  const { watched, will, pass } = world()
  will(observation('12:00'), down, down, observation('12:03'))
  await watched.ask()
  expect(watched.state).toEqual({ observation: observation('12:00'), answered: true, failing: null })
  await watched.ask()
  pass(5000)
  await watched.ask()
  expect(watched.state.observation).toEqual(observation('12:00'))
  expect(watched.state.failing).toMatchObject({ since: 1_000_000, problem: { key: 'metrics.unreachable' } })
  // The second wait is twice the first.
  expect(watched.state.failing!.retryAt).toBe(1_005_000 + retryAfter(2, 128))
  await watched.ask()
  expect(watched.state).toEqual({ observation: observation('12:03'), answered: true, failing: null })
})

test('it is asked again and again while somebody watches, later when it fails, and not after', async () => {
  vi.useFakeTimers()
  try {
    const { watched, will, asked } = world()
    will(observation('12:00'), down, observation('12:01'))
    let told = 0
    const leave = watched.watch(() => told++)
    await vi.advanceTimersByTimeAsync(0)
    expect([asked.length, told]).toEqual([1, 1])
    await vi.advanceTimersByTimeAsync(15_000)
    expect([asked.length, watched.state.failing?.problem.key]).toEqual([2, 'metrics.unreachable'])
    await vi.advanceTimersByTimeAsync(retryAfter(1, 128))
    expect([asked.length, watched.state.observation?.asOf]).toEqual([3, '12:01'])
    leave()
    await vi.advanceTimersByTimeAsync(600_000)
    expect([asked.length, told]).toEqual([3, 3])
    // What it said is still there for who comes back.
    expect(watched.state.observation?.asOf).toBe('12:01')
    await watched.close()
  } finally {
    vi.useRealTimers()
  }
})

test('what it said before the app was closed is there again, and is not said to be new', async () => {
  let kept: Observation | null = null
  const last: LastAnswer = {
    read: async () => kept,
    write: async observed => {
      kept = observed
    },
  }
  const before = world({}, {}, last)
  before.will(observation('12:00'), observation('12:05'))
  await before.watched.ask()
  await before.watched.ask()
  expect(kept).toEqual(observation('12:00'))
  await before.watched.close()
  expect(kept).toEqual(observation('12:05'))

  const after = world({}, {}, last)
  after.will(down)
  await after.watched.ask()
  expect(after.watched.state).toMatchObject({ observation: observation('12:05'), answered: false })
  expect(after.watched.state.failing?.problem.key).toBe('metrics.unreachable')
  await after.watched.close()
})

test('the wait doubles up to five minutes, a fifth more or less', () => {
  expect([1, 2, 3, 7, 40].map(failures => Math.round(retryAfter(failures, 127.5) / 1000))).toEqual([
    5, 10, 20, 300, 300,
  ])
  expect([retryAfter(1, 0), retryAfter(1, 255)]).toEqual([4000, 6000])
})

test('a variable goes where the source says, and one that is not set is named', async () => {
  const headers = { 'X-Key': { env: 'KEY' } }
  const auth = { kind: 'basic', env: 'PAIR' } as const
  const set = world({ auth, headers, tenant: 'shop' }, { PAIR: 'me:pässword', KEY: 'k' })
  await set.watched.ask()
  expect(set.asked[0]?.headers).toEqual({
    'X-Scope-OrgID': 'shop',
    'X-Key': 'k',
    Authorization: `Basic ${Buffer.from('me:pässword').toString('base64')}`,
  })
  const unset = world({ auth: { kind: 'bearer', env: 'TOKEN' } })
  await unset.watched.ask()
  expect(unset.asked).toEqual([])
  expect(unset.watched.state.failing?.problem).toMatchObject({ key: 'metrics.noVariable', params: { name: 'TOKEN' } })
})

test('a person is asked once, their answer is kept, and one that is refused is asked for again when they want to', async () => {
  const world_ = world()
  world_.will(denied)
  await world_.watched.ask()
  expect(world_.questions).toEqual([{ kind: 'password', host: 'prom.example.com', username: null }])
  expect(world_.watched.state.failing?.problem.key).toBe('metrics.noCredential')

  world_.answerWith({ username: 'ada', secret: 'sesame', remember: true })
  world_.will(denied, observation('12:00'))
  await world_.watched.ask()
  expect(world_.questions).toHaveLength(2)
  expect(world_.asked.at(-1)?.headers['Authorization']).toBe(`Basic ${btoa('ada:sesame')}`)
  await world_.watched.ask()
  expect(world_.questions).toHaveLength(2)
  expect(world_.watched.state.failing).toBeNull()

  const token = world({ auth: { kind: 'bearer' } })
  token.answerWith({ username: 'token', secret: 't0k3n', remember: false })
  await token.watched.ask()
  expect(token.asked[0]?.headers['Authorization']).toBe('Bearer t0k3n')
})

test('who looks away stops it, and a bug is reported and told as one', async () => {
  const { watched, will, reported } = world()
  will(new TypeError('x is not a function'))
  await watched.ask()
  expect(reported).toHaveLength(1)
  expect(watched.state.failing?.problem).toEqual({ key: 'error.unexpected' })
  await watched.close()
})
