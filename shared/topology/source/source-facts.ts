import type { ConstantFact, MentionFact } from './read-constants.ts'

/**
 * An address that program code or baked-in configuration names. In `template`, `${NAME}` is a variable of the
 * container and `${NAME:-x}` one with the value it has where nothing sets it.
 */
export type AddressFact = {
  /** Name it stands under: a variable, a field, a key of a file with all keys above it. */
  readonly key: string
  readonly template: string
  readonly line: number
  /** What stands there. */
  readonly shown: string
  /** `compose`: how it is run elsewhere, which only hints at how it is run here. */
  readonly place: 'code' | 'config' | 'compose'
  /** Handed to a client of that protocol, as the syntax tells. */
  readonly protocol?: string
  /** The constant of its package that it is the value of, which that file does nothing else with (Go only). */
  readonly constant?: string
}
/** A switch of a configuration file: `spring.zipkin.enabled=false` puts out what stands beside it. */
export type SwitchFact = { readonly prefix: string; readonly template: string }
/** A client made by the name of what it calls: a gRPC stub, a Feign client, a Dapr app id or component, `depends_on`. */
export type ClientFact = {
  readonly name: string
  readonly by: 'grpc' | 'feign' | 'dapr' | 'component' | 'openapi' | 'compose'
  readonly line: number
  readonly shown: string
}
/** Something the program answers to. */
export type EndpointFact = { readonly method?: string; readonly path: string; readonly line: number }

/** What one file of a source folder says; depends on nothing but its path and text. */
export type FileFacts = {
  readonly addresses: readonly AddressFact[]
  readonly switches: readonly SwitchFact[]
  readonly clients: readonly ClientFact[]
  readonly endpoints: readonly EndpointFact[]
  /** Names the program registers itself under: `spring.application.name`. */
  readonly names?: readonly string[]
  /** Packages it is built with, as its language names them (Go only). */
  readonly imports?: readonly string[]
  /** Names, of variables and of fields, under which stands what its gRPC channels lead to. */
  readonly dialled?: readonly string[]
  /** Names with which it uses what other packages offer (Go only). */
  readonly uses?: readonly string[]
  /** Texts with names, and the uses of such names that no text of this file answers to. */
  readonly constants?: readonly ConstantFact[]
  readonly mentions?: readonly MentionFact[]
  /** Code that several programs are built with, none of which need use all of it. */
  readonly shared?: true
}
/** True where a file says something that is worth keeping. */
export const says = ({
  addresses,
  clients,
  endpoints,
  names = [],
  imports = [],
  mentions = [],
  dialled = [],
}: FileFacts): boolean =>
  addresses.length +
    clients.length +
    endpoints.length +
    names.length +
    imports.length +
    mentions.length +
    dialled.length >
  0

export const noFacts: FileFacts = { addresses: [], switches: [], clients: [], endpoints: [] }
