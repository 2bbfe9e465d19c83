import { expect, test } from 'vitest'
import { compareUrl, withoutCredentials } from './remote-url.ts'

test.each([
  ['https://ada:s3cret@example.org/a/b.git', 'https://example.org/a/b.git'],
  ['https://token@example.org/a/b.git', 'https://example.org/a/b.git'],
  ['https://ada:p@ss@example.org/a', 'https://example.org/a'],
  ['https://ada:p/ss@example.org/a', 'https://example.org/a'],
  ['https://example.org:8443/a@b', 'https://example.org:8443/a@b'],
  ['ssh://git:pw@example.org:22/a/b.git', 'ssh://git@example.org:22/a/b.git'],
  ['git@example.org:a/b.git', 'git@example.org:a/b.git'],
  ['/srv/a@b.git', '/srv/a@b.git'],
])('%s without credentials', (url, expected) => expect(withoutCredentials(url)).toBe(expected))

test.each([
  ['git@github.com:acme/shop.git', 'https://github.com/acme/shop/compare/main...scale%2Fx'],
  ['https://ada:pw@github.com/acme/shop', 'https://github.com/acme/shop/compare/main...scale%2Fx'],
  [
    'ssh://git@gitlab.acme.io:2222/a/b/c.git',
    'https://gitlab.acme.io/a/b/c/-/merge_requests/new?merge_request%5Bsource_branch%5D=scale%2Fx',
  ],
  ['/srv/git/shop.git', null],
  ['C:\\git\\shop.git', null],
])('compare link of %s', (url, expected) => expect(compareUrl(url, 'main', 'scale/x')).toBe(expected))
