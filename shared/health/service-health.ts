import type { LiveNode } from '../live/live.ts'
import { needsSomebody } from '../live/needs-somebody.ts'
import type { Message } from '../messages/index.ts'
import type { AspectHealth, HealthAnswer, HealthAspect, HealthContract, ServiceHealth } from './health-contract.ts'

/**
 * One state of a service over what its contract, Kubernetes and its own answers say. Liveness: does it run. Readiness:
 * does it serve. Dependencies: is what it needs there. What nobody says is said to be unknown.
 */
export function serviceHealth(
  node: string,
  contract: HealthContract,
  live: LiveNode | null,
  answers: readonly HealthAnswer[],
): ServiceHealth {
  const aspects = {
    liveness: liveness(contract, live, newest(answers, 'liveness')),
    readiness: readiness(contract, live, newest(answers, 'readiness')),
    dependencies: dependencies(contract, newest(answers, 'dependencies')),
  }
  return {
    node,
    contract,
    aspects,
    answers,
    state: stateOf(live, aspects),
    running: live && { ready: live.ready, desired: live.desired, restarts: live.restarts },
  }
}

const newest = (answers: readonly HealthAnswer[], aspect: HealthAspect): readonly HealthAnswer[] =>
  answers.filter(each => each.aspect === aspect)

function stateOf(live: LiveNode | null, aspects: ServiceHealth['aspects']): ServiceHealth['state'] {
  if (live?.state === 'missing') return 'down'
  const { liveness: alive, readiness: ready, dependencies: needed } = aspects
  const wanted = live ? (live.desired ?? live.pods) : 0
  if (live && wanted > 0 && live.ready === 0 && live.health === 'Degraded') return 'down'
  if (ready.state === 'fail' && (!live || live.ready === 0))
    return live && live.health === 'Progressing' ? 'starting' : 'down'
  if ([alive, ready].some(({ state }) => state === 'fail' || state === 'partly')) {
    return live && live.health === 'Progressing' && alive.state !== 'fail' && ready.state === 'partly'
      ? 'starting'
      : 'degraded'
  }
  if (needed.state === 'fail' || needed.state === 'partly') return 'degraded'
  if (!live) return ready.state === 'pass' ? 'healthy' : 'unknown'
  if (live.health === 'Degraded') return 'degraded'
  if (live.health === 'Progressing') return 'starting'
  return live.health === 'Healthy' || live.health === 'Suspended' ? 'healthy' : 'unknown'
}

const say = (state: AspectHealth['state'], key: Message['key'], params: Message['params'] = {}): AspectHealth => ({
  state,
  message: { key, params },
})

const verdictStates: { readonly [V in HealthAnswer['verdict']]: AspectHealth['state'] } = {
  up: 'pass',
  partly: 'partly',
  down: 'fail',
  unknown: 'unknown',
}

/** The worst of what the Pods answered when asked; null where none was. */
function asked(answers: readonly HealthAnswer[]): AspectHealth | null {
  const order: readonly HealthAnswer['verdict'][] = ['down', 'partly', 'unknown', 'up']
  const [worst] = [...answers].sort((a, b) => order.indexOf(a.verdict) - order.indexOf(b.verdict))
  if (!worst) return null
  const { words: question, status } = worst
  if (worst.problem) return { state: 'unknown', message: worst.problem }
  if (worst.said) return { state: verdictStates[worst.verdict], message: worst.said }
  const bad = worst.components
    .filter(({ verdict }) => verdict === 'down' || verdict === 'partly')
    .map(({ name }) => name)
  if (bad.length > 0)
    return say(worst.verdict === 'down' ? 'fail' : 'partly', 'live.healthParts', { question, parts: bad.join(', ') })
  const params = { question, status: status ?? 0 }
  if (worst.verdict === 'unknown') return say('unknown', 'live.healthNoEntry', params)
  if (worst.verdict === 'up')
    return worst.meaningful ? say('pass', 'live.healthSaysUp', params) : say('pass', 'live.healthOnlyCode', params)
  return say(worst.verdict === 'down' ? 'fail' : 'partly', 'live.healthSaysDown', params)
}

const runs = /^live\.why(Readiness|Startup|TooLong|Quota|NotCreated)/

function liveness(contract: HealthContract, live: LiveNode | null, answers: readonly HealthAnswer[]): AspectHealth {
  const question = contract.questions.liveness
  // One that runs and is not ready is alive; whatever else keeps it from its work keeps it from running.
  if (live?.state === 'there' && live.why && live.rank >= needsSomebody && !runs.test(live.why.key))
    return { state: live.ready > 0 ? 'partly' : 'fail', message: live.why }
  const answered = asked(answers)
  if (answered) return answered
  if (!live)
    return say('unknown', question ? 'live.healthNotAsked' : 'live.healthSilent', { question: question?.words ?? '' })
  if (live.state === 'missing') return say('fail', 'live.whyMissing')
  if (question?.probed)
    return say('pass', 'live.healthProbePasses', { question: question.words, restarts: live.restarts })
  return live.restarts > 0
    ? say('pass', 'live.healthRestarts', { restarts: live.restarts })
    : say('pass', 'live.healthRuns')
}

function readiness(contract: HealthContract, live: LiveNode | null, answers: readonly HealthAnswer[]): AspectHealth {
  const question = contract.questions.readiness
  const answered = asked(answers)
  if (live) {
    const wanted = live.desired ?? live.pods
    if (live.state === 'missing') return say('fail', 'live.whyMissing')
    if (wanted === 0 && live.pods === 0) return say('unknown', 'live.healthNone')
    if (live.ready < wanted)
      return live.why && live.ready === 0
        ? { state: 'fail', message: live.why }
        : say(live.ready === 0 ? 'fail' : 'partly', 'live.healthReady', { ready: live.ready, wanted })
    // Kubernetes takes what has no probe for ready: only its own answer would tell.
    if (answered && (answered.state !== 'pass' || !question?.probed)) return answered
    if (!question?.probed) return say('silent', 'live.healthReadyUnasked', { ready: live.ready, wanted })
    return say('pass', 'live.healthReadyProbed', { ready: live.ready, wanted, question: question.words })
  }
  return (
    answered ??
    say('unknown', question ? 'live.healthNotAsked' : 'live.healthSilent', { question: question?.words ?? '' })
  )
}

function dependencies(contract: HealthContract, answers: readonly HealthAnswer[]): AspectHealth {
  const question = contract.questions.dependencies
  return (
    asked(answers) ??
    (question
      ? say('unknown', 'live.healthNotAsked', { question: question.words })
      : say('silent', 'live.healthNoDependencies'))
  )
}
