import i18next, { type i18n } from 'i18next'
import { en } from './en/index.ts'
import { zh } from './zh/index.ts'

/** The languages of the catalogue. English is complete by definition; the compiler holds Chinese to the same keys. */
export const locales = ['en', 'zh'] as const
export type Locale = (typeof locales)[number]

type CatalogueKey = keyof typeof en
type WithoutPlural<K extends string> = K extends `${infer Base}_${'one' | 'other'}` ? Base : K
/** A key of the catalogue; plural forms (`_one`, `_other`) are chosen by the parameter `count`. */
export type MessageKey = WithoutPlural<CatalogueKey>
export type MessageParams = { readonly [name: string]: string | number }
/** A sentence that has not been put into a language yet. Plain JSON, so it may cross the wire or be stored. */
export type Message = { readonly key: MessageKey; readonly params?: MessageParams }

const instance: i18n = i18next.createInstance()
instance.init({
  lng: 'en',
  fallbackLng: 'en',
  initAsync: false,
  keySeparator: false,
  nsSeparator: false,
  resources: { en: { translation: en }, zh: { translation: zh } },
  // React escapes what it draws and the terminal has no markup.
  interpolation: { escapeValue: false },
})

/** Puts a message into a language. Unknown parameters are left as `{{name}}`, so that a gap is seen and not silent. */
export const translate = (locale: Locale, message: Message): string =>
  instance.t(message.key, { lng: locale, ...message.params })
