import { REDACTED, redact as redactText } from '../../../shared/topology/redact.ts'

/** Whole values of headers that carry a session or a credential, whatever its form. */
const header = /\b(authorization|cookie|set-cookie)(["']?\s*[:=]\s*)[^\r\n]+/gi

/** Takes out of a text what looks like a secret, before it is written to the log. */
export const redact = (text: string): string => redactText(text.replace(header, `$1$2${REDACTED}`))
