/** What a file of a repository is to someone looking for calls; null for what is none of these. */
export type FileRole = 'code' | 'config' | 'dockerfile'

const code =
  /\.(go|py|js|mjs|cjs|jsx|ts|mts|cts|tsx|vue|svelte|java|kt|kts|scala|groovy|clj|cs|fs|vb|rb|php|rs|ex|exs|erl|swift|dart|c|cc|cpp|h|hpp|lua|pl|sh|bash|ps1|cshtml|razor)$/i
const configuration =
  /(\.(properties|ya?ml|json|jsonc|toml|ini|cfg|conf|config|template|tmpl|hcl|xml|env)|(^|\/)(\.env(\.[\w-]+)?|Caddyfile|Procfile|haproxy\.cfg))$/i
const dockerfile = /(^|\/)((Dockerfile|Containerfile)(\.[\w.-]+)?|[\w.-]+\.(Dockerfile|dockerfile))$/

/** Neither the program nor what it is run with: tests, documentation, examples, what others wrote, what was built. */
const apart =
  /(^|\/)(\.[^/]+|tests?|__tests__|specs?|e2e|testdata|test-data|testing|fixtures?|mocks?|__mocks__|stubs?|examples?|samples?|docs?|documentation|vendor|vendored|node_modules|bower_components|third[-_]party|dist|build|target|out|obj|coverage|site-packages|venv|locales?|i18n|translations|stories|benchmarks?|k6|locust|api-?specs?|swagger|openapi)(\/|$)/i
const testFile =
  /((_test|_spec|\.test|\.spec|\.stories|\.e2e|\.cy)\.[\w]+|(^|\/)(test_[^/]*|conftest|setup)\.py|[a-z0-9](Tests?|TestCase|Spec|IT)\.(java|kt|cs|scala|groovy|php|swift)|(^|\/)tests?\.[\w]+)$/
const generated =
  /(\.pb\.(go|cc|h)|\.pb\.gw\.go|_pb2(_grpc)?\.pyi?|_pb\.(js|d\.ts)|_grpc_pb\.(js|d\.ts)|Grpc\.(java|cs)|OuterClass\.java|\.g\.(cs|dart)|\.min\.(js|css)|\.bundle\.js|_generated\.\w+|\.d\.ts|-lock\.json|\.lock|\.snap|\.map|\.designer\.cs)$/i
const noConfiguration =
  /(^|\/)(package(-lock)?\.json|composer\.json|tsconfig[\w.-]*\.json|jsconfig\.json|\.eslintrc[\w.]*|\.prettierrc[\w.]*|angular\.json|nx\.json|lerna\.json|renovate\.json|launchSettings\.json|pom\.xml|build\.xml|checkstyle[\w-]*\.xml|logback[\w-]*\.xml|log4j2?[\w-]*\.(xml|properties)|logging\.conf|messages[\w]*\.properties|gradle(-wrapper)?\.properties|pyproject\.toml|Cargo\.toml|glide\.ya?ml|skaffold\.ya?ml|cloudbuild\.ya?ml|(docker-)?compose[\w.-]*\.ya?ml|mkdocs\.ya?ml|\.travis\.yml|shippable\.yml|kustomization\.ya?ml|Chart\.ya?ml|values[\w.-]*\.ya?ml|[\w.-]*(openapi|swagger)[\w.-]*\.(ya?ml|json))$/i
/** What builds, tests and serves a page on a developer's machine. */
const workshop =
  /(^|\/)((vite|vitest|webpack|jest|cypress|playwright|karma|protractor|rollup|babel|craco|wdio|nightwatch|vue|tailwind|postcss|eslint|prettier)[\w.-]*\.(config|conf)[\w.]*\.\w+|(vue|webpack)\.config\.\w+|proxy\.conf[\w.]*\.\w+|[sS]etupProxy\.\w+|(dev|local|seed|test|populate|load-?data|smoke)[\w-]*\.(sh|bash|ps1|py|js))$/
/** Data, and what changes tables. */
const data = /(^|\/)(migrations?|seeds?|seeders?|db\/migrate)(\/|$)/i
/** Configuration for a developer's own machine, or to be copied. */
const elsewhere =
  /(^|\/)(application|appsettings|bootstrap|config|settings|\.env|env|nginx)[-_.](dev|development|local|localhost|test|testing|tests|ci|e2e|example|sample|dist|template|tpl|defaults?\.example)(\.[\w.]+)?$/i
/** Settings of a developer's machine that are programs: Rails, Phoenix, Django. */
const elsewhereInCode =
  /(^|\/)(config|conf|settings|environments?)\/(dev|development|test|tests|testing|local|ci)\.(exs?|rb|py|[cm]?[jt]s|php)$/i
const deployment =
  /(^|\/)(k8s|kubernetes|helm|charts?|deploy(ments?)?|manifests?|kustomize|overlays|terraform|infra(structure)?|iac|ansible)(\/|$)/i

/** Role of a file by its path below the source folder. */
export function roleOf(pathInSource: string): FileRole | null {
  const folder = pathInSource.slice(0, pathInSource.lastIndexOf('/') + 1)
  const file = pathInSource.slice(folder.length)
  // Below `src/main/java` folders are packages, which may be called anything.
  const own = folder.replace(/(^|\/)src\/main\/(java|kotlin|scala|groovy|resources)\/.*$/, '$1')
  if (apart.test(own.replace(/\/$/, '')) || generated.test(file) || testFile.test(pathInSource)) return null
  if (workshop.test(file) || data.test(own.replace(/\/$/, '')) || (/\.jsonc?$/.test(file) && /(^|\/)data\/$/.test(own)))
    return null
  if (dockerfile.test(file)) return /test|dev(el|elopment)?($|\.)|debug/i.test(file) ? null : 'dockerfile'
  if (code.test(file)) return elsewhereInCode.test(own + file) ? null : 'code'
  if (!configuration.test(file) || noConfiguration.test(file) || elsewhere.test(file)) return null
  return deployment.test(folder) ? null : 'config'
}

/** True for a file that may say something, wherever a source folder turns out to begin. */
export const maySay = (path: string): boolean =>
  !isApart(path) && roleOf(path.slice(path.lastIndexOf('/') + 1)) !== null

/** Folders no source is looked for in. */
export const isApart = (path: string): boolean =>
  /(^|\/)(node_modules|vendor|\.git|third[-_]party|bower_components|site-packages|testdata|__tests__|venv)(\/|$)/.test(
    path,
  )

export type Language = 'c' | 'hash' | 'shell'
/** How a language writes its comments and texts. */
export const languageOf = (path: string): Language =>
  /\.(sh|bash|ps1|pl)$/i.test(path) ? 'shell' : /\.(py|rb|ex|exs)$/i.test(path) ? 'hash' : 'c'
