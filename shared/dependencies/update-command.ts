import type { Ecosystem } from './ecosystem.ts'

/** The file of a folder's set that tells which tool keeps it: the lock, else the manifest. */
const tools: readonly (readonly [file: RegExp, command: (name: string, version: string, direct: boolean) => string])[] =
  [
    [
      /(^|\/)pnpm-lock\.ya?ml$/,
      (name, version, direct) =>
        direct ? `pnpm add ${name}@${version}` : `pnpm update ${name}@${version} --depth Infinity`,
    ],
    [/(^|\/)yarn\.lock$/, (name, version, direct) => (direct ? `yarn add ${name}@${version}` : `yarn up -R ${name}`)],
    [/(^|\/)bun\.lock$/, (name, version) => `bun add ${name}@${version}`],
    [
      /(^|\/)(package-lock|npm-shrinkwrap|package)\.json$/,
      (name, version, direct) => (direct ? `npm install ${name}@${version}` : `npm update ${name}`),
    ],
    [
      /(^|\/)poetry\.lock$/,
      (name, version, direct) => (direct ? `poetry add "${name}==${version}"` : `poetry update ${name}`),
    ],
    [/(^|\/)uv\.lock$/, (name, version) => `uv lock --upgrade-package "${name}==${version}"`],
    [/(^|\/)pdm\.lock$/, name => `pdm update ${name}`],
    [/(^|\/)Pipfile(\.lock)?$/, (name, version) => `pipenv install "${name}==${version}"`],
    [/\.(txt|in)$/, (name, version) => `pip-compile --upgrade-package "${name}==${version}"`],
    [/(^|\/)pom\.xml$/, (name, version) => `mvn versions:use-dep-version -Dincludes=${name} -DdepVersion=${version}`],
    [/gradle/, name => `./gradlew dependencies --update-locks ${name}`],
  ]

const byEcosystem: { readonly [ecosystem in Ecosystem]?: (name: string, version: string, direct: boolean) => string } =
  {
    golang: (name, version) => `go get ${name}@${version} && go mod tidy`,
    cargo: (name, version) => `cargo update -p ${name} --precise ${version}`,
    gem: name => `bundle update ${name}`,
    composer: (name, version, direct) => (direct ? `composer require ${name}:${version}` : `composer update ${name}`),
    nuget: (name, version) => `dotnet add package ${name} --version ${version}`,
    hex: name => `mix deps.update ${name}`,
    helm: () => 'helm dependency update',
  }

/**
 * The command that moves a library in one folder. A lock holds hashes and choices that only its own tool can make, so
 * this is said and not done. Null where no tool is known.
 */
export function updateCommand(
  ecosystem: Ecosystem,
  files: readonly string[],
  name: string,
  version: string,
  direct: boolean,
): string | null {
  const tool = tools.find(([form]) => files.some(file => form.test(file)))
  return (tool?.[1] ?? byEcosystem[ecosystem])?.(name, version, direct) ?? null
}
