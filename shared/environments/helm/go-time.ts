import { GoObject, TemplateError, type Value } from './value.ts'

const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]
const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
const layoutParts =
  /January|Jan|Monday|Mon|MST|Z07:00:00|Z07:00|Z0700|Z07|-07:00:00|-07:00|-0700|-07|2006|__2|002|15|PM|pm|[.,]0+(?!\d)|[.,]9+(?!\d)|01|02|03|04|05|06|_2|1|2|3|4|5/g

const two = (value: number): string => String(value).padStart(2, '0')

/** time.Format of Go, in UTC: a core without a machine's time zone is the same everywhere. */
export function formatTime(layout: string, time: number): string {
  const at = new Date(time)
  const hour12 = at.getUTCHours() % 12 === 0 ? 12 : at.getUTCHours() % 12
  const dayOfYear = Math.floor((time - Date.UTC(at.getUTCFullYear(), 0, 1)) / 86_400_000) + 1
  const fraction = String(at.getUTCMilliseconds()).padStart(3, '0').padEnd(9, '0')
  return layout.replace(layoutParts, part => {
    if (/^[.,]0/.test(part)) return part[0]! + fraction.slice(0, part.length - 1)
    if (/^[.,]9/.test(part)) {
      const cut = fraction.slice(0, part.length - 1).replace(/0+$/, '')
      return cut === '' ? '' : part[0]! + cut
    }
    switch (part) {
      case 'January':
        return months[at.getUTCMonth()]!
      case 'Jan':
        return months[at.getUTCMonth()]!.slice(0, 3)
      case 'Monday':
        return days[at.getUTCDay()]!
      case 'Mon':
        return days[at.getUTCDay()]!.slice(0, 3)
      case 'MST':
        return 'UTC'
      case '2006':
        return String(at.getUTCFullYear()).padStart(4, '0')
      case '06':
        return two(at.getUTCFullYear() % 100)
      case '01':
        return two(at.getUTCMonth() + 1)
      case '1':
        return String(at.getUTCMonth() + 1)
      case '02':
        return two(at.getUTCDate())
      case '_2':
        return String(at.getUTCDate()).padStart(2, ' ')
      case '2':
        return String(at.getUTCDate())
      case '002':
        return String(dayOfYear).padStart(3, '0')
      case '__2':
        return String(dayOfYear).padStart(3, ' ')
      case '15':
        return two(at.getUTCHours())
      case '03':
        return two(hour12)
      case '3':
        return String(hour12)
      case '04':
        return two(at.getUTCMinutes())
      case '4':
        return String(at.getUTCMinutes())
      case '05':
        return two(at.getUTCSeconds())
      case '5':
        return String(at.getUTCSeconds())
      case 'PM':
        return at.getUTCHours() < 12 ? 'AM' : 'PM'
      case 'pm':
        return at.getUTCHours() < 12 ? 'am' : 'pm'
      case 'Z07:00':
      case 'Z0700':
      case 'Z07':
      case 'Z07:00:00':
        return 'Z'
      case '-07:00':
        return '+00:00'
      case '-0700':
        return '+0000'
      case '-07':
        return '+00'
      default:
        return '+00:00:00'
    }
  })
}

export function timeObject(time: number): GoObject {
  const at = new Date(time)
  const parts: [string, Value][] = [
    ['Year', BigInt(at.getUTCFullYear())],
    ['Month', BigInt(at.getUTCMonth() + 1)],
    ['Day', BigInt(at.getUTCDate())],
    ['Hour', BigInt(at.getUTCHours())],
    ['Minute', BigInt(at.getUTCMinutes())],
    ['Second', BigInt(at.getUTCSeconds())],
    ['Unix', BigInt(Math.floor(time / 1000))],
    ['UnixNano', BigInt(time) * 1_000_000n],
    ['YearDay', BigInt(Math.floor((time - Date.UTC(at.getUTCFullYear(), 0, 1)) / 86_400_000) + 1)],
    ['String', formatTime('2006-01-02 15:04:05.999999999 -0700 MST', time)],
  ]
  return new GoObject({
    type: 'time.Time',
    time,
    text: formatTime('2006-01-02 15:04:05.999999999 -0700 MST', time),
    methods: new Map<string, (args: readonly Value[]) => Value>([
      ...parts.map(([name, value]): [string, () => Value] => [name, () => value]),
      ['Format', args => formatTime(String(args[0]), time)],
      ['UTC', () => timeObject(time)],
      ['Local', () => timeObject(time)],
      [
        'AddDate',
        args => {
          const moved = new Date(time)
          moved.setUTCFullYear(
            moved.getUTCFullYear() + Number(args[0]),
            moved.getUTCMonth() + Number(args[1]),
            moved.getUTCDate() + Number(args[2]),
          )
          return timeObject(moved.getTime())
        },
      ],
    ]),
  })
}

const units: { readonly [unit: string]: number } = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
}

/** time.ParseDuration, in milliseconds. Throws TemplateError. */
export function readDuration(text: string): number {
  const whole = /^([-+]?)((?:\d+\.?\d*|\.\d+)(?:ns|us|µs|ms|s|m|h))+$/.exec(text)
  if (text === '0') return 0
  if (!whole) throw new TemplateError('helm.badTime', { text })
  let sum = 0
  for (const [, count, unit] of text.matchAll(/(\d+\.?\d*|\.\d+)(ns|us|µs|ms|s|m|h)/g))
    sum += Number(count) * units[unit!]!
  return whole[1] === '-' ? -sum : sum
}

/** time.Duration's own text: `1h2m3s`. */
export function durationText(milliseconds: number): string {
  if (milliseconds === 0) return '0s'
  const sign = milliseconds < 0 ? '-' : ''
  const size = Math.abs(milliseconds)
  if (size < 1000) return `${sign}${size}ms`
  const hours = Math.floor(size / 3_600_000)
  const minutes = Math.floor((size % 3_600_000) / 60_000)
  const seconds = (size % 60_000) / 1000
  return `${sign}${hours > 0 ? `${hours}h` : ''}${hours > 0 || minutes > 0 ? `${minutes}m` : ''}${seconds}s`
}

/** time.Parse for the layouts people use; undefined where the text does not follow the layout. */
export function parseTime(layout: string, text: string): number | undefined {
  const fields: string[] = []
  let pattern = ''
  let last = 0
  for (const match of layout.matchAll(layoutParts)) {
    pattern += layout.slice(last, match.index).replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    last = match.index + match[0].length
    fields.push(match[0])
    const part = match[0]
    if (/^[A-Z][a-z]+$/.test(part)) pattern += '([A-Za-z]+)'
    else if (part === 'MST') pattern += '([A-Z]{3,4})'
    else if (/07/.test(part)) pattern += '(Z|[-+]\\d\\d:?(?:\\d\\d)?)'
    else if (/^[.,]/.test(part)) pattern += '([.,]\\d+)?'
    else if (/^pm$/i.test(part)) pattern += '([AaPp][Mm])'
    else if (part === '2006') pattern += '(\\d{4})'
    else pattern += /^0|^15$/.test(part) ? '(\\d{2,3})' : '\\s*(\\d{1,3})'
  }
  pattern += layout.slice(last).replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  const match = new RegExp(`^${pattern}$`).exec(text)
  if (!match) return undefined
  let [year, month, day, hour, minute, second, offset, fraction] = [0, 1, 1, 0, 0, 0, 0, 0]
  let afternoon: boolean | undefined
  for (const [index, part] of fields.entries()) {
    const value = match[index + 1] ?? ''
    const number = Number(value)
    if (part === '2006') year = number
    else if (part === '06') year = number < 69 ? 2000 + number : 1900 + number
    else if (part === '01' || part === '1') month = number
    else if (part === 'Jan' || part === 'January')
      month = months.findIndex(name => name.toLowerCase().startsWith(value.toLowerCase().slice(0, 3))) + 1
    else if (part === '02' || part === '2' || part === '_2') day = number
    else if (part === '15' || part === '03' || part === '3') hour = number
    else if (part === '04' || part === '4') minute = number
    else if (part === '05' || part === '5') second = number
    else if (/^pm$/i.test(part)) afternoon = /^p/i.test(value)
    else if (/^[.,]/.test(part)) fraction = value === '' ? 0 : Number(`0.${value.slice(1)}`) * 1000
    else if (/07/.test(part) && value !== 'Z') {
      const digits = value.slice(1).replace(':', '').padEnd(4, '0')
      offset = (value[0] === '-' ? -1 : 1) * (Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2)))
    }
  }
  if (afternoon !== undefined) hour = (hour % 12) + (afternoon ? 12 : 0)
  if (month < 1 || month > 12 || day < 1 || day > 31) return undefined
  return Date.UTC(year, month - 1, day, hour, minute - offset, second, fraction)
}
