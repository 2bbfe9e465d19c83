import { compareDigits, compareNumbers } from './compare-digits.ts'

const form =
  /^v?(?:(\d+)!)?(\d+(?:\.\d+)*)(?:[-_.]?(a|b|c|rc|alpha|beta|pre|preview)[-_.]?(\d*))?(?:(?:[-_.]?(post|rev|r)[-_.]?(\d*))|-(\d+))?(?:[-_.]?(dev)[-_.]?(\d*))?(?:\+([a-z0-9._-]+))?$/i
const phases: { readonly [word: string]: string } = {
  a: '1',
  alpha: '1',
  b: '2',
  beta: '2',
  c: '3',
  rc: '3',
  pre: '3',
  preview: '3',
}

type Version = { epoch: string; release: string[]; order: string[]; local: string }

/**
 * The parts of a version of PEP 440, each as digits that order: the phase (a development release of the final comes
 * first, the final itself after every pre-release), its number, post-release and development number.
 */
function read(text: string): Version | null {
  const match = form.exec(text.trim())
  if (!match) return null
  const [, epoch = '0', release = '0', pre, preNumber, post, postNumber, implicitPost, dev, devNumber, local = ''] =
    match
  const isPost = post !== undefined || implicitPost !== undefined
  const phase = pre ? phases[pre.toLowerCase()]! : dev && !isPost ? '0' : '4'
  return {
    epoch,
    release: release.split('.'),
    order: [
      phase,
      preNumber || '0',
      isPost ? String(Number(postNumber || implicitPost || '0') + 1) : '0',
      // No development number is after all of them.
      dev ? '0' : '1',
      devNumber || '0',
    ],
    local,
  }
}

/** The order of PEP 440 (https://peps.python.org/pep-0440/#summary-of-permitted-suffixes-and-relative-ordering). */
export function comparePep440(a: string, b: string): number {
  const [x, y] = [read(a), read(b)]
  if (!x || !y) return x ? 1 : y ? -1 : a < b ? -1 : a > b ? 1 : 0
  const order =
    compareDigits(x.epoch, y.epoch) || compareNumbers(x.release, y.release) || compareNumbers(x.order, y.order)
  return order || compareLocal(x.local, y.local)
}

function compareLocal(a: string, b: string): number {
  if (a === '' || b === '') return Number(a !== '') - Number(b !== '')
  const [x, y] = [a.split(/[-_.]/), b.split(/[-_.]/)]
  for (let i = 0; i < Math.max(x.length, y.length); i++) {
    const [p, q] = [x[i], y[i]]
    if (p === undefined || q === undefined) return p === undefined ? -1 : 1
    const [pDigits, qDigits] = [/^\d+$/.test(p), /^\d+$/.test(q)]
    const order =
      pDigits && qDigits ? compareDigits(p, q) : pDigits !== qDigits ? (pDigits ? 1 : -1) : p < q ? -1 : p > q ? 1 : 0
    if (order !== 0) return order
  }
  return 0
}
