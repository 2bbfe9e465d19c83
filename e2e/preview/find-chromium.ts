import { existsSync } from 'node:fs'

const places = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

/** A browser of the system, where there is one; undefined lets Playwright take its own. `CHROMIUM` names another. */
export const findChromium = (): string | undefined => process.env['CHROMIUM'] ?? places.find(place => existsSync(place))
