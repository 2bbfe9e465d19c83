import type { CodeLine, Literal } from './lex-code.ts'

/** Functions whose texts are for people to read: logs, errors, what is printed. */
const tells =
  /(^|[.:>])(log|logf|logger|trace|tracef|debug|debugf|info|infof|infow|notice|warn|warnf|warning|warnw|error|errorf|errorw|fatal|fatalf|panic|panicf|print|printf|println|fprintf|eprintln|puts|exception|critical|LogInformation|LogWarning|LogError|LogDebug|writeln?|WriteLine|echo)!?$|^(log|logger|logging|console|LOG|LOGGER|Log|slog|zap)[.:]\w+$|^(errors\.New|\w*Error|\w*Exception|abort|raise)$/

/** True for a text that is handed to such a function itself, not to another one inside of its call. */
export const isTold = (at: CodeLine, literal: Literal): boolean =>
  tells.test(calledWith(at, literal)) ||
  /^\s*(e\.\s?g\.|for example|i\.e\.|see )|\]\(https?:/i.test(literal.value) ||
  explains.test(at.code.slice(0, literal.start))
/** Fields and arguments that hold a word to the reader. */
const explains =
  /(^|[\s(,{])["']?(description|help|help_?text|usage|docs?|documentation|title|summary|examples?|placeholder|hint|tooltip|long_?description)["']?\s{0,9}(=>?|:)\s{0,9}[[frb]?$/i

/** Clients of the web whose first text is what they ask. */
const asks =
  /^((globalThis\.)?fetch|axios(\.\w+)?|got(\.\w+)?|superagent\.\w+|requests\.(get|post|put|delete|patch|head)|httpx\.(get|post|put|delete|patch)|reqwest::get|urllib\.request\.urlopen|HTTParty\.\w+|RestClient\.\w+)$/
/** What browsers run: whom it asks, the program does not. */
const forBrowsers = /\.(vue|svelte|jsx|tsx)$|(^|\/)(static|public|assets|www|wwwroot|components|pages|views)\//i

export const isForBrowsers = (path: string): boolean => forBrowsers.test(path)

/** What makes channels of gRPC. */
const dials =
  /(^|[.:])((in)?secure_channel|CreateChannel|ManagedChannelBuilder\.for(Address|Target)|GrpcChannel\.ForAddress|\w+Client::connect|Channel::from_static)$/

const dialled =
  /(?:\b(?:in)?secure_channel|CreateChannel|\bgrpc\.(?:Dial\w*|NewClient)|ManagedChannelBuilder\.for(?:Address|Target)|GrpcChannel\.ForAddress|\w+Client::connect|Channel::from_shared)\(\s*(?:ctx\s*,\s*|context\.\w+\(\)\s*,\s*)?[&*]?((?:\w+(?:\.|->|::))*\w+)(?![\w(.])/g

/** Names of what is handed to a gRPC channel: a field, a variable of the program. */
export const dialledNames = (code: string): string[] =>
  [...code.matchAll(dialled)].map(match => match[1]!.split(/\W+/).pop()!)

/** True for code that makes such a channel. */
export const makesChannel = (code: string): boolean => dialsAtAll.test(code)
const dialsAtAll =
  /secure_channel\(|CreateChannel\(|\bgrpc\.(Dial\w*|NewClient)\(|ManagedChannelBuilder\.for|GrpcChannel\.ForAddress\(/

/** What is spoken to an address, by the client it is handed to. */
export function handed(at: CodeLine, literal: Literal, path: string): { readonly protocol?: string } {
  const callee = calledWith(at, literal)
  if (dials.test(callee)) return { protocol: 'grpc' }
  const isWeb = /^https?:\/\//.test(literal.value) && !isForBrowsers(path) && asks.test(callee)
  return isWeb ? { protocol: 'http' } : {}
}

/** The function in whose call a text stands, as it is written; empty where it stands in none. */
function calledWith(at: CodeLine, literal: Literal): string {
  let depth = 0
  for (let index = literal.start - 1; index >= 0; index -= 1) {
    const char = at.code[index]
    if (char === ')') depth += 1
    else if (char === '(' && depth > 0) depth -= 1
    else if (char === '(') return /([\w.:>$-]+!?)$/.exec(at.code.slice(0, index))?.[1] ?? ''
  }
  return ''
}
