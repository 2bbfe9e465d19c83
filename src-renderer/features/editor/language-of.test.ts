import { expect, test } from 'vitest'
import { languageOf } from './language-of.ts'

test('a file has the language its name says', () => {
  const names = [
    'a/web.yaml',
    'B.YML',
    'x.json',
    'docs/README.md',
    'main.go',
    'Dockerfile',
    'api/Dockerfile.dev',
    'ci.sh',
  ]
  expect(names.map(languageOf)).toEqual(['yaml', 'yaml', 'json', 'markdown', 'go', 'dockerfile', 'dockerfile', 'shell'])
})

test('an unknown or missing extension is plain text', () => {
  expect(['LICENSE', 'a.b/c', 'x.graph', ''].map(languageOf)).toEqual([
    'plaintext',
    'plaintext',
    'plaintext',
    'plaintext',
  ])
})
