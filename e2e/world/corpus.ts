import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'

/** Where other people's repositories lie, when they are here. */
export const corpus = process.env['PILOTHOUSE_CORPUS'] ?? resolve(import.meta.dirname, '../../../shared/corpus')

export const onlineBoutique = join(corpus, 'dev/online-boutique/repo')
export const hasCorpus = existsSync(onlineBoutique)
