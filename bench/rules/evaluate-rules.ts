import { Engine } from 'json-rules-engine'
import { evaluateRules } from '../../shared/rules/evaluate-rules.ts'
import { readRules } from '../../shared/rules/read-rules.ts'

// Evaluations a second of 1, 100 and 1,000 rules on a context of 20 fields: this engine, json-rules-engine, and a
// closure as a person would write it by hand.

const context = {
  user: { Age: 34, City: 'Beijing', Name: 'Li', Score: 4.5, Roles: ['admin', 'dev'], Active: true },
  service: { name: 'cart', tier: 'critical', replicas: 3, image: 'acme/cart:1.4.2', owner: 'shop', rate: 120.5 },
  slo: { availability: 99.95, p99: 200, errors: 0.1 },
  environment: { name: 'production', cluster: 'eu-1', protected: true },
  time: { hour: 10, weekday: 5 },
}
/** Thresholds differ from rule to rule, so that no two are the same. */
const expression = (n: number): string =>
  `user.Age > ${18 + (n % 10)} && user.City == "Beijing" && service.replicas >= ${1 + (n % 3)} && slo.p99 <= ${200 + n}`
const byHand = (n: number) => (facts: typeof context) =>
  facts.user.Age > 18 + (n % 10) &&
  facts.user.City === 'Beijing' &&
  facts.service.replicas >= 1 + (n % 3) &&
  facts.slo.p99 <= 200 + n
const condition = (fact: string, path: string, operator: string, value: unknown) => ({ fact, path, operator, value })

const seconds = 1.5
/** Rules judged a second, whole sets at a time; the first runs are to warm up. */
async function measure(rules: number, run: () => unknown): Promise<number> {
  for (let i = 0; i < 20; i++) await run()
  let sets = 0
  const start = performance.now()
  while (performance.now() - start < seconds * 1000) {
    const answer = run()
    if (answer instanceof Promise) await answer
    sets++
  }
  return (sets * rules) / ((performance.now() - start) / 1000)
}
const show = (value: number): string => `${Math.round(value).toLocaleString('en')}/s`

for (const count of [1, 100, 1000]) {
  const numbers = Array.from({ length: count }, (_, index) => index)
  const { rules, problems } = readRules(
    'bench.yaml',
    JSON.stringify(numbers.map(n => ({ id: `r${n}`, severity: 'block', expression: expression(n) }))),
  )
  if (problems.length > 0) throw new Error(JSON.stringify(problems[0]))
  const engine = new Engine(
    numbers.map(n => ({
      conditions: {
        all: [
          condition('user', '$.Age', 'greaterThan', 18 + (n % 10)),
          condition('user', '$.City', 'equal', 'Beijing'),
          condition('service', '$.replicas', 'greaterThanInclusive', 1 + (n % 3)),
          condition('slo', '$.p99', 'lessThanInclusive', 200 + n),
        ],
      },
      event: { type: `r${n}` },
    })),
  )
  const closures = numbers.map(byHand)
  const passed = evaluateRules(rules, context, '2026-11-20').filter(({ verdict }) => verdict === 'pass').length
  if (passed !== closures.filter(rule => rule(context)).length) throw new Error('The engines do not agree')

  const programs = rules.map(rule => rule.expression)
  const own = await measure(count, () => evaluateRules(rules, context, '2026-11-20'))
  const bare = await measure(count, () => {
    let held = 0
    for (const program of programs) if (program.evaluate(context) === true) held++
    return held
  })
  const hand = await measure(count, () => {
    let held = 0
    for (const rule of closures) if (rule(context)) held++
    return held
  })
  const other = await measure(count, () => engine.run(context))
  console.log(
    `${String(count).padStart(5)} rules: ${show(own)} with verdicts, ${show(bare)} expressions alone; json-rules-engine ${show(other)} (${(own / other).toFixed(0)}× less); by hand ${show(hand)} (${(hand / bare).toFixed(0)}× more)`,
  )
}
