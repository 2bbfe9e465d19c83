const words = new Set(
  (
    'prod production prd live staging stage stg dev development develop test testing tst qa uat sit preprod preproduction ' +
    'pre-prod nonprod non-prod sandbox demo preview int integration local canary dr perf loadtest minikube kind ci e2e acc acceptance beta'
  ).split(' '),
)
const productionWords = /^(prod|production|prd|live)$/

const partsOf = (text: string): readonly string[] => text.toLowerCase().split(/[-_.\s]+/)

/** True for `staging`, and for `prod-eu` and `team-dev`, which say an environment at one of their ends. */
export function isEnvironmentWord(text: string): boolean {
  const parts = partsOf(text)
  return words.has(text.toLowerCase()) || words.has(parts[0]!) || words.has(parts.at(-1)!)
}

/** True for a name that is that of an environment and nothing more. */
export const isExactEnvironmentWord = (text: string): boolean => words.has(text.toLowerCase())

export const isProduction = (text: string): boolean => partsOf(text).some(part => productionWords.test(part))

/** The part of a name that says an environment: `prod` of `shop-prod`; undefined where none does. */
export function environmentWordIn(name: string): string | undefined {
  if (words.has(name.toLowerCase())) return name
  const parts = name.split(/[-_.]/)
  const last = parts.at(-1)!
  if (words.has(last.toLowerCase())) return last
  const first = parts[0]!
  return words.has(first.toLowerCase()) ? first : undefined
}

/** The deepest folder or file name of a path that says an environment. */
export function environmentInPath(path: string): string | undefined {
  const steps = path.split('/').filter(step => step !== '' && step !== '.' && step !== '..')
  const exact = steps.findLast(isExactEnvironmentWord)
  return exact ?? steps.findLast(step => isEnvironmentWord(step.replace(/\.(ya?ml|json)$/i, '')))
}
