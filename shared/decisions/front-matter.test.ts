import { expect, test } from 'vitest'
import { splitFrontMatter } from './front-matter.ts'

test('front matter is split off', () => {
  expect(splitFrontMatter('---\nstatus: accepted\n---\n# Title\n')).toEqual({
    frontMatter: 'status: accepted',
    body: '# Title\n',
  })
  expect(splitFrontMatter('# Title\n\n---\n\nx')).toEqual({ frontMatter: null, body: '# Title\n\n---\n\nx' })
})
