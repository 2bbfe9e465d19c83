import type { Ecosystem } from './ecosystem.ts'

/** One library from the version a folder has to the one wanted. */
export type Move = { readonly name: string; readonly old: string; readonly version: string; readonly direct: boolean }

/** The file of a folder's set that tells which tool keeps it: the lock, else the manifest. */
const tools: readonly (readonly [file: RegExp, command: (move: Move) => string])[] = [
  [
    /(^|\/)pnpm-lock\.ya?ml$/,
    ({ name, version, direct }) =>
      direct ? `pnpm add ${name}@${version}` : `pnpm update ${name}@${version} --depth Infinity`,
  ],
  [/(^|\/)yarn\.lock$/, ({ name, version, direct }) => (direct ? `yarn add ${name}@${version}` : `yarn up -R ${name}`)],
  [/(^|\/)bun\.lock$/, ({ name, version }) => `bun add ${name}@${version}`],
  [
    /(^|\/)(package-lock|npm-shrinkwrap|package)\.json$/,
    ({ name, version, direct }) => (direct ? `npm install ${name}@${version}` : `npm update ${name}`),
  ],
  [
    /(^|\/)poetry\.lock$/,
    ({ name, version, direct }) => (direct ? `poetry add "${name}==${version}"` : `poetry update ${name}`),
  ],
  [/(^|\/)uv\.lock$/, ({ name, version }) => `uv lock --upgrade-package "${name}==${version}"`],
  [/(^|\/)pdm\.lock$/, ({ name }) => `pdm update ${name}`],
  [/(^|\/)Pipfile(\.lock)?$/, ({ name, version }) => `pipenv install "${name}==${version}"`],
  [/\.(txt|in)$/, ({ name, version }) => `pip-compile --upgrade-package "${name}==${version}"`],
  [/(^|\/)pom\.xml$/, ({ name, version }) => `mvn versions:use-dep-version -Dincludes=${name} -DdepVersion=${version}`],
  [/gradle/, ({ name }) => `./gradlew dependencies --update-locks ${name}`],
]

/** A base image stands in the Dockerfile alone. */
const dockerfile = ({ name, old, version }: Move): string => `sed -i 's|${name}:${old}|${name}:${version}|' Dockerfile`

const byEcosystem: { readonly [ecosystem in Ecosystem]?: (move: Move) => string } = {
  golang: ({ name, version }) => `go get ${name}@${version} && go mod tidy`,
  cargo: ({ name, old, version }) => `cargo update -p ${name}@${old} --precise ${version}`,
  gem: ({ name }) => `bundle update ${name}`,
  composer: ({ name, version, direct }) => (direct ? `composer require ${name}:${version}` : `composer update ${name}`),
  nuget: ({ name, version }) => `dotnet add package ${name} --version ${version}`,
  hex: ({ name }) => `mix deps.update ${name}`,
  oci: dockerfile,
  helm: () => 'helm dependency update',
}

/**
 * The command that moves a library in one folder. A lock holds hashes and choices that only its own tool can make, so
 * this is said and not done. Null where no tool is known, and for a name that a shell would read as more than a name: it
 * comes from a file that anybody may have written.
 */
export function updateCommand(ecosystem: Ecosystem, files: readonly string[], move: Move): string | null {
  if (![move.name, move.old, move.version].every(word => /^[\w@./:+~^-]+$/.test(word))) return null
  const tool = tools.find(([form]) => files.some(file => form.test(file)))
  return (tool?.[1] ?? byEcosystem[ecosystem])?.(move) ?? null
}
