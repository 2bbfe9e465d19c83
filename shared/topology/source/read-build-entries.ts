import { parseYaml } from '../../yaml/parse-yaml.ts'
import { isYamlList, isYamlMap, type YamlValue } from '../../yaml/yaml-value.ts'

/** "This image is built from that folder", as a file that builds it says. */
export type BuildEntry = {
  /** Image without tag, as written; or only the name of a module. */
  readonly image: string
  /** Folder from the root of the tree. */
  readonly folder: string
  readonly file: string
  /** Not the image is named, but the module that is in the folder. */
  readonly module?: true
  /** 1-based. */
  readonly line: number
}

/** True for files whose text {@link readBuildEntries} wants. */
export const isBuildFile = (path: string): boolean =>
  /(^|\/)(skaffold[\w.-]*\.ya?ml|(docker-)?compose[\w.-]*\.ya?ml|cloudbuild[\w.-]*\.ya?ml|\.gitlab-ci\.yml|\.travis\.yml|azure-pipelines[\w.-]*\.yml|docker-bake[\w.-]*\.(hcl|json)|Makefile|Jenkinsfile|Tiltfile|Earthfile|go\.mod|package\.json|pom\.xml|(settings|build)\.gradle(\.kts)?|project\.toml|BUILD(\.bazel)?)$/.test(
    path,
  ) ||
  /(^|\/)\.(github|gitea|forgejo)\/workflows\/[^/]+\.ya?ml$/.test(path) ||
  /(^|\/)(build|release|push|docker|make|ci)[\w.-]*\.(sh|bash)$/i.test(path)

const isModule = /^(go\.mod|package\.json|pom\.xml|settings\.gradle(\.kts)?)$/

/** Every image a build file names with the folder it comes from. */
export function readBuildEntries(file: string, text: string): BuildEntry[] {
  const name = file.slice(file.lastIndexOf('/') + 1)
  const here = file.includes('/') ? file.slice(0, file.lastIndexOf('/')) : ''
  const entries: BuildEntry[] = []
  const add = (image: string | undefined, folder: string, needle: string) => {
    const at = joined(folder.startsWith('/') ? '' : rootOf(here), folder)
    const plain = image && imageWithoutTag(image)
    if (at === null || !plain) return
    const line = lineOf(text, needle)
    entries.push({ image: plain, folder: at, file, line, ...(isModule.test(name) && { module: true }) })
  }
  if (name === 'go.mod') add(/^module\s+(\S+)/m.exec(text)?.[1], '.', 'module ')
  else if (name === 'package.json') add(/"name"\s*:\s*"([^"]+)"/.exec(text)?.[1], '.', '"name"')
  else if (name === 'pom.xml') {
    const own = text.replace(/<(parent|dependencies|dependencyManagement|build|profiles)>[\s\S]*?<\/\1>/g, '')
    add(/<artifactId>\s*([\w.-]+)\s*<\/artifactId>/.exec(own)?.[1], '.', '<artifactId>')
    add(/<(?:image|to)>\s*(?:<image>)?\s*([\w./:${}-]+)\s*<\//.exec(text)?.[1], '.', '<image>')
  } else if (/^settings\.gradle/.test(name))
    add(/rootProject\.name\s*=\s*["']([^"']+)["']/.exec(text)?.[1], '.', 'rootProject')
  else if (/^build\.gradle/.test(name)) {
    // Jib, Spring Boot's bootBuildImage and the Docker plugins say the image in the module that makes it.
    for (const match of text.matchAll(/\b(?:image|imageName|to\.image)\s*(?:=|\.set\()?\s*["']([\w./:${}-]+)["']/g))
      add(match[1], '.', match[0])
  } else if (/^BUILD/.test(name)) {
    for (const match of text.matchAll(/\b(?:repository|image_name|repo_tags|remote_repository)\s*=\s*\[?\s*"([^"]+)"/g))
      add(match[1], '.', match[0])
  } else if (name === 'Tiltfile') {
    for (const match of text.matchAll(
      /\b(?:docker_build|docker_build_with_restart|custom_build|pack|ko_build|nerdctl_build|podman_build)\(\s*["']([^"']+)["']\s*,\s*(?:context\s*=\s*)?["']([^"']+)["']([^)]*)/g,
    ))
      add(match[1], folderOfDockerfile(match[2]!, /dockerfile\s*=\s*["']([^"']+)["']/.exec(match[3]!)?.[1]), match[0])
  } else if (/\.ya?ml$/.test(name)) {
    for (const { yaml } of parseYaml(text)) walk(yaml.value, value => fromYaml(value, add))
    fromCommands(text, add)
  } else if (/\.hcl$/.test(name)) fromBlocks(text, add)
  else fromCommands(text, add)
  return entries

  /** Pipelines run at the root of their repository. */
  function rootOf(folder: string): string {
    const pipeline = /^(.*?)\/?\.(github|gitea|forgejo)(\/|$)/.exec(folder)
    return pipeline ? pipeline[1]! : folder
  }
}

type Add = (image: string | undefined, folder: string, needle: string) => void

const textOf = (value: YamlValue | undefined): string | undefined => (typeof value === 'string' ? value : undefined)

function fromYaml(value: YamlValue, add: Add): void {
  if (!isYamlMap(value)) return
  const services = value['services']
  if (isYamlMap(services))
    for (const [name, service] of Object.entries(services)) {
      if (!isYamlMap(service)) continue
      const { build } = service
      const context = textOf(build) ?? (isYamlMap(build) ? (textOf(build['context']) ?? '.') : undefined)
      if (context === undefined) continue
      const dockerfile = isYamlMap(build) ? textOf(build['dockerfile']) : undefined
      const folder = folderOfDockerfile(context, dockerfile)
      add(name, folder, `${name}:`)
      add(textOf(service['image']), folder, `${name}:`)
    }
  // Parameters of a Tekton task, each with a name: `CONTEXT`, `IMAGE`, `DOCKERFILE`.
  const params = isYamlList(value['params']) ? value['params'].filter(isYamlMap) : []
  const param = (wanted: RegExp) => textOf(params.find(item => wanted.test(String(item['name'])))?.['value'])
  const built = param(/^(image|output-?image|app_?image)$/i)
  if (built !== undefined) {
    const folder = param(/^(context|path_?context|sub_?directory|source_?sub_?path)$/i)
    if (folder !== undefined) add(built, folderOfDockerfile(folder, param(/^docker_?file$/i)), built)
  }
  const context = textOf(value['context']) ?? textOf(value['dir'])
  const image = textOf(value['image'])
  const docker = value['docker']
  // Skaffold's artifact, and with `tags` the build action's step.
  if (
    image !== undefined &&
    (context !== undefined || docker !== undefined || value['jib'] || value['ko'] || value['buildpacks'])
  )
    add(image, folderOfDockerfile(context ?? '.', isYamlMap(docker) ? textOf(docker['dockerfile']) : undefined), image)
  const tags = textOf(value['tags']) ?? (isYamlList(value['tags']) ? value['tags'].map(String).join('\n') : undefined)
  if (context !== undefined && tags !== undefined)
    for (const tag of tags.split(/[\n,\s]+/)) add(tag, folderOfDockerfile(context, textOf(value['file'])), tag)
}

/** The Dockerfile's own folder says more than a context that is the whole repository. */
function folderOfDockerfile(context: string, dockerfile: string | undefined): string {
  const folder = dockerfile?.includes('/') ? dockerfile.slice(0, dockerfile.lastIndexOf('/')) : undefined
  if (folder === undefined) return context
  const plain = context.replace(/^\.\/?/, '').replace(/\/$/, '')
  return plain === '' || folder.startsWith(`${plain}/`) ? folder : `${plain}/${folder}`
}

function walk(value: YamlValue, visit: (value: YamlValue) => void): void {
  visit(value)
  if (isYamlList(value)) for (const item of value) walk(item, visit)
  else if (isYamlMap(value)) for (const item of Object.values(value)) walk(item, visit)
}

const takesValue =
  /^--?(build-arg|platform|target|network|label|cache-from|cache-to|output|o|progress|secret|ssh|build-context)$/

/** `docker build … -t IMAGE … FOLDER`, over continued lines. */
function fromCommands(text: string, add: Add): void {
  const plain = text.replace(/\\\r?\n/g, ' ')
  for (const match of plain.matchAll(
    /\b(?:docker|podman|buildah|nerdctl)\s+(?:buildx\s+)?(?:build|bud)\s+([^\n;&|]+)/g,
  )) {
    const words = match[1]!
      .trim()
      .split(/\s+/)
      .map(word => word.replace(/^["']|["']$/g, ''))
    const tags: string[] = []
    let file: string | undefined
    let folder = '.'
    const rest = words.values()
    for (const word of rest) {
      const [flag = word, given] = /^(--?[a-z-]+)=(.*)$/.exec(word)?.slice(1) ?? []
      const value = () => given ?? rest.next().value ?? ''
      if (flag === '-t' || flag === '--tag') tags.push(value())
      else if (flag === '-f' || flag === '--file') file = value()
      else if (takesValue.test(flag)) value()
      else if (!flag.startsWith('-')) folder = word
    }
    for (const tag of tags) add(tag, folderOfDockerfile(folder, file), tag)
  }
  // `pack build IMAGE --path FOLDER`; Kaniko's `--context … --destination IMAGE`.
  for (const match of plain.matchAll(/\bpack\s+build\s+([^\s;|&]+)([^\n;|&]*)/g))
    add(match[1], /--path[= ]([^\s]+)/.exec(match[2]!)?.[1] ?? '.', match[0])
  for (const match of plain.matchAll(/--context[= ](?:dir:\/\/)?([^\s"',\]]+)[^\n]*?--destination[= ]([^\s"',\]]+)/g))
    add(match[2], match[1]!.replace(/^\/?workspace\/(source\/)?|^\$\{?\w+\}?\/?/, '') || '.', match[2]!)
  for (const match of plain.matchAll(/\bko\s+(?:build|publish|apply)\s+(?:-\S+\s+)*(\.\/[\w./-]+)/g))
    add(match[1]!.split('/').pop(), match[1]!, match[1]!)
}

/** Blocks of docker-bake: `context` with `tags`, or a name and the folder beside it. */
function fromBlocks(text: string, add: Add): void {
  for (const match of text.matchAll(/\{([^{}]*(?:\{[^{}]*\}[^{}]*)*)\}/g)) {
    const block = match[1]!
    const context = /\b(?:context|source|path)\s*=\s*"([^"$]+)"/.exec(block)?.[1]
    if (context === undefined) continue
    const names = [
      /\bname\s*=\s*"([^"]+)"/.exec(block)?.[1],
      ...[...(/\btags\s*=\s*\[([^\]]*)\]/.exec(block)?.[1]?.matchAll(/"([^"]+)"/g) ?? [])].map(tag => tag[1]),
    ]
    for (const name of names) add(name, context, name ?? '')
  }
}

/** Tag, digest and what is filled in later taken off: `${HUB}/cart:${TAG}` → `cart`. */
function imageWithoutTag(image: string): string | undefined {
  const plain = image.replace(/["']/g, '').split('@')[0]!
  const segments = plain.split('/')
  const last = segments.at(-1)!.split(':')[0]!
  if (last === '' || /[$({]/.test(last)) return undefined
  return [...segments.slice(0, -1).filter(segment => !/[$({]/.test(segment)), last].join('/')
}

function joined(base: string, path: string): string | null {
  if (/[$*]|^[a-z]+:\/\//.test(path)) return null
  const parts: string[] = base === '' ? [] : base.split('/')
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue
    if (part === '..') {
      if (parts.length === 0) return null
      parts.pop()
    } else parts.push(part)
  }
  return parts.join('/')
}

function lineOf(text: string, needle: string): number {
  const at = needle === '' ? -1 : text.indexOf(needle)
  return at < 0 ? 1 : text.slice(0, at).split('\n').length
}
