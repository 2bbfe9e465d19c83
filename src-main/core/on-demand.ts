import type { Call, Contract, Handlers } from '../../shared/contract/define.ts'

/** Something that is loaded when it is first wanted, once, and closed with whoever owns it if it was. */
export type OnDemand<T> = { readonly get: () => Promise<T> } & AsyncDisposable

export function onDemand<T extends object>(load: () => Promise<T>): OnDemand<T> {
  let loaded: Promise<T> | null = null
  return {
    get: () => {
      loaded ??= load()
      return loaded
    },
    async [Symbol.asyncDispose]() {
      const made = await loaded?.catch(() => null)
      if (made && Symbol.asyncDispose in made) await (made as AsyncDisposable)[Symbol.asyncDispose]()
    },
  }
}

type Loose = (input: unknown, call: Call) => unknown

/**
 * Handlers of a feature that is loaded by the first call of any: a command line that asks one question does not read
 * the code of all answers.
 */
export function handlersOnDemand<C extends Contract, F extends keyof C & string>(
  contract: C,
  feature: F,
  handlers: () => Promise<Handlers<C>[F]>,
): Handlers<C>[F] {
  const named = async (name: string) => (await handlers())[name] as Loose
  const made = Object.entries(contract[feature] as C[F]).map(([name, { kind }]): [string, Loose] => [
    name,
    kind === 'stream'
      ? async function* (input, call) {
          yield* (await named(name))(input, call) as AsyncIterable<unknown>
        }
      : async (input, call) => (await named(name))(input, call),
  ])
  // One function a procedure, of the kind its contract says.
  return Object.fromEntries(made) as Handlers<C>[F]
}
