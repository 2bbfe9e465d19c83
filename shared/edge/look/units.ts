import { plainText } from '../plain-text.ts'
import { type Nonce, partedScript, readParts } from '../script.ts'

/** A unit as systemd's manager knows it. */
export type EdgeUnit = {
  readonly name: string
  /** `loaded`, `not-found`, `masked` … */
  readonly load: string
  /** `active`, `failed`, `inactive`, `activating` … */
  readonly active: string
  /** What that means for its kind: `running`, `exited`, `waiting` … */
  readonly sub: string
  readonly description: string
}

/** Units beyond this many are left out. */
export const mostUnits = 2000

const kinds = ['service', 'timer', 'socket', 'mount', 'path', 'target', 'slice']

export const unitsScript = (nonce: Nonce): string =>
  partedScript(
    nonce,
    `part init; if has systemctl && [ -d "$R/run/systemd/system" ]; then echo systemd; else sed -n 1p "$R/proc/1/comm"; fi
part units
systemctl list-units --all ${kinds.map(kind => `--type=${kind}`).join(' ')} --no-legend --plain --no-pager --full | head -n ${mostUnits}`,
  )

/** Units of an answer to `unitsScript`, failed ones first; `init` is what process 1 is, where it is not systemd. */
export function readUnits(
  nonce: Nonce,
  answer: string,
): { readonly units: readonly EdgeUnit[]; readonly init: string | null } {
  const { parts } = readParts(nonce, answer)
  const init = plainText((parts.get('init') ?? '').trim(), 64)
  if (init !== 'systemd') return { units: [], init }
  const units = (parts.get('units') ?? '').split('\n').flatMap(text => {
    const match = /^(?:[●○×*]\s+)?\s*(\S+)\s+(\S+)\s+(\S+)\s+(\S+)(?:\s+(.*))?$/.exec(text)
    if (!match) return []
    const [name, load, active, sub, description] = match.slice(1).map(part => plainText(part ?? '', 256))
    return [{ name: name!, load: load!, active: active!, sub: sub!, description: description! }]
  })
  const rank = ({ active }: EdgeUnit) => (active === 'failed' ? 0 : 1)
  return { units: units.sort((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1)), init: null }
}
