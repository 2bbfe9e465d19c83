import type { ZodMiniType as ZodType } from 'zod/mini'

/** A read. Safe to cancel, to drop and to ask again. */
export type Query<I, O> = { readonly kind: 'query'; readonly input: ZodType<I>; readonly output?: O }
/** A change of the world. Never retried by the connection; may be cancelled until it takes effect. */
export type Command<I, O> = { readonly kind: 'command'; readonly input: ZodType<I>; readonly output?: O }
/** A live view. The first item is a snapshot, so to reconnect is only to call again. */
export type Stream<I, E> = { readonly kind: 'stream'; readonly input: ZodType<I>; readonly output?: E }

export type Procedure = Query<unknown, unknown> | Command<unknown, unknown> | Stream<unknown, unknown>
export type Contract = { readonly [feature: string]: { readonly [name: string]: Procedure } }

type NotData =
  | ((...arguments_: never[]) => unknown)
  | Date
  | Uint8Array
  | ReadonlyMap<unknown, unknown>
  | ReadonlySet<unknown>
  | bigint
  | symbol
/** What every transport can carry unchanged. A Date, a Map, a byte array or a class with methods is refused by the compiler. */
export type PlainJson<T> = T extends string | number | boolean | null | undefined | AnyJson
  ? T
  : T extends NotData
    ? never
    : T extends object
      ? { [K in keyof T]: PlainJson<T[K]> }
      : never
/** A value that may be any JSON: looked into no further, as it has no end. */
type AnyJson = null | boolean | number | string | readonly AnyJson[] | { readonly [key: string]: AnyJson }
// biome-ignore lint/suspicious/noConfusingVoidType: a command that answers nothing is declared with returns<void>()
type IfPlain<O> = [O] extends [void] ? [] : [O] extends [PlainJson<O>] ? [] : ['contract values must be plain JSON']

export const query = <I>(input: ZodType<I>) => ({
  returns: <O>(..._: IfPlain<O>): Query<I, O> => ({ kind: 'query', input }),
})
export const command = <I>(input: ZodType<I>) => ({
  returns: <O>(..._: IfPlain<O>): Command<I, O> => ({ kind: 'command', input }),
})
export const stream = <I>(input: ZodType<I>) => ({
  of: <E>(..._: IfPlain<E>): Stream<I, E> => ({ kind: 'stream', input }),
})

/** What a call carries beside its input. */
export interface Call {
  /** Aborted when the page cancels, leaves the stream or goes away. */
  readonly signal: AbortSignal
}
type Handler<P> = P extends Stream<infer I, infer E> & { kind: 'stream' }
  ? (input: I, call: Call) => AsyncIterable<E>
  : P extends Query<infer I, infer O> | Command<infer I, infer O>
    ? (input: I, call: Call) => Promise<O>
    : never
/** What the core gives for a contract: one function a procedure. */
export type Handlers<C extends Contract> = { readonly [F in keyof C]: { readonly [N in keyof C[F]]: Handler<C[F][N]> } }

type Method<P> = P extends Stream<infer I, infer E> & { kind: 'stream' }
  ? (input: I, options?: Partial<Call>) => AsyncIterable<E>
  : P extends Query<infer I, infer O> | Command<infer I, infer O>
    ? (input: I, options?: Partial<Call>) => Promise<O>
    : never
/** What a page, a test or the command line calls. */
export type Client<C extends Contract> = { readonly [F in keyof C]: { readonly [N in keyof C[F]]: Method<C[F][N]> } }
