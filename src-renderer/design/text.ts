import { createContext, useContext, useMemo } from 'react'
import {
  type Locale,
  type Message,
  type MessageKey,
  type MessageParams,
  translate,
} from '../../shared/messages/index.ts'

const LocaleContext = createContext<Locale>('en')
/** Given by the app from the settings; the document's `lang` follows it. */
export const LocaleProvider = LocaleContext.Provider
export const useLocale = (): Locale => useContext(LocaleContext)

/** BCP 47 tags for `Intl` and for `lang`. */
export const languageTag = (locale: Locale): string => (locale === 'zh' ? 'zh-Hans' : 'en')

export type Text = (key: MessageKey, params?: MessageParams) => string

/** `const text = useText()` … `text('app.retry')`: a sentence of the catalogue in the person's language. */
export function useText(): Text {
  const locale = useLocale()
  return useMemo(() => (key, params) => translate(locale, params ? { key, params } : { key }), [locale])
}

/** Says a message that came from the core: `say(error)`, `say(item.message)`. */
export function useSay(): (message: Message) => string {
  const locale = useLocale()
  return useMemo(() => message => translate(locale, message), [locale])
}

export type Format = {
  /** `12,345.6`; at most `digits` decimals, 2 when not said. */
  number(value: number, digits?: number): string
  /** `0.42` becomes `42%`. */
  percent(value: number): string
  /** Bytes in binary steps: `1.2 MiB`. */
  bytes(value: number): string
  /** `20 Nov 2026`. */
  date(value: Date | number | string): string
  /** `20 Nov 2026, 14:05`. */
  dateTime(value: Date | number | string): string
  /** `14:05`. */
  time(value: Date | number | string): string
  /** The time of a moment of today, the date and the time of any other; `now` in milliseconds since the epoch. */
  recent(value: Date | number | string, now?: number): string
  /** `3 minutes ago`, relative to `now` (milliseconds since the epoch). */
  relative(value: Date | number | string, now?: number): string
  /** `a, b and c`. */
  list(values: readonly string[]): string
}

const steps: readonly [limit: number, unit: Intl.RelativeTimeFormatUnit, seconds: number][] = [
  [60, 'second', 1],
  [3600, 'minute', 60],
  [86_400, 'hour', 3600],
  [7 * 86_400, 'day', 86_400],
  [30 * 86_400, 'week', 7 * 86_400],
  [365 * 86_400, 'month', 30 * 86_400],
  [Number.POSITIVE_INFINITY, 'year', 365 * 86_400],
]

function formatOf(locale: Locale): Format {
  // British English writes 20 Nov 2026 and 14:05, which nobody misreads.
  const tag = locale === 'zh' ? 'zh-Hans-CN' : 'en-GB'
  const numbers = new Map<number, Intl.NumberFormat>()
  const percent = new Intl.NumberFormat(tag, { style: 'percent', maximumFractionDigits: 1 })
  const date = new Intl.DateTimeFormat(tag, { day: 'numeric', month: 'short', year: 'numeric' })
  const time = new Intl.DateTimeFormat(tag, { hour: '2-digit', minute: '2-digit' })
  const dateTime = new Intl.DateTimeFormat(tag, {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
  })
  const relative = new Intl.RelativeTimeFormat(tag, { numeric: 'auto' })
  const list = new Intl.ListFormat(tag, { type: 'conjunction' })
  const number = (value: number, digits = 2): string => {
    const known = numbers.get(digits) ?? new Intl.NumberFormat(tag, { maximumFractionDigits: digits })
    numbers.set(digits, known)
    return known.format(value)
  }
  const isOneDay = (a: Date | number | string, b: number) => date.format(new Date(a)) === date.format(b)
  return {
    number,
    percent: value => percent.format(value),
    bytes: value => {
      const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']
      const power = Math.min(value < 1 ? 0 : Math.floor(Math.log2(value) / 10), units.length - 1)
      return `${number(value / 1024 ** power, power === 0 ? 0 : 1)} ${units[power]}`
    },
    date: value => date.format(new Date(value)),
    dateTime: value => dateTime.format(new Date(value)),
    time: value => time.format(new Date(value)),
    recent: (value, now = Date.now()) => (isOneDay(value, now) ? time : dateTime).format(new Date(value)),
    relative: (value, now = Date.now()) => {
      const seconds = Math.round((new Date(value).getTime() - now) / 1000)
      const [, unit, size] = steps.find(([limit]) => Math.abs(seconds) < limit) ?? steps[0]!
      // Relative times move on twice a minute: a number of seconds would be wrong as soon as it is read.
      if (unit === 'second' && seconds < 10) return relative.format(0, 'second')
      return relative.format(Math.trunc(seconds / size), unit)
    },
    list: values => list.format(values),
  }
}

const formats = new Map<Locale, Format>()

/** Numbers and dates as the person's language writes them. */
export function useFormat(): Format {
  const locale = useLocale()
  const known = formats.get(locale) ?? formatOf(locale)
  formats.set(locale, known)
  return known
}
