const units: { readonly [unit: string]: number } = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400 }

/** `500ms`, `30s`, `10m`, `2h`, `1d` in seconds; the schema lets nothing else through. */
export function seconds(duration: string): number {
  const [, count, unit] = /^(\d+)(ms|s|m|h|d)$/.exec(duration) ?? []
  return Number(count ?? 0) * (units[unit ?? ''] ?? 0)
}
