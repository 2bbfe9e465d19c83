/** Ecosystems by their package-url type (https://github.com/package-url/purl-spec). */
export const ecosystems = [
  'golang',
  'npm',
  'cargo',
  'pypi',
  'maven',
  'gem',
  'composer',
  'nuget',
  'hex',
  'helm',
  'oci',
  'generic',
] as const
export type Ecosystem = (typeof ecosystems)[number]

const spoken: { readonly [name: string]: Ecosystem } = {
  go: 'golang',
  node: 'npm',
  yarn: 'npm',
  pnpm: 'npm',
  bun: 'npm',
  rust: 'cargo',
  crates: 'cargo',
  python: 'pypi',
  pip: 'pypi',
  poetry: 'pypi',
  uv: 'pypi',
  java: 'maven',
  gradle: 'maven',
  ruby: 'gem',
  rubygems: 'gem',
  bundler: 'gem',
  php: 'composer',
  packagist: 'composer',
  dotnet: 'nuget',
  elixir: 'hex',
  mix: 'hex',
  docker: 'oci',
  image: 'oci',
  container: 'oci',
}

/** The ecosystem a person means by a word; null when it is none we know. */
export function ecosystemNamed(word: string): Ecosystem | null {
  const name = word.toLowerCase()
  return ecosystems.find(each => each === name) ?? spoken[name] ?? null
}

/** What people call an ecosystem on the command line and the page. */
export const ecosystemWord = (ecosystem: Ecosystem): string =>
  ecosystem === 'golang' ? 'go' : ecosystem === 'oci' ? 'image' : ecosystem

/** The name two spellings of one package have in common: case and separators mean nothing to some registries. */
export function plainName(ecosystem: Ecosystem, name: string): string {
  if (ecosystem === 'pypi') return name.toLowerCase().replace(/[-_.]+/g, '-')
  if (ecosystem === 'nuget' || ecosystem === 'composer') return name.toLowerCase()
  return name
}
