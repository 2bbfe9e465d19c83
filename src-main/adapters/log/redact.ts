const rules: readonly (readonly [what: RegExp, with_: string])[] = [
  [/-----BEGIN [^-]*PRIVATE KEY-----[\s\S]*?(?:-----END [^-]*PRIVATE KEY-----|$)/g, '[private key]'],
  // Credentials in an address: //user:secret@host and //token@host.
  [/(\/\/)[^/\s@:]+(?::[^/\s@]*)?@/g, '$1[redacted]@'],
  [/\b(authorization|cookie|set-cookie)(["']?\s*[:=]\s*)[^\r\n]+/gi, '$1$2[redacted]'],
  [/\b(bearer|basic)\s+[\w.~+/=-]{8,}/gi, '$1 [redacted]'],
  [
    /((?:pass(?:word|phrase|wd)?|secret|token|api[-_]?key|access[-_]?key|private[-_]?key)["']?\s*[:=]\s*["']?)(?:(?<=")[^"]*|(?<=')[^']*|[^\s"'&,;}]+)/gi,
    '$1[redacted]',
  ],
  // Well-known shapes of tokens, wherever they stand.
  [/\b(?:gh[pousr]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|AKIA[0-9A-Z]{16}|xox[abpr]-[\w-]{10,})/g, '[redacted]'],
  [/\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g, '[redacted]'],
]

/** Takes out of a text what looks like a secret, before it is written anywhere. */
export const redact = (text: string): string => rules.reduce((rest, [what, with_]) => rest.replace(what, with_), text)
