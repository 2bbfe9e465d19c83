import type { Gate, GateVerdict } from './gate.ts'

const order: readonly GateVerdict[] = ['pass', 'warn', 'block']

/** One gate of several (an environment each): all their items, the same finding once, and the worst verdict. */
export function worstOf(gates: readonly Gate[]): Gate {
  const items = new Map(gates.flatMap(gate => gate.items).map(item => [JSON.stringify(item), item]))
  const worst = Math.max(0, ...gates.map(gate => order.indexOf(gate.verdict)))
  return { verdict: order[worst] ?? 'pass', items: [...items.values()] }
}
