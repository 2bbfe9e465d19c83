import { expect, test } from 'vitest'
import { cloneFolderName } from './clone-folder-name.ts'

test.each([
  ['https://github.com/acme/shop-deploy.git', 'shop-deploy'],
  ['https://github.com/acme/shop-deploy/', 'shop-deploy'],
  ['git@github.com:acme/shop.git', 'shop'],
  ['git@host:shop.git', 'shop'],
  ['ssh://git@example.org:2222/~ada/deploy', 'deploy'],
  ['/srv/git/shop/.git', 'shop'],
  ['C:\\git\\shop.git', 'shop'],
  ['https://', ''],
  ['shop', ''],
  ['', ''],
])('%s is cloned into %s', (url, name) => expect(cloneFolderName(url)).toBe(name))
