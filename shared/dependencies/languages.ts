import type { Ecosystem } from './ecosystem.ts'

const endings: { readonly [ecosystem in Ecosystem]?: RegExp } = {
  golang: /\.go$/,
  npm: /\.([cm]?[jt]s|[jt]sx|vue|svelte)$/,
  cargo: /\.rs$/,
  pypi: /\.py$/,
  maven: /\.(java|kt|kts|scala|groovy|clj)$/,
  gem: /\.(rb|ru)$/,
  composer: /\.php$/,
  nuget: /\.(cs|fs|vb)$/,
  hex: /\.exs?$/,
}

/** The ecosystem whose packages a program file may use; null for what is no program. */
export function ecosystemOfProgram(path: string): Ecosystem | null {
  for (const [ecosystem, ending] of Object.entries(endings)) if (ending.test(path)) return ecosystem as Ecosystem
  return null
}
