import { expect, test } from 'vitest'
import { imageReference } from './image-reference.ts'

test.each([
  ['redis', { repository: 'redis', name: 'redis', tag: null, digest: null }],
  ['localhost:5000/a/b', { repository: 'localhost:5000/a/b', name: 'b', tag: null, digest: null }],
  ['ghcr.io/a/b:1.2@sha256:9f', { repository: 'ghcr.io/a/b', name: 'b', tag: '1.2', digest: 'sha256:9f' }],
  ['a/b@sha256:9f', { repository: 'a/b', name: 'b', tag: null, digest: 'sha256:9f' }],
  ['', { repository: '', name: '', tag: null, digest: null }],
])('%s', (image, expected) => expect(imageReference(image)).toEqual(expected))
