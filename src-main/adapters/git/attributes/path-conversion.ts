import { join } from 'node:path'
import type { Configuration } from '../config/configuration.ts'
import { parseBoolean } from '../config/parse-config.ts'
import { readText } from '../files/read-text.ts'
import { type RawPath, toText } from '../objects/tree.ts'
import type { GitEnvironment } from '../open/git-environment.ts'
import { type AttributeFile, attributesOf, parseAttributes } from './attributes.ts'
import { type LineEndings, lineEndings } from './line-endings.ts'

export type Conversion = {
  readonly endings: LineEndings
  /** Why the bytes of this path are not for us to convert; null when line endings are all there is. */
  readonly obstacle: { readonly kind: 'lfs' | 'filter' | 'ident' | 'encoding'; readonly name: string } | null
}

/**
 * Tells how paths are converted between repository and work tree. `read` gives the text of a `.gitattributes` file by
 * its path from the root: that of the work tree or of a commit.
 */
export class PathConversions {
  readonly #configuration: Configuration
  readonly #environment: GitEnvironment
  readonly #gitDirectory: string
  readonly #read: (path: RawPath) => string | null
  readonly #files = new Map<string, AttributeFile | null>()
  readonly #ignoreCase: boolean
  readonly #settings: Parameters<typeof lineEndings>[1]

  constructor(
    configuration: Configuration,
    environment: GitEnvironment,
    commonDirectory: string,
    read: (path: RawPath) => string | null,
  ) {
    this.#configuration = configuration
    this.#environment = environment
    this.#gitDirectory = commonDirectory
    this.#read = read
    this.#ignoreCase = configuration.boolean('core.ignorecase', false)
    const autocrlf = configuration.get('core.autocrlf')
    const eol = configuration.get('core.eol')?.toLowerCase()
    this.#settings = {
      autocrlf:
        autocrlf?.toLowerCase() === 'input' ? 'input' : autocrlf !== null && parseBoolean(autocrlf) ? 'true' : 'false',
      eol: eol === 'lf' || eol === 'crlf' ? eol : null,
    }
  }

  of(path: RawPath): Conversion {
    const attributes = attributesOf(toText(path), this.#filesFor(path))
    const filter = attributes.get('filter')
    const encoding = attributes.get('working-tree-encoding')
    return {
      endings: lineEndings(attributes, this.#settings),
      obstacle:
        filter === 'lfs'
          ? { kind: 'lfs', name: filter }
          : typeof filter === 'string' && this.#isConfigured(filter)
            ? { kind: 'filter', name: filter }
            : typeof encoding === 'string' && !/^utf-?8$/i.test(encoding)
              ? { kind: 'encoding', name: encoding }
              : attributes.get('ident') === true
                ? { kind: 'ident', name: 'ident' }
                : null,
    }
  }

  /** Git passes over a filter nobody configured. */
  #isConfigured(filter: string): boolean {
    return ['clean', 'smudge', 'process', 'required'].some(
      name => this.#configuration.get(`filter.${filter}.${name}`) !== null,
    )
  }

  #filesFor(path: RawPath): readonly AttributeFile[] {
    const parts = path.split('/').slice(0, -1)
    const folders = ['', ...parts.map((_, length) => parts.slice(0, length + 1).join('/'))]
    const personal = this.#configuration.path('core.attributesfile') ?? this.#environment.attributesFile
    return [
      ...this.#environment.systemAttributesFiles.map(file => this.#load(file, '', () => readText(file))),
      this.#load(personal, '', () => readText(personal)),
      ...folders.map(folder => {
        const file = folder === '' ? '.gitattributes' : `${folder}/.gitattributes`
        return this.#load(`:${file}`, folder, () => this.#read(file))
      }),
      this.#load('info', '', () => readText(join(this.#gitDirectory, 'info', 'attributes'))),
    ].filter(file => file !== null)
  }

  #load(key: string, folder: RawPath, read: () => string | null): AttributeFile | null {
    const known = this.#files.get(key)
    if (known !== undefined) return known
    const text = read()
    const file = text === null ? null : parseAttributes(text, toText(folder), this.#ignoreCase)
    this.#files.set(key, file)
    return file
  }
}
