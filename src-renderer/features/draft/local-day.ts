/** The person's own calendar day, `2026-11-20`. */
export const localDay = (): string => new Intl.DateTimeFormat('sv-SE').format(Date.now())
