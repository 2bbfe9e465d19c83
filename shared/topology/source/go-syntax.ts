/** What a value in Go source is, as far as syntax alone tells. */
export type GoValue =
  | { readonly kind: 'text'; readonly value: string }
  /** `addr`, `cfg.Addr`. */
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'call'; readonly call: GoCall }
  | { readonly kind: 'function'; readonly parameters: readonly string[]; readonly start: number; readonly end: number }
  /** `&redis.Options{Addr: x}`: its type and the fields that have names. */
  | {
      readonly kind: 'fields'
      readonly type: string
      readonly fields: readonly { readonly name: string; readonly value: GoValue }[]
    }
  | { readonly kind: 'list'; readonly items: readonly GoValue[] }
  | { readonly kind: 'sum'; readonly parts: readonly GoValue[] }
  | { readonly kind: 'other' }

/** A call: `pb.NewCartClient(conn)` has package or receiver `pb` and method `NewCartClient`. */
export type GoCall = {
  readonly method: string
  /** Name before the dot; empty where there is none, or where a call stands there. */
  readonly receiver: string
  readonly on?: GoCall
  readonly arguments: readonly GoValue[]
  /** 1-based. */
  readonly line: number
  readonly start: number
  readonly end: number
  readonly shown: string
}

/** One Go file. All in order of their place. */
export type GoFile = {
  readonly imports: readonly { readonly name: string; readonly path: string }[]
  readonly calls: readonly GoCall[]
  /** `name := value`, `var name = value`, `const name = value`, `cfg.Name = value`. */
  readonly assignments: readonly { readonly name: string; readonly value: GoValue; readonly start: number }[]
}

/** Files without any of this have nothing that {@link GoFile} is read for: they are not parsed. */
export const isTellingGo = (text: string): boolean =>
  /HandleFunc|\.Handle\(|\.(GET|POST|PUT|DELETE|PATCH|Get|Post|Put|Delete|Patch|Any|Group|Route|PathPrefix)\(|grpc\.|New\w*Client\(|http\.|sql\.|sqlx\.|pgx|gorm|redis|nats\.|kafka|sarama|amqp|mongo|memcache/.test(
    text,
  )
