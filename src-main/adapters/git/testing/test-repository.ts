import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { readGitEnvironment } from '../open/git-environment.ts'
import { openRepositoryWith } from '../open-repository.ts'

/** A folder for one test file, with a git of its own: no configuration of the machine, one identity, fixed dates. */
export class TestGround {
  readonly root = mkdtempSync(join(tmpdir(), 'pilothouse-git-'))
  readonly home = join(this.root, 'home')
  readonly variables: { [name: string]: string | undefined }

  constructor() {
    mkdirSync(this.home)
    writeFileSync(
      join(this.home, '.gitconfig'),
      '[user]\n\tname = Test Person\n\temail = test@example.com\n[init]\n\tdefaultBranch = main\n[protocol "file"]\n\tallow = always\n[gc]\n\tauto = 0\n[advice]\n\tdetachedHead = false\n',
    )
    this.variables = {
      ...process.env,
      HOME: this.home,
      XDG_CONFIG_HOME: join(this.home, '.config'),
      GIT_CONFIG_NOSYSTEM: '1',
      // The one of its home counts.
      GIT_CONFIG_GLOBAL: undefined,
    }
  }

  /** Runs system git; throws with what it said when it fails. */
  git(directory: string, ...args: string[]): string {
    return execFileSync('git', args, {
      cwd: directory,
      encoding: 'utf8',
      maxBuffer: 1e9,
      env: this.variables,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
  }

  open = (directory: string, variables: { [name: string]: string | undefined } = {}) =>
    openRepositoryWith({ environment: readGitEnvironment({ ...this.variables, ...variables }) })(directory)

  /** A repository with one commit of some files. */
  repository(
    name: string,
    files: { readonly [path: string]: string } = {
      'README.md': '# test\n',
      'apps/web/deploy.yaml': 'replicas: 1\n',
      'apps/db/deploy.yaml': 'replicas: 1\n',
    },
  ): string {
    const directory = join(this.root, name)
    mkdirSync(directory, { recursive: true })
    this.git(directory, 'init', '-q')
    this.write(directory, files)
    this.git(directory, 'add', '.')
    this.git(directory, 'commit', '-qm', 'first')
    return directory
  }

  write(directory: string, files: { readonly [path: string]: string }): void {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(directory, path)), { recursive: true })
      writeFileSync(join(directory, path), content)
    }
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true })
  }
}

/** One hash over names, modes and contents of everything below a folder, to see that nothing was touched. */
export function fingerprint(folder: string): string {
  const hash = createHash('sha256')
  const visit = (path: string, name: string): void => {
    const stat = lstatSync(path)
    hash.update(`${name}\0${stat.mode}\0`)
    if (stat.isDirectory()) for (const child of readdirSync(path).sort()) visit(join(path, child), `${name}/${child}`)
    else hash.update(stat.isSymbolicLink() ? readlinkSync(path) : readFileSync(path))
  }
  visit(folder, '')
  return hash.digest('hex')
}

export const bytes = (text: string): Uint8Array => Buffer.from(text)
